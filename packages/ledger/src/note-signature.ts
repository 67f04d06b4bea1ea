import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

import { formatNote, type Note, type NoteLine, parseNote } from "./note.ts";
import { signerError } from "./signer-error.ts";
import { type VerifierKey, verifierKey } from "./vkey.ts";

/** A private key that signs notes under one name. */
export interface NoteSigningKey {
  readonly verifier: VerifierKey;
  /** The 64-byte Ed25519 signature (RFC 8032) of `message`. */
  sign(message: Uint8Array): Uint8Array;
}

/** A line whose signature is good. */
export interface VerifiedLine {
  readonly key: VerifierKey;
  /** Cosignatures only: seconds since 1970, as their signer says. */
  readonly timestamp?: number;
}

export type NoteOpening =
  | {
      readonly ok: true;
      readonly text: string;
      /** One for each known key that signed. */
      readonly verified: readonly VerifiedLine[];
      /** Lines of keys that are not known. */
      readonly unknown: number;
    }
  /** `NOTE_FORGED`: a known key's line does not verify. `NOTE_UNSIGNED`: no line is of a known key. */
  | { readonly ok: false; readonly code: "NOTE_FORGED" | "NOTE_UNSIGNED" };

/** PKCS #8 and SPKI in front of the 32 bytes of an Ed25519 seed or public key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const COSIGNATURE_BYTES = 72;

/** The signing key of a 32-byte seed. Throws `KEY_INVALID`. */
export function noteSigningKey(name: string, seed: Uint8Array): NoteSigningKey {
  if (seed.length !== 32) throw invalidSeed();
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const spki = createPublicKey(secret).export({ format: "der", type: "spki" });
  const verifier = verifierKey(name, new Uint8Array(spki.subarray(SPKI_PREFIX.length)));
  return { verifier, sign: (message) => sign(null, message, secret) };
}

/** The note of `text`, which ends in a newline, with one line for each key. Throws `NOTE_INVALID`. */
export function signNote(text: string, keys: readonly NoteSigningKey[]): string {
  const bytes = new TextEncoder().encode(text);
  const lines = keys.map((key) => lineOf(key, key.sign(bytes)));
  return formatNote({ text, lines });
}

/**
 * Checks a note against the keys one knows: lines of other keys are ignored, one bad line of a known key refuses
 * the note (C2SP signed-note). Throws `NOTE_INVALID` for text that is no note.
 */
export function openNote(input: string | Uint8Array, keys: readonly VerifierKey[]): NoteOpening {
  const note = parseNote(input);
  const verified = new Map<VerifierKey, VerifiedLine>();
  let unknown = 0;
  for (const line of note.lines) {
    const known = keys.filter((key) => key.name === line.name && key.id === line.id);
    if (known.length === 0) unknown++;
    for (const key of known) {
      const checked = checkLine(note, line, key);
      if (checked === undefined) return { ok: false, code: "NOTE_FORGED" };
      verified.set(key, checked);
    }
  }
  if (verified.size === 0) return { ok: false, code: "NOTE_UNSIGNED" };
  return { ok: true, text: note.text, verified: [...verified.values()], unknown };
}

function lineOf(key: NoteSigningKey, signature: Uint8Array): NoteLine {
  return { name: key.verifier.name, id: key.verifier.id, signature };
}

function checkLine(note: Note, line: NoteLine, key: VerifierKey): VerifiedLine | undefined {
  const text = new TextEncoder().encode(note.text);
  if (key.type === "note") return isSigned(text, line.signature, key) ? { key } : undefined;
  return checkCosignature(note.text, line.signature, key);
}

/** C2SP tlog-cosignature, Ed25519: eight bytes of time, then the signature over header, time and text. */
function checkCosignature(text: string, bytes: Uint8Array, key: VerifierKey): VerifiedLine | undefined {
  if (bytes.length !== COSIGNATURE_BYTES) return undefined;
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const message = new TextEncoder().encode(`cosignature/v1\ntime ${time}\n${text}`);
  return isSigned(message, bytes.subarray(8), key) ? { key, timestamp: Number(time) } : undefined;
}

function isSigned(message: Uint8Array, signature: Uint8Array, key: VerifierKey): boolean {
  return signature.length === 64 && verify(null, message, publicKeyObject(key), signature);
}

function publicKeyObject(key: VerifierKey): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key.publicKey]), format: "der", type: "spki" });
}

function invalidSeed(): Error {
  return signerError({
    code: "KEY_INVALID",
    message: "the private key does not have 32 bytes",
    reason: "an Ed25519 private key is a seed of 32 bytes (RFC 8032 §5.1.5)",
    next: "restore the key from its copy",
  });
}
