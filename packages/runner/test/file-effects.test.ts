import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  renameSync,
  unlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { measureFiles, outermostPaths } from "../src/file-effects.ts";
import { takeSnapshot } from "../src/file-snapshot.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "writ-effects-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function effectsOf(act: () => void): Promise<readonly string[]> {
  const before = await takeSnapshot([root]);
  act();
  const { files } = await measureFiles(before, await takeSnapshot([root]));
  return files.map(({ change, path }) => `${change} ${path.slice(root.length + 1)}`);
}

describe("measured files", () => {
  test("nothing done is nothing measured", async () => {
    writeFileSync(join(root, "a"), "1");
    expect(await effectsOf(() => undefined)).toEqual([]);
  });

  test("created, changed, deleted, in order of path", async () => {
    writeFileSync(join(root, "b"), "1");
    writeFileSync(join(root, "c"), "1");
    expect(
      await effectsOf(() => {
        writeFileSync(join(root, "d"), "1");
        writeFileSync(join(root, "c"), "22");
        unlinkSync(join(root, "b"));
        mkdirSync(join(root, "a"));
      }),
    ).toEqual(["created a", "deleted b", "changed c", "created d"]);
  });

  test.each<[string, () => void, readonly string[]]>([
    [
      "the same size and the old time put back",
      () => {
        writeFileSync(join(root, "f"), "B");
        utimesSync(join(root, "f"), 1000, 1000);
      },
      ["changed f"],
    ],
    ["a change of mode alone", () => chmodSync(join(root, "f"), 0o777), ["changed f"]],
    ["a rename", () => renameSync(join(root, "f"), join(root, "g")), ["deleted f", "created g"]],
    [
      "a file replaced by a link",
      () => {
        unlinkSync(join(root, "f"));
        symlinkSync("/etc/passwd", join(root, "f"));
      },
      ["changed f"],
    ],
    ["a file in a folder, not the folder", () => writeFileSync(join(root, "sub", "x"), ""), ["created sub/x"]],
    [
      "a file whose name is no UTF-8",
      () => writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]), ""),
      ["created \ufffd"],
    ],
  ])("tells %s", async (_, act, expected) => {
    mkdirSync(join(root, "sub"));
    writeFileSync(join(root, "f"), "A");
    utimesSync(join(root, "f"), 1000, 1000);
    expect(await effectsOf(act)).toEqual(expected);
  });

  test("a file with holes that claims to hold a terabyte is listed and not read", async () => {
    const before = await takeSnapshot([root]);
    writeFileSync(join(root, "a"), "");
    truncateSync(join(root, "a"), 2 ** 40);
    writeFileSync(join(root, "b"), "1");
    const measured = await measureFiles(before, await takeSnapshot([root]));
    expect(measured.files.map(({ sha256, bytes }) => [sha256 === null, bytes])).toEqual([
      [true, null],
      [false, 1],
    ]);
    expect(measured.undigested).toEqual([join(root, "a")]);
  });

  test("digests what is there now, and follows no link", async () => {
    const before = await takeSnapshot([root]);
    writeFileSync(join(root, "a"), "content");
    symlinkSync("/etc/hostname", join(root, "b"));
    const { files } = await measureFiles(before, await takeSnapshot([root]));
    const sha256 = createHash("sha256").update("content").digest("hex");
    expect(files).toEqual([
      { path: join(root, "a"), change: "created", sha256, bytes: 7 },
      { path: join(root, "b"), change: "created", sha256: null, bytes: null },
    ]);
  });

  test("lists at most 96 and says when there is more", async () => {
    const before = await takeSnapshot([root]);
    for (let number = 0; number < 97; number++) writeFileSync(join(root, `f${String(number).padStart(3, "0")}`), "");
    const measured = await measureFiles(before, await takeSnapshot([root]));
    expect(measured.files).toHaveLength(96);
    expect(measured.truncated).toBe(true);
  });

  test("a root that does not exist yet counts as empty", async () => {
    const before = await takeSnapshot([join(root, "later")]);
    mkdirSync(join(root, "later"));
    const { files } = await measureFiles(before, await takeSnapshot([join(root, "later")]));
    expect(files.map(({ path }) => path)).toEqual([join(root, "later")]);
  });

  const folder = { kind: "folder", mark: "1", bytes: 0 } as const;
  const file = { kind: "file", mark: "2", bytes: 0 } as const;

  test.each<[string, readonly string[], readonly string[], readonly string[], readonly string[]]>([
    ["closed during the run", ["/w", "/w/s", "/w/s/f"], [], ["/w", "/w/s"], ["/w/s"]],
    ["opened during the run", ["/w", "/w/s"], ["/w/s"], ["/w", "/w/s", "/w/s/f"], []],
    ["that could not even be looked at", ["/w", "/w/s", "/w/s/f"], [], ["/w"], ["/w/s"]],
  ])("a folder %s is unmeasured, and nothing in it created or deleted", async (_, then, closed, now, closedNow) => {
    const snapshot = (keys: readonly string[], unmeasured: readonly string[]) => ({
      files: new Map(keys.map((key) => [key, key.endsWith("f") ? file : folder])),
      unmeasured: new Set(unmeasured),
    });
    const measured = await measureFiles(snapshot(then, closed), snapshot(now, closedNow));
    expect(measured).toEqual({ files: [], truncated: true, unmeasured: ["/w/s"], undigested: [], planted: [] });
  });

  test("what disappears beside an unmeasured folder is still told", async () => {
    const before = {
      files: new Map<string, typeof folder | typeof file>([
        ["/w/s", folder],
        ["/w/sf", file],
      ]),
      unmeasured: new Set(["/w/s"]),
    };
    const { files } = await measureFiles(before, { files: new Map([["/w/s", folder]]), unmeasured: new Set(["/w/s"]) });
    expect(files.map(({ change, path }) => `${change} ${path}`)).toEqual(["deleted /w/sf"]);
  });

  test("a folder within another is looked at once", () => {
    expect(outermostPaths(["/a", "/a/b", "/ab"])).toEqual(["/a", "/ab"]);
  });
});
