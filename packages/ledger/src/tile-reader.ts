import type { Transaction } from "@writ/store";

import { foldPerfect, HASH_BYTES, leafHashOfText, TILE_HASHES } from "./hash.ts";
import { corrupt } from "./ledger-error.ts";
import { tilePosition } from "./sql.ts";
import type { LedgerSql } from "./sql.ts";
import { heightsOf } from "./tree.ts";

interface Block {
  readonly hashes: Uint8Array;
  filled: number;
}

/** Blocks kept in memory: 128 × 8 KiB. */
const BLOCKS_MAX = 128;

/**
 * Hashes of the tree by level and number, from full tiles, from the entries of the unfinished part, and from the
 * tiles below an unfinished tile. What it read once it keeps, because a hash at its place never changes.
 */
export class TileReader {
  readonly #sql: LedgerSql;
  readonly #blocks = new Map<number, Block>();

  /** Roots of big subtrees known from the frontier, so that the root at a recent size needs no tiles. */
  readonly #peaks = new Map<number, Uint8Array>();

  constructor(sql: LedgerSql) {
    this.#sql = sql;
  }

  /** Takes over the frontier of the log at `size`, biggest subtree first. */
  rememberFrontier(size: number, frontier: Uint8Array): void {
    this.#peaks.clear();
    const heights = heightsOf(size).reverse();
    let from = 0;
    heights.forEach((height, position) => {
      const number = from / 2 ** height;
      this.#peaks.set(
        tilePosition(height, number),
        Uint8Array.from(frontier.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES)),
      );
      from += 2 ** height;
    });
  }

  /**
   * A buffer whose first `count` hashes are those of tile `number` of `level`. Precondition: the log has them, that
   * is (number × 256 + count) × 256^level <= size. Throws `LEDGER_CORRUPT` where rows are missing.
   */
  async tile(tx: Transaction, level: number, number: number, count: number): Promise<Uint8Array> {
    const key = tilePosition(level, number);
    const known = this.#blocks.get(key);
    if (known !== undefined && known.filled >= count) {
      this.#blocks.delete(key);
      this.#blocks.set(key, known);
      return known.hashes;
    }
    const row = await tx.get(this.#sql.tileGet, [key]);
    if (row !== undefined)
      return this.#keep(key, { hashes: fullTile(row["hashes"], level, number), filled: TILE_HASHES });
    // A copy, because another reader may be filling the same block between two of our rows.
    const block = known === undefined ? emptyBlock() : { hashes: Uint8Array.from(known.hashes), filled: known.filled };
    await (level === 0
      ? this.#fromEntries(tx, number, count, block)
      : this.#fromBelow(tx, level, number, count, block));
    return this.#keep(key, block);
  }

  /** Writes the root of the complete subtree of `height` that is the `number`-th of its height to `out`. */
  async node(tx: Transaction, height: number, number: number, out: Uint8Array): Promise<void> {
    const peak = this.#peaks.get(tilePosition(height, number));
    if (peak !== undefined) return out.set(peak, 0);
    const width = 2 ** (height % 8);
    const first = number * width;
    const tile = Math.floor(first / TILE_HASHES);
    const within = first - tile * TILE_HASHES;
    const hashes = await this.tile(tx, Math.floor(height / 8), tile, within + width);
    foldPerfect(hashes, within, width, out, 0);
  }

  async #fromEntries(tx: Transaction, number: number, count: number, block: Block): Promise<void> {
    const first = number * TILE_HASHES + block.filled;
    const rows = await tx.all(this.#sql.entryRange, [first, number * TILE_HASHES + count]);
    for (const row of rows) {
      if (row["idx"] !== number * TILE_HASHES + block.filled) break;
      leafHashOfText(String(row["body"]), block.hashes, block.filled * HASH_BYTES);
      block.filled++;
    }
    if (block.filled < count) {
      throw corrupt(`entry ${number * TILE_HASHES + block.filled} is missing`, "indexes have no gaps below the head");
    }
  }

  async #fromBelow(tx: Transaction, level: number, number: number, count: number, block: Block): Promise<void> {
    for (; block.filled < count; block.filled++) {
      const child = number * TILE_HASHES + block.filled;
      const row = await tx.get(this.#sql.tileGet, [tilePosition(level - 1, child)]);
      const hashes = fullTile(row?.["hashes"], level - 1, child);
      foldPerfect(hashes, 0, TILE_HASHES, block.hashes, block.filled * HASH_BYTES);
    }
  }

  #keep(key: number, block: Block): Uint8Array {
    this.#blocks.delete(key);
    this.#blocks.set(key, block);
    if (this.#blocks.size > BLOCKS_MAX) {
      const oldest = this.#blocks.keys().next();
      if (oldest.done === false) this.#blocks.delete(oldest.value);
    }
    return block.hashes;
  }
}

function emptyBlock(): Block {
  return { hashes: new Uint8Array(TILE_HASHES * HASH_BYTES), filled: 0 };
}

function fullTile(hashes: unknown, level: number, number: number): Uint8Array {
  if (hashes instanceof Uint8Array && hashes.length === TILE_HASHES * HASH_BYTES) return hashes;
  throw corrupt(`tile ${number} of level ${level} is missing or short`, "every full tile is stored once");
}
