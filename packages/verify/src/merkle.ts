import { cryptoPort } from "./crypto.ts";
import { malformed } from "./errors.ts";

/** Bytes of a SHA-256 digest. */
export const HASH_BYTES = 32;

/** Leaf hash of an entry's bytes: SHA-256(0x00, bytes) (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(entry.length + 1);
  input.set(entry, 1);
  return cryptoPort().sha256(input);
}

/** Hash of an inner node: SHA-256(0x01, left, right). `HASH_SIZE` unless both have 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  requireHash(left);
  requireHash(right);
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return cryptoPort().sha256(input);
}

/** Root of the empty tree: SHA-256 of nothing. */
export function emptyRoot(): Uint8Array {
  return cryptoPort().sha256(new Uint8Array(0));
}

export function requireHash(hash: Uint8Array): void {
  if (hash.length !== HASH_BYTES)
    throw malformed("HASH_SIZE", "a hash does not have 32 bytes", "all hashes are SHA-256");
}
