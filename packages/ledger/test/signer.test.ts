import { sha256 } from "@writ/canon";
import { createSigner, noteSigningKey, openNote, signNote, volatileMemory } from "@writ/ledger";
import { describe, expect, test } from "vitest";

import { codeOf } from "./signer-refusal.ts";

const ORIGIN = "writ.example/log";
const key = noteSigningKey(ORIGIN, new Uint8Array(32).fill(1));
const next = noteSigningKey(ORIGIN, new Uint8Array(32).fill(2));

describe("what a memory allows", () => {
  test.each([
    ["the first head", undefined, head(5), "accepted"],
    ["an empty log first", undefined, head(0), "accepted"],
    ["a bigger head", head(5), head(6), "accepted"],
    ["the same head again", head(5), head(5), "accepted"],
    ["a smaller head", head(5), head(4), "SIGNER_REFUSED"],
    ["an empty log after entries", head(5), head(0), "SIGNER_REFUSED"],
    ["the same size with another root", head(5), head(5, 9), "SIGNER_REFUSED"],
  ])("%s", (_name, last, asked, code) => {
    const signer = createSigner({ origin: ORIGIN, keys: [key], memory: volatileMemory() });
    if (last !== undefined) signer.sign(last);
    expect(codeOf(() => signer.sign(asked))).toBe(code);
    expect(signer.state()).toEqual(code === "accepted" ? asked : last);
  });

  test.each([
    ["a size below zero", { size: -1, root: new Uint8Array(32) }],
    ["a size that is not whole", { size: 0.5, root: new Uint8Array(32) }],
    ["a size over 2^53", { size: 2 ** 53, root: new Uint8Array(32) }],
    ["a root of 31 bytes", { size: 1, root: new Uint8Array(31) }],
  ])("%s is never signed", (_name, asked) => {
    const signer = createSigner({ origin: ORIGIN, keys: [key], memory: volatileMemory() });
    expect(codeOf(() => signer.sign(asked))).toMatch(/^(CHECKPOINT_INVALID|SIGNER_REFUSED)$/);
    expect(signer.state()).toBeUndefined();
  });
});

describe("notes of a signer", () => {
  const signer = createSigner({ origin: ORIGIN, keys: [key], memory: volatileMemory() });
  const note = signer.sign(head(3));

  test("are checkpoints signed under the origin", () => {
    expect(note.startsWith(`${ORIGIN}\n3\n`)).toBe(true);
    expect(openNote(note, [key.verifier])).toMatchObject({ ok: true, unknown: 0 });
    expect(signer.read(note)).toEqual(head(3));
  });

  const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
  const otherName = noteSigningKey("writ.example/other", new Uint8Array(32).fill(1));
  test.each([
    ["nothing", ""],
    ["garbage", "\u0000\ud800"],
    ["an unsigned text", text],
    ["another head under the same signature", note.replace("\n3\n", "\n4\n")],
    ["a note of another key", signNote(text, [next])],
    ["a note of the key under another name", signNote(text, [otherName])],
    ["another origin", signNote(text.replace(ORIGIN, "writ.example/x"), [key])],
    ["extension lines, which this log never writes", signNote(`${text}x\n`, [key])],
    ["a text that is no checkpoint", signNote("hello\n", [key])],
    ["a very long note", note + "x".repeat(300_000)],
  ])("%s is read as nothing", (_name, bad) => {
    expect(signer.read(bad)).toBeUndefined();
  });
});

describe("rotation", () => {
  const overlap = createSigner({ origin: ORIGIN, keys: [key, next], memory: volatileMemory() });
  const after = createSigner({ origin: ORIGIN, keys: [next], retired: [key.verifier], memory: volatileMemory() });

  test("both keys sign during the overlap", () => {
    const opened = openNote(overlap.sign(head(1)), [key.verifier, next.verifier]);
    expect(opened).toMatchObject({ ok: true, verified: [{ key: key.verifier }, { key: next.verifier }] });
  });

  test("what the old key signed is still read, and it signs no more", () => {
    expect(after.read(signNote(`${ORIGIN}\n1\n${Buffer.alloc(32).toString("base64")}\n`, [key]))).toEqual({
      size: 1,
      root: new Uint8Array(32),
    });
    expect(openNote(after.sign(head(2)), [key.verifier])).toEqual({ ok: false, code: "NOTE_UNSIGNED" });
  });

  test.each([
    ["no key", []],
    ["three keys", [key, next, noteSigningKey(ORIGIN, new Uint8Array(32).fill(3))]],
    ["a key of another name", [noteSigningKey("writ.example/other", new Uint8Array(32))]],
  ])("a signer has one or two keys of its name, not %s", (_name, keys) => {
    expect(codeOf(() => createSigner({ origin: ORIGIN, keys, memory: volatileMemory() }))).toBe("KEY_INVALID");
  });
});

/** A head of this size; an empty log has one root alone. */
function head(size: number, fill = 7): { size: number; root: Uint8Array } {
  return { size, root: size === 0 ? sha256(new Uint8Array(0)) : new Uint8Array(32).fill(fill) };
}
