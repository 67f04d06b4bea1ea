import { cryptoPort } from "./crypto.ts";
import type { CryptoPort } from "./crypto.ts";
import { malformed } from "./errors.ts";
import { emptyRoot, HASH_BYTES, requireHash } from "./merkle.ts";

/** A tree of fewer than 2^53 leaves has at most 53 complete subtrees at its left edge. */
const SUBTREES_MAX = 54;

/**
 * The frontier of a growing tree: the roots of the complete subtrees that make up `[0, size)`, widest first, one per
 * 1-bit of the size. Appending costs one node hash on average and makes no objects.
 */
export class CompactRange {
  size = 0;
  #count = 0;
  readonly #stack = new Uint8Array(SUBTREES_MAX * HASH_BYTES);
  // Views made once, so that appending makes none: each slot of the stack, and each pair of neighbours.
  readonly #slots = viewsOf(this.#stack, HASH_BYTES);
  readonly #pairs = viewsOf(this.#stack, 2 * HASH_BYTES);
  readonly #node = new Uint8Array(1 + 2 * HASH_BYTES).fill(1, 0, 1);
  readonly #crypto: CryptoPort = cryptoPort();
  readonly #onTileRoot: ((level: number, hash: Uint8Array) => void) | undefined;

  /** `onTileRoot` is told each hash of a tile above level 0: `level` 1 covers 256 leaves, 2 covers 65,536, and so on. */
  constructor(onTileRoot?: (level: number, hash: Uint8Array) => void) {
    this.#onTileRoot = onTileRoot;
  }

  /** Hashes the UTF-8 of an entry's well-formed text and appends the leaf. The returned view lasts until the next call. */
  appendEntry(text: string): Uint8Array {
    const slot = this.#slot(this.#count);
    this.#crypto.sha256TextInto(`\0${text}`, this.#stack, this.#count * HASH_BYTES);
    this.#merge(0);
    return slot;
  }

  /** The same for an entry given as 0x00 and its bytes, the input of its leaf hash (RFC 6962 §2.1). */
  appendLeafInput(input: Uint8Array): Uint8Array {
    const slot = this.#slot(this.#count);
    this.#crypto.sha256Into(input, this.#stack, this.#count * HASH_BYTES);
    this.#merge(0);
    return slot;
  }

  /** Appends the root of a complete subtree of 2^level leaves. The size must be a multiple of 2^level. */
  append(hash: Uint8Array, level = 0): void {
    requireHash(hash);
    if (level < 0 || this.size % 2 ** level !== 0 || this.size + 2 ** level > Number.MAX_SAFE_INTEGER) {
      throw malformed(
        "PROOF_SYNTAX",
        "a subtree does not start at a multiple of its width",
        "it is no node of the tree",
      );
    }
    this.#stack.set(hash, this.#count * HASH_BYTES);
    this.#merge(level);
  }

  /** Root of the tree so far; leaves the range as it is. */
  root(): Uint8Array {
    if (this.#count === 0) return emptyRoot();
    const root = this.#slot(this.#count - 1).slice();
    for (let at = this.#count - 2; at >= 0; at -= 1) {
      this.#node.set(this.#slot(at), 1);
      this.#node.set(root, 1 + HASH_BYTES);
      this.#crypto.sha256Into(this.#node, root, 0);
    }
    return root;
  }

  /** The subtree roots, widest first, one after the other. */
  frontier(): Uint8Array {
    return this.#stack.slice(0, this.#count * HASH_BYTES);
  }

  // The new subtree lies on the stack at #count. While its left brother is complete, the two become one.
  #merge(level: number): void {
    let width = 2 ** level;
    let brothers = this.size / width;
    this.size += width;
    while (brothers % 2 === 1) {
      const left = this.#count - 1;
      this.#node.set(this.#pairs[left] ?? this.#stack, 1);
      this.#crypto.sha256Into(this.#node, this.#stack, left * HASH_BYTES);
      this.#count = left;
      brothers = (brothers - 1) / 2;
      width *= 2;
      level += 1;
      if (level % 8 === 0 && this.#onTileRoot !== undefined) this.#onTileRoot(level / 8, this.#slot(left));
    }
    this.#count += 1;
  }

  #slot(at: number): Uint8Array {
    return this.#slots[at] ?? this.#stack;
  }
}

function viewsOf(stack: Uint8Array, width: number): Uint8Array[] {
  const count = (stack.length - width) / HASH_BYTES + 1;
  return Array.from({ length: count }, (_, at) => stack.subarray(at * HASH_BYTES, at * HASH_BYTES + width));
}

/** The frontier of a tree of `size` leaves, read from its bytes; `PROOF_SYNTAX` if there are not as many as 1-bits. */
export function compactRangeOf(size: number, hashes: readonly Uint8Array[]): CompactRange {
  const levels = frontierLevels(size);
  if (levels.length !== hashes.length) {
    throw malformed(
      "PROOF_SYNTAX",
      `a frontier of \`${hashes.length}\` hashes does not fit size \`${size}\``,
      "one per 1-bit",
    );
  }
  const range = new CompactRange();
  for (const [at, hash] of hashes.entries()) range.append(hash, levels[at] ?? 0);
  return range;
}

/** Levels of the complete subtrees of `[0, size)`, widest first. */
export function frontierLevels(size: number): number[] {
  return coverLevels(0, size);
}

/** Levels of the aligned complete subtrees that cover `[from, to)` from left to right, each as wide as can be. */
export function coverLevels(from: number, to: number): number[] {
  const levels: number[] = [];
  for (let at = from; at < to; at += 2 ** (levels.at(-1) ?? 0)) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    levels.push(level);
  }
  return levels;
}

/** Root of the tree over leaf hashes, in order (RFC 6962 §2.1). */
export function rootFromLeaves(leaves: Iterable<Uint8Array>): Uint8Array {
  const range = new CompactRange();
  for (const leaf of leaves) range.append(leaf);
  return range.root();
}
