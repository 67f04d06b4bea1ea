import { sha256Into } from "@writ/canon";

/** Bytes of one hash. */
export const HASH_BYTES = 32;

/** Hashes of one tile (C2SP tlog-tiles: width 2^8). */
export const TILE_HASHES = 256;

// Scratch for a node's hash input: filled and read within one synchronous call, so it is never shared in between.
const NODE_INPUT = new Uint8Array(1 + 2 * HASH_BYTES).fill(1, 0, 1);

/** Writes the leaf hash H(0x00 ‖ text as UTF-8) to `out[offset, offset + 32)` (RFC 6962 §2.1). */
export function leafHashOfText(text: string, out: Uint8Array, offset: number): void {
  sha256Into(`\0${text}`, out, offset);
}

/** Writes the leaf hash H(0x00 ‖ entry) to `out[offset, offset + 32)` (RFC 6962 §2.1). */
export function leafHash(entry: Uint8Array, out: Uint8Array, offset: number): void {
  const input = new Uint8Array(entry.length + 1);
  input.set(entry, 1);
  sha256Into(input, out, offset);
}

/**
 * Writes the node hash H(0x01 ‖ left ‖ right) to `out[offset, offset + 32)` (RFC 6962 §2.1); `left` and `right` start
 * at their offsets and may lie in `out`.
 */
export function nodeHash(
  left: Uint8Array,
  leftOffset: number,
  right: Uint8Array,
  rightOffset: number,
  out: Uint8Array,
  offset: number,
): void {
  for (let i = 0; i < HASH_BYTES; i++) {
    NODE_INPUT[1 + i] = left[leftOffset + i] ?? 0;
    NODE_INPUT[33 + i] = right[rightOffset + i] ?? 0;
  }
  sha256Into(NODE_INPUT, out, offset);
}

/**
 * Root of the perfect subtree over `count` hashes of `hashes` from hash number `first`, written to
 * `out[offset, offset + 32)`. Precondition: `count` is a power of two, `count <= 256`.
 */
export function foldPerfect(hashes: Uint8Array, first: number, count: number, out: Uint8Array, offset: number): void {
  const work = FOLD_WORK;
  for (let i = 0; i < count * HASH_BYTES; i++) work[i] = hashes[first * HASH_BYTES + i] ?? 0;
  for (let width = count; width > 1; width /= 2) {
    for (let i = 0; i < width / 2; i++) nodeHash(work, i * 64, work, i * 64 + 32, work, i * 32);
  }
  for (let i = 0; i < HASH_BYTES; i++) out[offset + i] = work[i] ?? 0;
}

const FOLD_WORK = new Uint8Array(TILE_HASHES * HASH_BYTES);
