import type { Transaction } from "@writ/store";

import { HASH_BYTES, nodeHash } from "./hash.ts";
import { outOfRange } from "./ledger-error.ts";
import type { TileReader } from "./tile-reader.ts";

/** A stretch of leaves `from <= leaf < to` that is one node of the tree of some size. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretches whose roots prove leaf `index` under the tree of `size` leaves, lowest first (RFC 6962 §2.1.1).
 * Precondition: 0 <= index < size, else `INDEX_OUT_OF_RANGE`.
 */
export function inclusionPath(index: number, size: number): Stretch[] {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) {
    throw outOfRange(`entry ${index} is not in a tree of ${size}`);
  }
  const path: Stretch[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const split = from + splitPoint(to - from);
    if (index < split) {
      path.push({ from: split, to });
      to = split;
    } else {
      path.push({ from, to: split });
      from = split;
    }
  }
  return path.reverse();
}

/**
 * The stretches whose roots prove that the tree of `second` leaves begins with the tree of `first` (RFC 6962 §2.1.2).
 * Precondition: 1 <= first <= second, else `INDEX_OUT_OF_RANGE`: a proof from nothing proves nothing.
 */
export function consistencyPath(first: number, second: number): Stretch[] {
  if (!(Number.isSafeInteger(first) && Number.isSafeInteger(second) && first >= 1 && first <= second)) {
    throw outOfRange(`a tree of ${first} is not the beginning of one of ${second}`);
  }
  const path: Stretch[] = [];
  let from = 0;
  let to = second;
  let whole = true;
  while (first !== to) {
    const split = from + splitPoint(to - from);
    if (first <= split) {
      path.push({ from: split, to });
      to = split;
    } else {
      path.push({ from, to: split });
      from = split;
      whole = false;
    }
  }
  if (!whole) path.push({ from, to });
  return path.reverse();
}

/** The complete, aligned subtrees that cover `[from, to)` from left to right, each as wide as it can be. */
export function alignedStretches(from: number, to: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = from; start < to;) {
    let width = 1;
    while (start % (width * 2) === 0 && start + width * 2 <= to) width *= 2;
    stretches.push({ from: start, to: start + width });
    start += width;
  }
  return stretches;
}

/** The hashes of a path. */
export async function pathHashes(tx: Transaction, tiles: TileReader, path: readonly Stretch[]): Promise<Uint8Array[]> {
  const hashes: Uint8Array[] = [];
  for (const stretch of path) hashes.push(await stretchRoot(tx, tiles, stretch));
  return hashes;
}

/**
 * The root of a stretch. Precondition: `from` is a multiple of the smallest power of two that is not below
 * `to - from`, as every node's is, and `to` is not above the log's size.
 */
export async function stretchRoot(tx: Transaction, tiles: TileReader, stretch: Stretch): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let from = stretch.from; from < stretch.to;) {
    const height = heightBelow(stretch.to - from);
    const width = 2 ** height;
    const hash = new Uint8Array(HASH_BYTES);
    await tiles.node(tx, height, from / width, hash);
    parts.push(hash);
    from += width;
  }
  const root = parts.pop() ?? new Uint8Array(HASH_BYTES);
  for (let left = parts.pop(); left !== undefined; left = parts.pop()) nodeHash(left, 0, root, 0, root, 0);
  return root;
}

/** The largest power of two below `size`. Precondition: size > 1. */
function splitPoint(size: number): number {
  return 2 ** heightBelow(size - 1);
}

/** The largest h with 2^h <= size; `Math.log2` alone rounds up just below large powers. Precondition: size > 0. */
function heightBelow(size: number): number {
  const height = Math.floor(Math.log2(size));
  return 2 ** height > size ? height - 1 : height;
}
