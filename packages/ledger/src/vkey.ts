import { fromBase64, isWritError, sha256, toBase64, toHex } from "@writ/canon";

import { signerError } from "./signer-error.ts";
import { isSafePublicKey } from "./vkey-safety.ts";

/** `note`: Ed25519 over the text (C2SP signed-note, 0x01). `cosignature`: with a time (C2SP tlog-cosignature, 0x04). */
export type NoteKeyType = "note" | "cosignature";

/** A key that signatures in notes are checked with. */
export interface VerifierKey {
  readonly name: string;
  readonly type: NoteKeyType;
  /** 32 bytes, safe by `isSafePublicKey`. */
  readonly publicKey: Uint8Array;
  /** Eight lower-case hexadecimal digits; with the name it tells which key made a line. */
  readonly id: string;
}

const TYPE_BYTES: Readonly<Record<NoteKeyType, number>> = { note: 0x01, cosignature: 0x04 };
/** Longer names help nobody, and a note of 64 lines stays far below its bound. */
const NAME_UNITS_MAX = 1_024;

/** A key of this name. Throws `KEY_INVALID` for a bad name or an unsafe public key. */
export function verifierKey(name: string, publicKey: Uint8Array, type: NoteKeyType = "note"): VerifierKey {
  if (!isKeyName(name)) throw invalidKey(`\`${name.slice(0, 80)}\` is not a key name`);
  if (!isSafePublicKey(publicKey)) throw invalidKey("the public key is malformed or of low order");
  return { name, type, publicKey, id: keyId(name, type, publicKey) };
}

/** `<name>+<id>+<base64(type byte ‖ public key)>`, the form that is handed around (C2SP signed-note). */
export function formatVkey(key: VerifierKey): string {
  return `${key.name}+${key.id}+${toBase64(typed(key.type, key.publicKey))}`;
}

/** The key of a `formatVkey` text; its id must be the one the key gives. Anything else is `KEY_INVALID`. */
export function parseVkey(text: string): VerifierKey {
  const [name = "", id = "", ...rest] = text.split("+");
  const material = base64OrNothing(rest.join("+"));
  const type = keyTypeOf(material);
  if (material === undefined || type === undefined) throw invalidKey("the text is not a verifier key of a known type");
  const key = verifierKey(name, material.slice(1), type);
  if (key.id !== id) throw invalidKey("the verifier key's id does not belong to its name and key");
  return key;
}

/** Not empty, no white space, no plus, no control character, well-formed (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  const sized = name.length > 0 && name.length <= NAME_UNITS_MAX;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
  return sized && name.isWellFormed() && !/[\p{White_Space}+\u0000-\u001f]/u.test(name);
}

function keyId(name: string, type: NoteKeyType, publicKey: Uint8Array): string {
  const prefix = new TextEncoder().encode(`${name}\n`);
  return toHex(sha256(joined(prefix, typed(type, publicKey))).subarray(0, 4));
}

function typed(type: NoteKeyType, publicKey: Uint8Array): Uint8Array {
  return joined(Uint8Array.of(TYPE_BYTES[type]), publicKey);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function keyTypeOf(material: Uint8Array | undefined): NoteKeyType | undefined {
  if (material?.length !== 33) return undefined;
  if (material[0] === TYPE_BYTES.note) return "note";
  return material[0] === TYPE_BYTES.cosignature ? "cosignature" : undefined;
}

function base64OrNothing(text: string): Uint8Array | undefined {
  try {
    return fromBase64(text);
  } catch (error) {
    if (isWritError(error)) return undefined;
    throw error;
  }
}

function invalidKey(message: string): Error {
  return signerError({
    code: "KEY_INVALID",
    message,
    reason: "a key is a name without spaces or plus, and a safe Ed25519 public key (C2SP signed-note)",
    next: "compare it with what the key's owner published",
  });
}
