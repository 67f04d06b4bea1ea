import { sameBytes } from "./encoding.ts";
import type { LogRows } from "./log-rows.ts";
import { HASH_BYTES } from "./merkle.ts";
import type { Report } from "./verdict.ts";

const TILE_HASHES = 256;
const TILE_BYTES = TILE_HASHES * HASH_BYTES;

interface WorkingTile {
  readonly hashes: Uint8Array;
  /** Hashes seen on this level so far. */
  count: number;
}

/** Compares every full tile of the log with the hashes that the entries give. */
export class TileCheck {
  readonly #rows: LogRows;
  readonly #report: Report;
  readonly #levels: WorkingTile[] = [];

  /** `from`: index of the first entry, at the beginning of a tile of level 1. */
  constructor(rows: LogRows, report: Report, from = 0) {
    this.#rows = rows;
    this.#report = report;
    if (from > 0) this.skip(from);
  }

  /** The next hash of a level. */
  add(level: number, hash: Uint8Array): void {
    const working = (this.#levels[level] ??= { hashes: new Uint8Array(TILE_BYTES), count: 0 });
    const slot = working.count % TILE_HASHES;
    working.hashes.set(hash, slot * HASH_BYTES);
    working.count += 1;
    if (slot === TILE_HASHES - 1) this.#compare(level, working.count / TILE_HASHES - 1, working.hashes);
  }

  /** Goes on after `entries` more, whose tiles of level 0 and 1 were compared elsewhere and are full. */
  skip(entries: number): void {
    for (const level of [0, 1]) {
      const working = (this.#levels[level] ??= { hashes: new Uint8Array(TILE_BYTES), count: 0 });
      working.count += entries / TILE_HASHES ** level;
    }
  }

  /** The leaf hash that a stored tile holds for an index. */
  storedLeaf(index: number): Uint8Array | undefined {
    const tile = this.#rows.tile(0, Math.floor(index / TILE_HASHES));
    const at = (index % TILE_HASHES) * HASH_BYTES;
    return tile?.length === TILE_BYTES ? tile.slice(at, at + HASH_BYTES) : undefined;
  }

  finish(size: number): void {
    let expected = 0;
    for (let width = Math.floor(size / TILE_HASHES); width > 0; width = Math.floor(width / TILE_HASHES))
      expected += width;
    const found = this.#rows.tileCount();
    if (found <= expected) return;
    const what = `there are \`${found}\` tiles, a log of size \`${size}\` has \`${expected}\``;
    this.#report.add({ code: "TILE_EXTRA", aspect: "integrity", where: {}, what });
  }

  #compare(level: number, number: number, hashes: Uint8Array): void {
    const stored = this.#rows.tile(level, number);
    const tile = `${level}/${number}`;
    if (stored === undefined) {
      const what = `tile \`${tile}\` is missing`;
      return this.#report.add({ code: "TILE_MISSING", aspect: "completeness", where: { tile }, what });
    }
    if (sameBytes(stored, hashes)) return;
    let at = 0;
    while (at < TILE_BYTES && stored[at] === hashes[at]) at += 1;
    const index = (number * TILE_HASHES + Math.floor(at / HASH_BYTES)) * TILE_HASHES ** level;
    const what =
      level === 0
        ? `entry \`${index}\` does not have the hash that tile \`${tile}\` holds: one of them was changed`
        : `tile \`${tile}\` does not hold the hashes of the tiles below it, from entry \`${index}\` on`;
    this.#report.add({ code: "TILE_MISMATCH", aspect: "integrity", where: { index, tile }, what });
  }
}
