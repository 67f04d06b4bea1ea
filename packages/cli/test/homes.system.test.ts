import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resolveHomes } from "../src/homes.ts";
import { makeHomeFolder, requireOwnFolders } from "../src/owner/home-folder.ts";
import { createInstallation, type Installation } from "./support/installation.ts";

let writ: Installation;
let folder = "";
beforeEach(() => {
  writ = createInstallation();
  folder = mkdtempSync(join(tmpdir(), "writ-homes-"));
  writeFileSync(join(folder, "file"), "");
});
afterEach(async () => {
  await writ.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** Where nothing can be made: `/proc` answers ENOENT to every try. */
const UNUSABLE = ["/proc/writ", "/proc/self/writ/deeper", "/dev/null/writ"];

describe("a home in which nothing can be made is a typed error at once", () => {
  test.each(UNUSABLE)("%s", async (home) => {
    expect(() => makeHomeFolder(home)).toThrow(expect.objectContaining({ code: "OUTPUT_FAILED" }));
    const environments = [
      { ...writ.environment, WRIT_HOME: home },
      { ...writ.environment, WRIT_KEY_HOME: home },
    ];
    for (const environment of environments) {
      const done = await writ.run(["status", "--json"], { environment, timeoutMs: 30_000 });
      expect(done.code).toBe(1);
      expect(JSON.parse(done.stdout)).toMatchObject({ error: "OUTPUT_FAILED" });
    }
  });

  test("a file in its place, or above it", () => {
    for (const home of [join(folder, "file"), join(folder, "file", "deeper")])
      expect(() => makeHomeFolder(home)).toThrow(expect.objectContaining({ code: "OUTPUT_FAILED" }));
  });
});

test("a claim to start the owner that is gone when it is looked at keeps nobody from starting it", async () => {
  const run = join(writ.folder, "data", "run");
  mkdirSync(run, { recursive: true, mode: 0o700 });
  chmodSync(join(writ.folder, "data"), 0o700);
  // A link to nowhere: a name that is taken, with nothing under it, as a claim that is given up in between.
  symlinkSync(join(folder, "nothing"), join(run, "starting"));
  expect((await writ.run(["status"])).code).toBe(0);
});

describe("without a home folder", () => {
  test.each(["", "here"])("HOME=%j is refused unless both homes are named, and nothing is made", async (HOME) => {
    const unnamed = { HOME, WRIT_HOME: undefined, WRIT_KEY_HOME: undefined };
    for (const environment of [unnamed, { ...unnamed, WRIT_HOME: join(folder, "data") }]) {
      const done = await writ.run(["status", "--json"], { environment });
      expect([done.code, JSON.parse(done.stdout)]).toMatchObject([2, { error: "USAGE" }]);
    }
    expect(readdirSync(writ.workspace)).toEqual(["out"]);
    expect((await writ.run(["status"], { environment: { HOME } })).code).toBe(0);
  });
});

describe("the owner's socket", () => {
  const long = join("/srv", "x".repeat(120));

  test.each([
    ["the home", "/srv/writ", {}],
    ["the runtime folder, where the home's name is long", long, { XDG_RUNTIME_DIR: "/run/user/7" }],
    ["the system's temporary folder, where both are", long, { XDG_RUNTIME_DIR: long }],
  ])("lies in %s, by a name that fits an address", (_, data, environment) => {
    const { socket } = resolveHomes({ WRIT_KEY_HOME: "/srv/keys", ...environment }, data);
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(100);
    const other = resolveHomes({ WRIT_KEY_HOME: "/srv/keys", ...environment }, `${data}2`);
    expect(other.socket).not.toBe(socket);
  });
});

describe("the name of a home", () => {
  test.each(["", "/tmp/a\nb", "/tmp/a\0b", "/tmp/\u001b[2J"])("%j is refused", (name) => {
    const refused = expect.objectContaining({ code: "USAGE" }) as Error;
    expect(() => resolveHomes({ WRIT_HOME: name })).toThrow(refused);
    expect(() => resolveHomes({ WRIT_KEY_HOME: name })).toThrow(refused);
    expect(() => resolveHomes({}, name)).toThrow(refused);
  });

  test("given on the command line it is taken, whatever the environment says", () => {
    expect(resolveHomes({ WRIT_HOME: "" }, "/srv/writ").data).toBe("/srv/writ");
  });
});

describe("the folders of a socket outside the data home", () => {
  const homes = () => ({ data: folder, keys: "", policies: "", socket: join(folder, "user", "writ-1", "owner.sock") });
  const refused = expect.objectContaining({ code: "HOME_UNSAFE" });

  test("are Writ's alone, or are not there yet", () => {
    expect(() => requireOwnFolders(homes())).not.toThrow();
    mkdirSync(join(folder, "user", "writ-1"), { recursive: true, mode: 0o700 });
    expect(() => requireOwnFolders(homes())).not.toThrow();
  });

  test.each(["user", "user/writ-1"])("are refused where others can write %s, for they could listen there", (path) => {
    mkdirSync(join(folder, "user", "writ-1"), { recursive: true, mode: 0o700 });
    chmodSync(join(folder, path), 0o777);
    expect(() => requireOwnFolders(homes())).toThrow(refused);
  });

  test("may lie where all may write and none may exchange another's, as in the folder for temporary files", () => {
    mkdirSync(join(folder, "user", "writ-1"), { recursive: true, mode: 0o700 });
    chmodSync(join(folder, "user"), 0o1777);
    expect(() => requireOwnFolders(homes())).not.toThrow();
  });

  test("are refused where one is a link, which could lead elsewhere later", () => {
    mkdirSync(join(folder, "real", "writ-1"), { recursive: true, mode: 0o700 });
    symlinkSync(join(folder, "real"), join(folder, "user"));
    expect(() => requireOwnFolders(homes())).toThrow(refused);
  });
});
