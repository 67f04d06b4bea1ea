import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  addSuccessorKey,
  type FileSignerOptions,
  openFileSigner,
  openNote,
  parseKeyAdded,
  parseKeyRetired,
  parseVkey,
  readSignerState,
  retireKey,
} from "@writ/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { codeOf, codeOfPromise } from "./signer-refusal.ts";

const ORIGIN = "writ.example/log";
let folder = "";
let options: FileSignerOptions = { keyHome: "", origin: ORIGIN };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-signer-"));
  options = { keyHome: join(folder, "keys"), dataHome: join(folder, "data"), origin: ORIGIN, create: true };
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the memory in a file", () => {
  test("outlives its signer", async () => {
    const first = await openFileSigner(options);
    first.sign(head(10));
    await first.close();
    const second = await openFileSigner({ ...options, create: false });
    expect(second.state()).toEqual(head(10));
    expect(codeOf(() => second.sign(head(9)))).toBe("SIGNER_REFUSED");
    expect(codeOf(() => second.sign(head(10, 1)))).toBe("SIGNER_REFUSED");
    expect(codeOf(() => second.sign(head(10)))).toBe("accepted");
    await second.close();
    expect(await readSignerState(options)).toEqual(head(10));
  });

  test("is one for two signers on one file", async () => {
    const [a, b] = [await openFileSigner(options), await openFileSigner(options)];
    a.sign(head(10));
    expect(b.state()).toEqual(head(10));
    expect(codeOf(() => b.sign(head(10, 1)))).toBe("SIGNER_REFUSED");
    b.sign(head(12));
    expect(codeOf(() => a.sign(head(11)))).toBe("SIGNER_REFUSED");
    await a.close();
    expect(codeOf(() => a.sign(head(20)))).toBe("SIGNER_MEMORY");
    b.sign(head(13));
    await b.flush();
    await b.close();
    await b.close();
  });

  test("is on disk once it was flushed", async () => {
    const signer = await openFileSigner(options);
    signer.sign(head(3));
    await signer.flush();
    expect(readFileSync(fileOf(".memory"), "latin1")).toContain("writ.signer-memory.v1 1 3 ");
    await signer.close();
  });

  test.each([0, 1])("keeps the head before when writing slot %i was torn", async (slot) => {
    const signer = await openFileSigner(options);
    for (let size = 1; size <= 2 + slot; size++) signer.sign(head(size));
    await signer.close();
    const path = fileOf(".memory");
    const bytes = readFileSync(path);
    const newest = (2 + slot) % 2;
    bytes.fill(0, newest * 512 + 40, newest * 512 + 512);
    writeFileSync(path, bytes);
    expect(await readSignerState(options)).toEqual(head(1 + slot));
  });

  test.each([
    ["empty", () => truncateSync(fileOf(".memory"), 0)],
    ["cut", () => truncateSync(fileOf(".memory"), 100)],
    ["gone", () => unlinkSync(fileOf(".memory"))],
    ["garbage", () => writeFileSync(fileOf(".memory"), "x".repeat(1_024))],
    [
      "edited",
      () => writeFileSync(fileOf(".memory"), readFileSync(fileOf(".memory"), "latin1").replaceAll(" 4 ", " 1 ")),
    ],
  ])("signs nothing when it is %s", async (_name, damage) => {
    const signer = await openFileSigner(options);
    signer.sign(head(4));
    signer.sign(head(4));
    await signer.close();
    damage();
    expect(await codeOfPromise(openFileSigner(options))).toBe("SIGNER_MEMORY");
  });

  test("signs nothing when the file was replaced under it", async () => {
    const signer = await openFileSigner(options);
    const path = fileOf(".memory");
    copyFileSync(path, `${path}.old`);
    renameSync(`${path}.old`, path);
    expect(codeOf(() => signer.sign(head(1)))).toBe("SIGNER_MEMORY");
    await signer.close();
  });

  test("without its key says that the key is lost, and makes no new one", async () => {
    const signer = await openFileSigner(options);
    signer.sign(head(4));
    await signer.close();
    unlinkSync(fileOf(".key"));
    expect(await codeOfPromise(openFileSigner(options))).toBe("KEY_MISSING");
  });

  test("of a key never made is used when the key is", async () => {
    await (await openFileSigner(options)).close();
    unlinkSync(fileOf(".key"));
    const signer = await openFileSigner(options);
    expect(signer.state()).toBeUndefined();
    await signer.close();
  });
});

describe("making keys", () => {
  test("leaves the key (0600) and its memory (0600) in a folder (0700), and nothing else", async () => {
    const signer = await openFileSigner(options);
    expect(readdirSync(options.keyHome).sort()).toHaveLength(2);
    expect(statSync(options.keyHome).mode & 0o777).toBe(0o700);
    expect(statSync(fileOf(".key")).mode & 0o777).toBe(0o600);
    expect(statSync(fileOf(".memory")).mode & 0o777).toBe(0o600);
    await signer.close();
  });

  test("eight at once make one key", async () => {
    const signers = await Promise.all(Array.from({ length: 8 }, () => openFileSigner(options)));
    expect(new Set(signers.map((signer) => signer.verifiers[0]?.id)).size).toBe(1);
    await Promise.all(signers.map((signer) => signer.close()));
  });

  test("happens only when it is asked for", async () => {
    expect(await codeOfPromise(openFileSigner({ ...options, create: false }))).toBe("KEY_MISSING");
  });

  test("keeps the keys of two logs apart", async () => {
    const [a, b] = [await openFileSigner(options), await openFileSigner({ ...options, origin: "writ.example/log2" })];
    expect(a.verifiers[0]?.publicKey).not.toEqual(b.verifiers[0]?.publicKey);
    a.sign(head(5));
    b.sign(head(1));
    await Promise.all([a.close(), b.close()]);
  });
});

describe("rotating", () => {
  test("goes from the old key over both to the new one, and old checkpoints stay readable", async () => {
    const old = await openFileSigner(options);
    const oldNote = old.sign(head(1));
    const added = await addSuccessorKey(options);
    expect(await addSuccessorKey(options)).toEqual(added);
    expect(parseKeyAdded({ ...added })).toEqual(added);
    const announced = old.sign(head(2));
    await old.close();

    const both = await openFileSigner(options);
    expect(openNote(both.sign(head(3)), [old.verifiers[0]!, parseVkey(added.vkey)])).toMatchObject({
      ok: true,
      unknown: 0,
    });
    expect(both.read(announced)).toEqual(head(2));
    await both.close();

    const retired = retireKey(options, 3);
    expect(parseKeyRetired({ ...retired })).toEqual(retired);
    expect(parseVkey(retired.vkey)).toEqual(old.verifiers[0]);
    const last = await openFileSigner(options);
    expect(openNote(last.sign(head(4)), [parseVkey(added.vkey)])).toMatchObject({ ok: true, unknown: 0 });
    expect(last.read(oldNote)).toEqual(head(1));
    expect(codeOf(() => last.sign(head(2)))).toBe("SIGNER_REFUSED");
    await last.close();
    expect(codeOf(() => retireKey(options, 4))).toBe("KEY_MISSING");
  });

  test("is finished after a crash that left the successor", async () => {
    const first = await openFileSigner(options);
    await first.close();
    const added = await addSuccessorKey(options);
    const left = readFileSync(fileOf(".next.key"));
    retireKey(options, 0);
    writeFileSync(fileOf(".key").replace(".key", ".next.key"), left, { mode: 0o600 });
    const signer = await openFileSigner(options);
    expect(signer.verifiers.map((key) => key.id)).toEqual([parseVkey(added.vkey).id, first.verifiers[0]?.id]);
    await signer.close();
    expect(parseVkey(retireKey(options, 0).vkey)).toEqual(first.verifiers[0]);
  });

  test("of an encrypted key needs no passphrase to retire it", async () => {
    const sealed = { ...options, passphrase: "correct horse" };
    await (await openFileSigner(sealed)).close();
    const added = await addSuccessorKey(sealed);
    retireKey(options, 0);
    const signer = await openFileSigner(sealed);
    expect(signer.verifiers[0]).toEqual(parseVkey(added.vkey));
    await signer.close();
  });

  test.each([{}, { vkey: "x" }, { vkey: 1 }, { vkey: null, last_size: 1 }])("refuses the entry data %j", (data) => {
    expect(codeOf(() => parseKeyAdded(data))).toBe("KEY_INVALID");
    expect(codeOf(() => parseKeyRetired(data))).toBe("KEY_INVALID");
  });
});

test("appending to the memory changes nothing", async () => {
  const signer = await openFileSigner(options);
  signer.sign(head(4));
  await signer.close();
  appendFileSync(fileOf(".memory"), "x");
  expect(await readSignerState(options)).toEqual(head(4));
});

function fileOf(ending: string): string {
  const names = readdirSync(options.keyHome).filter((name) => name.endsWith(ending));
  const name = names.find((candidate) => ending === ".next.key" || !candidate.endsWith(".next.key"));
  return join(options.keyHome, name ?? `missing${ending}`);
}

function head(size: number, fill = 7): { size: number; root: Uint8Array } {
  return { size, root: new Uint8Array(32).fill(fill) };
}
