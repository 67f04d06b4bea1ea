import type { VerifyOptions } from "./bundle.ts";
import { CompactRange, compactRangeOf } from "./compact-range.ts";
import { sameBytes, toUtf8 } from "./encoding.ts";
import { StoredCheckpoints } from "./log-checkpoints.ts";
import type { LogRows } from "./log-rows.ts";
import { HASH_BYTES, leafHash } from "./merkle.ts";
import type { Remembered } from "./remembered.ts";
import type { Report } from "./verdict.ts";

const TILE_HASHES = 256;

/** Signatures, frontier to root, right edge, newest checkpoint, and consistency with what the reader remembers. */
export function checkLogEdge(
  rows: LogRows,
  options: VerifyOptions,
  report: Report,
  since: Remembered | undefined,
): void {
  const head = rows.head();
  if (head === undefined || head.size === 0) {
    return report.add({ code: "EMPTY", aspect: "completeness", where: {}, what: "there is no entry in it" });
  }
  report.notProven.push("that the entries before the right edge are unchanged: this was a quick check");
  const bad = (code: string, what: string): void =>
    report.add({ code, aspect: "integrity", where: { size: head.size }, what });
  const frontier = compactRangeOf(head.size, split(head.frontier));
  if (!sameBytes(frontier.root(), head.root)) bad("HEAD_MISMATCH", "the frontier does not give the head's root");
  const [smallest, largest] = [rows.smallestIndex(), rows.largestIndex()];
  if (smallest < 0) bad("INDEX_GAP", `an entry has index \`${smallest}\`, before the first of the log`);
  if (largest !== head.size - 1)
    bad("SIZE_MISMATCH", `the last entry has index \`${largest}\`, the head counts \`${head.size}\``);
  const signed = new StoredCheckpoints(options, report, rows.meta("origin")).judge(rows, head.size);
  const edge = new LogEdge(rows);
  const rebuilt = edge.rangeAt(head.size);
  if (rebuilt === undefined) bad("EDGE_MISSING", "entries or tiles at the right edge are missing");
  else if (!sameBytes(rebuilt.frontier(), head.frontier))
    bad("EDGE_MISMATCH", "the right edge does not give the frontier");
  if (signed !== undefined && signed.size <= head.size) {
    const root = edge.rangeAt(signed.size)?.root();
    if (root === undefined || !sameBytes(root, signed.root)) {
      bad("ROOT_MISMATCH", `the log does not give the root of the checkpoint of size \`${signed.size}\``);
    }
  }
  if (since !== undefined && since.head.size > 0 && since.head.size <= head.size) {
    const root = edge.rangeAt(since.head.size)?.root();
    if (root !== undefined) since.compareRoot(root);
  }
  since?.finish(signed, true);
  report.entries = head.size % TILE_HASHES;
  report.integrityChecked = signed !== undefined;
  report.completenessChecked = true;
}

/** The tree at a size, out of full tiles and at most 255 entries; reads no more than its right edge. */
class LogEdge {
  readonly #rows: LogRows;

  constructor(rows: LogRows) {
    this.#rows = rows;
  }

  rangeAt(size: number): CompactRange | undefined {
    const range = new CompactRange();
    let top = 0;
    while (TILE_HASHES ** (top + 1) <= size) top += 1;
    for (let level = top; level >= 0; level -= 1) {
      const width = TILE_HASHES ** level;
      const count = Math.floor(size / width);
      for (let at = count - (count % TILE_HASHES); at < count; at += 1) {
        const hash = level === 0 ? this.#leaf(at) : this.#node(level, at);
        if (hash === undefined) return undefined;
        range.append(hash, level * 8);
      }
    }
    return range;
  }

  #leaf(index: number): Uint8Array | undefined {
    for (const row of this.#rows.entries(index, index + 1)) return leafHash(toUtf8(row.body.toWellFormed()));
    return undefined;
  }

  // The hash of a full tile is in the tile above it, or, where that one is not full yet, comes from the tile itself.
  #node(level: number, number: number): Uint8Array | undefined {
    const above = this.#tile(level, Math.floor(number / TILE_HASHES));
    if (above !== undefined) return above[number % TILE_HASHES];
    const own = this.#tile(level - 1, number);
    if (own === undefined) return undefined;
    const range = new CompactRange();
    for (const hash of own) range.append(hash);
    return range.root();
  }

  #tile(level: number, number: number): Uint8Array[] | undefined {
    const hashes = this.#rows.tile(level, number);
    return hashes?.length === TILE_HASHES * HASH_BYTES ? split(hashes) : undefined;
  }
}

function split(hashes: Uint8Array): Uint8Array[] {
  const list: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) list.push(hashes.slice(at, at + HASH_BYTES));
  return list;
}
