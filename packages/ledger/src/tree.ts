import { sha256 } from "@writ/canon";

import { HASH_BYTES, nodeHash, TILE_HASHES } from "./hash.ts";

/** A tile that an append filled: 256 hashes of `level`, the `number`-th such tile from the left. */
export interface FullTile {
  readonly level: number;
  readonly number: number;
  /** 8,192 bytes; the first `missing` hashes are not filled in, because the tree was loaded from its frontier alone. */
  readonly hashes: Uint8Array;
  readonly missing: number;
}

/** What `restore` needs to forget appends that did not become durable. */
export interface TreeMark {
  readonly size: number;
  readonly frontier: Uint8Array;
  readonly levels: readonly WorkingTile[];
}

interface WorkingTile {
  hashes: Uint8Array;
  count: number;
  missing: number;
}

/** Sizes stay below 2^53, so a tree has at most 53 heights and 7 tile levels. */
const HEIGHT_MAX = 53;
const LEVEL_HEIGHT = 8;

/**
 * The writer's tree: the roots of the complete subtrees (the frontier, one per 1-bit of the size) and the tile being
 * filled at each level. Appending a leaf costs one node hash on average and makes no object (spec ledger.md §5).
 */
export class Tree {
  #size = 0;
  /** Root of the complete subtree of height h at `[32h, 32h + 32)`. INVARIANT: meaningful exactly where bit h of the size is 1. */
  readonly #peaks = new Uint8Array((HEIGHT_MAX + 1) * HASH_BYTES);
  readonly #carry = new Uint8Array(HASH_BYTES);
  #levels: WorkingTile[] = [];
  #full: FullTile[] = [];

  /** The tree of `size` leaves whose frontier is `frontier`, biggest subtree first; empty without arguments. */
  constructor(size = 0, frontier: Uint8Array = new Uint8Array(0)) {
    this.#takeFrontier(size, frontier);
    for (let nodes = size; nodes > 0; nodes = Math.floor(nodes / TILE_HASHES)) {
      const count = nodes % TILE_HASHES;
      this.#levels.push({ hashes: new Uint8Array(TILE_HASHES * HASH_BYTES), count, missing: count });
    }
  }

  get size(): number {
    return this.#size;
  }

  /** Appends the leaf hash at `leaves[offset, offset + 32)`. */
  append(leaves: Uint8Array, offset: number): void {
    const carry = this.#carry;
    for (let i = 0; i < HASH_BYTES; i++) carry[i] = leaves[offset + i] ?? 0;
    this.#pushNode(0, carry);
    let height = 0;
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      nodeHash(this.#peaks, height * HASH_BYTES, carry, 0, carry, 0);
      height++;
      if (height % LEVEL_HEIGHT === 0) this.#pushNode(height / LEVEL_HEIGHT, carry);
    }
    this.#peaks.set(carry, height * HASH_BYTES);
    this.#size++;
  }

  /** Fills in the first hashes of the working tile of `level`, as far as they were missing. */
  supply(level: number, hashes: Uint8Array): void {
    const tile = this.#levels[level];
    if (tile === undefined || tile.missing * HASH_BYTES > hashes.length) return;
    tile.hashes.set(hashes.subarray(0, tile.missing * HASH_BYTES), 0);
    tile.missing = 0;
  }

  /** The tiles filled since the last call. */
  takeFullTiles(): readonly FullTile[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** The frontier, biggest subtree first: 32 bytes per 1-bit of the size. */
  frontier(): Uint8Array {
    const heights = heightsOf(this.#size);
    const out = new Uint8Array(heights.length * HASH_BYTES);
    let offset = out.length;
    for (const height of heights) out.set(this.#peak(height), (offset -= HASH_BYTES));
    return out;
  }

  /** The root (RFC 6962 §2.1); the hash of nothing when empty. */
  root(): Uint8Array {
    const [lowest, ...higher] = heightsOf(this.#size);
    if (lowest === undefined) return sha256(new Uint8Array(0));
    const root = Uint8Array.from(this.#peak(lowest));
    for (const height of higher) nodeHash(this.#peaks, height * HASH_BYTES, root, 0, root, 0);
    return root;
  }

  mark(): TreeMark {
    return { size: this.#size, frontier: this.frontier(), levels: this.#levels.map((tile) => ({ ...tile })) };
  }

  /**
   * Goes back to a mark. The buffers of the marked working tiles still hold what they held: appends write behind
   * `count` only, and a tile that was filled is handed out and replaced, never reused.
   */
  restore(mark: TreeMark): void {
    this.#takeFrontier(mark.size, mark.frontier);
    this.#levels = mark.levels.map((tile) => ({ ...tile }));
    this.#full = [];
  }

  #takeFrontier(size: number, frontier: Uint8Array): void {
    this.#size = size;
    let offset = frontier.length;
    for (const height of heightsOf(size)) {
      offset -= HASH_BYTES;
      this.#peaks.set(frontier.subarray(offset, offset + HASH_BYTES), height * HASH_BYTES);
    }
  }

  #peak(height: number): Uint8Array {
    return this.#peaks.subarray(height * HASH_BYTES, (height + 1) * HASH_BYTES);
  }

  #pushNode(level: number, hash: Uint8Array): void {
    const tile = (this.#levels[level] ??= emptyTile());
    tile.hashes.set(hash, tile.count * HASH_BYTES);
    tile.count++;
    if (tile.count < TILE_HASHES) return;
    const nodes = Math.floor((this.#size + 1) / TILE_HASHES ** (level + 1));
    this.#full.push({ level, number: nodes - 1, hashes: tile.hashes, missing: tile.missing });
    this.#levels[level] = emptyTile();
  }
}

function emptyTile(): WorkingTile {
  return { hashes: new Uint8Array(TILE_HASHES * HASH_BYTES), count: 0, missing: 0 };
}

/** Heights of the complete subtrees of a tree, smallest first. */
export function heightsOf(size: number): number[] {
  const heights: number[] = [];
  for (let height = 0, rest = size; rest > 0; height++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) heights.push(height);
  }
  return heights;
}
