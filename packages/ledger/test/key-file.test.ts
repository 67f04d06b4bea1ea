import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { canonicalize, parseJson, toBase64 } from "@writ/canon";
import { type FileSignerOptions, openFileSigner } from "@writ/ledger";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { codeOfPromise } from "./signer-refusal.ts";

const ORIGIN = "writ.example/log";
let folder = "";
let options: FileSignerOptions = { keyHome: "", origin: ORIGIN };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-key-"));
  mkdirSync(join(folder, "data"));
  options = { keyHome: join(folder, "keys"), dataHome: join(folder, "data"), origin: ORIGIN, create: true };
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("where a key may lie", () => {
  const fileModes = [0o600, 0o400, 0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o660, 0o644, 0o666, 0o777];
  test.each(
    fileModes.map((mode) => [mode.toString(8), mode, (mode & 0o077) === 0 ? "accepted" : "KEY_UNSAFE"] as const),
  )("a key file of mode %s", async (_name, mode, code) => {
    await makeKey();
    chmodSync(keyPath(), mode);
    expect(await opened()).toBe(code);
  });

  const folderModes = [0o700, 0o500, 0o710, 0o701, 0o750, 0o705, 0o755, 0o770, 0o777];
  test.each(
    folderModes.map((mode) => [mode.toString(8), mode, (mode & 0o077) === 0 ? "accepted" : "KEY_UNSAFE"] as const),
  )("a key folder of mode %s", async (_name, mode, code) => {
    await makeKey();
    chmodSync(options.keyHome, mode);
    expect(await opened()).toBe(code);
    chmodSync(options.keyHome, 0o700);
  });

  test.each([0o640, 0o604, 0o666])("a memory of mode %o is refused", async (mode) => {
    await makeKey();
    chmodSync(keyPath(".memory"), mode);
    expect(await opened()).toBe("KEY_UNSAFE");
  });

  test("not under a symbolic link", async () => {
    await makeKey();
    renameSync(keyPath(), join(folder, "moved"));
    symlinkSync(join(folder, "moved"), join(options.keyHome, nameOf()));
    expect(await opened()).toBe("KEY_UNSAFE");
  });

  test("not under a second name", async () => {
    await makeKey();
    linkSync(keyPath(), join(folder, "second"));
    expect(await opened()).toBe("KEY_UNSAFE");
  });

  test("but the name that a crash while making it left is taken away", async () => {
    await makeKey();
    linkSync(keyPath(), join(options.keyHome, `.${nameOf()}.0011223344556677`));
    expect(await opened()).toBe("accepted");
    expect(readdirSync(options.keyHome).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("not in a folder that is a symbolic link", async () => {
    await makeKey();
    symlinkSync(options.keyHome, join(folder, "link"));
    expect(await codeOfPromise(openFileSigner({ ...options, keyHome: join(folder, "link") }))).toBe("KEY_UNSAFE");
  });

  test("not as a directory", async () => {
    await makeKey();
    rmSync(keyPath());
    mkdirSync(join(options.keyHome, nameOf()), { mode: 0o700 });
    expect(await opened()).toBe("KEY_UNSAFE");
  });

  test.each([
    ["the data folder itself", (data: string) => data],
    ["a folder in the data folder", (data: string) => join(data, "keys")],
    ["a folder deep in the data folder", (data: string) => join(data, "a", "b", "keys")],
    ["a folder that leads there", (data: string) => join(data, "..", "data", "keys")],
  ])("not in %s", async (_name, place) => {
    const dataHome = join(folder, "data");
    chmodSync(dataHome, 0o700);
    expect(await codeOfPromise(openFileSigner({ ...options, keyHome: place(dataHome) }))).toBe("KEY_UNSAFE");
  });

  test("not in the data folder by way of a link to it", async () => {
    symlinkSync(join(folder, "data"), join(folder, "alias"));
    const keyHome = join(folder, "alias", "keys");
    expect(await codeOfPromise(openFileSigner({ ...options, keyHome }))).toBe("KEY_UNSAFE");
    const linked = { ...options, keyHome: join(folder, "data", "keys"), dataHome: join(folder, "alias") };
    expect(await codeOfPromise(openFileSigner(linked))).toBe("KEY_UNSAFE");
  });

  test("beside data that is not there yet, and beside a folder of a similar name", async () => {
    const dataHome = join(folder, "none", "yet");
    expect(await codeOfPromise(openAndClose({ ...options, dataHome }))).toBe("accepted");
    expect(await codeOfPromise(openAndClose({ ...options, dataHome: join(folder, "key") }))).toBe("accepted");
  });
});

describe("a system that refuses", () => {
  test.each([
    ["a file in the folder's place", () => writeFileSync(join(folder, "keys"), ""), {}],
    ["a file above the folder", () => writeFileSync(join(folder, "file"), ""), { keyHome: "file/keys" }],
    [
      "a data folder that is a link to nothing",
      () => symlinkSync("nowhere", join(folder, "dangling")),
      { dataHome: "dangling" },
    ],
    ["a path with a NUL", () => {}, { keyHome: "a\u0000b" }],
  ])("ends in a typed error for %s", async (_name, prepare, paths) => {
    prepare();
    const placed = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, join(folder, path)]));
    expect(await codeOfPromise(openAndClose({ ...options, ...placed }))).toBe("KEY_UNSAFE");
  });
});

describe("what a key file holds", () => {
  const edits: readonly (readonly [string, (file: Record<string, unknown>) => unknown])[] = [
    ["another schema", (file) => ({ ...file, schema: "writ.key.v2" })],
    ["a field more", (file) => ({ ...file, note: "x" })],
    ["a field less", ({ retired: _retired, ...file }) => file],
    [
      "a key of another name",
      (file) => ({ ...file, vkey: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" }),
    ],
    ["a malformed key", (file) => ({ ...file, vkey: "x" })],
    ["another seed", (file) => ({ ...file, secret: { form: "plain", seed: toBase64(new Uint8Array(32)) } })],
    ["a short seed", (file) => ({ ...file, secret: { form: "plain", seed: toBase64(new Uint8Array(31)) } })],
    ["a seed of an unknown form", (file) => ({ ...file, secret: { form: "rot13", seed: "" } })],
    ["a seal that is too dear", (file) => ({ ...file, secret: seal(2 ** 30) })],
    ["a seal that is too cheap", (file) => ({ ...file, secret: seal(1_024) })],
    ["a cost that is no power of two", (file) => ({ ...file, secret: seal(32_769) })],
    ["retired keys that are none", (file) => ({ ...file, retired: ["x"] })],
    ["a list", () => []],
    ["null", () => null],
  ];
  test.each(edits)("is not %s", async (_name, edit) => {
    await makeKey();
    const file: Record<string, unknown> = JSON.parse(readFileSync(keyPath(), "utf8"));
    writeFileSync(keyPath(), JSON.stringify(edit(file)));
    expect(await opened()).toBe("KEY_INVALID");
  });

  test.each([
    ["nothing", ""],
    ["text", "-----BEGIN PRIVATE KEY-----"],
    ["a key twice", '{"schema":"writ.key.v1","schema":"writ.key.v1"}'],
    ["too much", `"${"x".repeat(70_000)}"`],
    ["bytes that are not UTF-8", Buffer.of(0xff, 0xfe)],
  ])("is not %s", async (_name, content) => {
    await makeKey();
    writeFileSync(keyPath(), content);
    expect(await opened()).toBe("KEY_INVALID");
  });

  test("is canonical JSON and a newline", async () => {
    await makeKey();
    const text = readFileSync(keyPath(), "utf8");
    expect(`${canonicalize(parseJson(text))}\n`).toBe(text);
  });
});

describe("a passphrase", () => {
  test("opens the key it sealed, and the seed is nowhere in the file", async () => {
    const sealed = { ...options, passphrase: "correct horse" };
    expect(await codeOfPromise(openAndClose(sealed))).toBe("accepted");
    expect(await codeOfPromise(openAndClose({ ...sealed, create: false }))).toBe("accepted");
    expect(readFileSync(keyPath(), "utf8")).not.toContain("seed");
  });

  test.each([
    ["another one", "wrong horse"],
    ["an empty one", ""],
    ["none", undefined],
  ])("is not replaced by %s", async (_name, passphrase) => {
    await openAndClose({ ...options, passphrase: "correct horse" });
    const again = passphrase === undefined ? options : { ...options, passphrase };
    expect(await codeOfPromise(openFileSigner(again))).toBe("KEY_PASSPHRASE");
  });

  test("is refused for a key that has none", async () => {
    await makeKey();
    expect(await codeOfPromise(openFileSigner({ ...options, passphrase: "x" }))).toBe("KEY_PASSPHRASE");
  });

  test("does not open a sealed seed that was changed", async () => {
    const sealed = { ...options, passphrase: "correct horse" };
    await openAndClose(sealed);
    const text = readFileSync(keyPath(), "utf8");
    writeFileSync(
      keyPath(),
      text.replace(/"sealed":"(.)/, (_all, first) => `"sealed":"${first === "A" ? "B" : "A"}`),
    );
    expect(await codeOfPromise(openFileSigner(sealed))).toBe("KEY_PASSPHRASE");
  });
});

function seal(n: number): unknown {
  const [salt, nonce, sealed] = [16, 12, 48].map((length) => toBase64(new Uint8Array(length)));
  return { form: "scrypt-aes-256-gcm", n, salt, nonce, sealed };
}

async function openAndClose(given: FileSignerOptions): Promise<void> {
  const signer = await openFileSigner(given);
  await signer.close();
}

function makeKey(): Promise<void> {
  return openAndClose(options);
}

function opened(): Promise<string> {
  return codeOfPromise(openAndClose({ ...options, create: false }));
}

let keyName = "";

/** Remembered, since some tests take the file away. */
function nameOf(ending = ".key"): string {
  const found = readdirSync(options.keyHome).find((name) => name.endsWith(ending));
  if (ending === ".key" && found !== undefined) keyName = found;
  return found ?? keyName;
}

function keyPath(ending = ".key"): string {
  return join(options.keyHome, nameOf(ending));
}
