import { cryptoPort, sha256 } from "./crypto.ts";
import { concatBytes, fromBase64, toHex, toUtf8 } from "./encoding.ts";
import { malformed, VerifyError } from "./errors.ts";

/** A key as a reader lists it: `name+id+base64(type, public key)` (C2SP signed-note, "verifier keys"). */
export interface VerifierKey {
  readonly name: string;
  /** First four bytes of SHA-256(name, newline, type, public key), lower-case hex. */
  readonly id: string;
  /** 0x01: signs notes. 0x04, 0x06: cosigns checkpoints with a time (C2SP tlog-cosignature), Ed25519 or ML-DSA-44. */
  readonly type: 1 | 4 | 6;
  /** Ed25519: 32 bytes, canonical and not of low order. ML-DSA-44: 1,312 bytes. */
  readonly publicKey: Uint8Array;
  /** The text it was read from. */
  readonly text: string;
}

/** Reads a verifier key. `KEY_SYNTAX`, `KEY_ID`, `KEY_UNSUPPORTED` (another type) or `KEY_WEAK`. */
export function parseVerifierKey(text: string): VerifierKey {
  const match = /^([^+]{1,1024})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,4096})$/u.exec(text);
  const [, name, id, material] = match ?? [];
  if (name === undefined || id === undefined || material === undefined || !isKeyName(name)) {
    throw malformed("KEY_SYNTAX", `\`${clip(text)}\` is not a verifier key`, "it has the form `name+id+base64`");
  }
  const bytes = fromBase64(material);
  const [type] = bytes;
  if (type !== 1 && type !== 4 && !(type === 6 && cryptoPort().mlDsa44Verify !== undefined)) {
    throw new VerifyError({
      code: "KEY_UNSUPPORTED",
      message: `key \`${clip(name)}\` has signature type \`${type ?? "none"}\``,
      reason: "known are Ed25519 notes (1), Ed25519 cosignatures (4) and, where the runtime has it, ML-DSA-44 (6)",
      next: "list a key of one of those types",
    });
  }
  const publicKey = bytes.slice(1);
  if (keyId(name, bytes) !== id) {
    throw malformed(
      "KEY_ID",
      `key \`${clip(name)}\` does not have the id \`${id}\``,
      "the id is a digest of name and key",
    );
  }
  if (type !== 6) requireSoundKey(publicKey);
  else if (publicKey.length !== 1312)
    throw malformed("KEY_SYNTAX", "a public key does not have 1,312 bytes", "ML-DSA-44");
  return { name, id, type, publicKey, text };
}

/** Longer names help nobody, and a note of 64 lines stays far below its bound. */
const NAME_UNITS_MAX = 1_024;

/** Names in notes are not empty and hold no plus sign, space or control character (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return name.length <= NAME_UNITS_MAX && name.isWellFormed() && /^[^+\p{White_Space}\u0000-\u001f]+$/u.test(name);
}

function keyId(name: string, typeAndKey: Uint8Array): string {
  return toHex(sha256(concatBytes(toUtf8(`${name}\n`), typeAndKey)).subarray(0, 4));
}

/** 2^255 − 19, the field of Ed25519. */
const FIELD = 2n ** 255n - 19n;
/** A root of d y^4 + 2 y^2 − 1: doubling such a point gives one with y = 0, which has order 4. */
const ORDER_8_Y = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
/** The y coordinates of the eight points whose order divides 8. */
const LOW_ORDER_Y: ReadonlySet<bigint> = new Set([0n, 1n, FIELD - 1n, FIELD - ORDER_8_Y, ORDER_8_Y]);

/**
 * Refuses keys under which one signature fits many messages, and second spellings of a point (spec ledger.md §8):
 * platform verifiers accept some of them.
 */
export function requireSoundKey(publicKey: Uint8Array): void {
  if (publicKey.length !== 32)
    throw malformed("KEY_SYNTAX", "a public key does not have 32 bytes", "Ed25519 keys have 32");
  let y = 0n;
  for (let at = 31; at >= 0; at -= 1) y = (y << 8n) | BigInt((publicKey[at] ?? 0) & (at === 31 ? 0x7f : 0xff));
  if (y >= FIELD) throw malformed("KEY_WEAK", "a public key is not in canonical form", "a point has one spelling");
  if (LOW_ORDER_Y.has(y)) throw malformed("KEY_WEAK", "a public key is of low order", "anyone can sign for it");
}

export function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
