import { opensCommitment } from "./commitment.ts";
import { CompactRange, compactRangeOf, coverLevels } from "./compact-range.ts";
import { Cursor } from "./cursor.ts";
import { sameBytes } from "./encoding.ts";
import { readScanned } from "./entry-reader.ts";
import { EntryScan } from "./entry-scan.ts";
import { uuidBytes } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { VerifyError } from "./errors.ts";
import { erasedBy, GoneFields } from "./gone-fields.ts";
import type { EntryRow, LogRows, PrivateRow } from "./log-rows.ts";
import { TileCheck } from "./log-tiles.ts";
import { Report } from "./verdict.ts";

/** Width of a subtree that one core checks at a time: a hash of level 16, which is two levels of tiles. */
export const BLOCK_ENTRIES = 65_536;
export const BLOCK_LEVEL = 16;

/** Part of a log, whole tiles long, and the sizes inside it whose root will be asked for. */
export interface BlockTask {
  readonly from: number;
  readonly sizes: readonly number[];
}

/** What is left to know of a block in which nothing is wrong. */
export interface CleanBlock {
  readonly from: number;
  readonly root: Uint8Array;
  readonly opened: number;
  /** Each emitter with its first counter and the one that comes next. */
  readonly emitters: readonly (readonly [id: string, first: number, next: number])[];
  readonly intents: readonly (readonly [id: string, index: number])[];
  /** What receipts name that is no intent of this block. */
  readonly answered: readonly string[];
  /** Private fields that are not there, as `GoneFields` names them, and those that an `erasure` of the block names besides. */
  readonly gone: readonly string[];
  readonly erasedBefore: readonly string[];
  /** Subtree roots of the block up to each size that was asked for. */
  readonly frontiers: ReadonlyMap<number, Uint8Array>;
}

/** Checks a block by itself; undefined if anything in it is amiss, which the walk over the whole log will then name. */
export function checkBlock(rows: LogRows, task: BlockTask): CleanBlock | undefined {
  const check = new BlockCheck(rows, task);
  try {
    return check.run();
  } catch (error) {
    if (error instanceof VerifyError) return undefined;
    throw error;
  }
}

/** Root at a size inside a block, of what lies before the block and of the block up to there. */
export function rootInside(from: number, before: Uint8Array, size: number, frontier: Uint8Array): Uint8Array {
  const range = compactRangeOf(from, hashesOf(before));
  const levels = coverLevels(from, size);
  for (const [at, hash] of hashesOf(frontier).entries()) range.append(hash, levels[at] ?? 0);
  return range.root();
}

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
}

class BlockCheck {
  readonly #rows: LogRows;
  readonly #from: number;
  readonly #sizes: readonly number[];
  readonly #report = new Report("log");
  readonly #range: CompactRange;
  readonly #tiles: TileCheck;
  readonly #scan = new EntryScan();
  readonly #privates: Cursor<PrivateRow>;
  readonly #counters = new Map<string, { readonly first: number; next: number }>();
  readonly #intents = new Map<string, number>();
  readonly #answered = new Set<string>();
  readonly #gone = new GoneFields();
  readonly #frontiers = new Map<number, Uint8Array>();
  #opened = 0;

  constructor(rows: LogRows, { from, sizes }: BlockTask) {
    this.#rows = rows;
    this.#from = from;
    this.#sizes = sizes;
    this.#tiles = new TileCheck(rows, this.#report, from);
    this.#range = new CompactRange((level, hash) => {
      if (level === 1) this.#tiles.add(1, hash);
    });
    this.#privates = new Cursor(rows.privates(from, from + BLOCK_ENTRIES));
  }

  run(): CleanBlock | undefined {
    let size = 0;
    for (const row of this.#rows.entries(this.#from, this.#from + BLOCK_ENTRIES)) {
      if (row.idx !== this.#from + this.#range.size || !this.#entry(row)) return undefined;
      if (row.idx + 1 === this.#sizes[size]) {
        this.#frontiers.set(row.idx + 1, this.#range.frontier());
        size += 1;
      }
    }
    const whole = this.#range.size === BLOCK_ENTRIES && size === this.#sizes.length;
    if (!whole || this.#privates.peek() !== undefined || !this.#report.isEmpty || this.#gone.isFull) {
      return undefined;
    }
    return {
      from: this.#from,
      root: this.#range.root(),
      opened: this.#opened,
      emitters: [...this.#counters].map(([id, { first, next }]) => [id, first, next]),
      intents: [...this.#intents],
      answered: [...this.#answered],
      gone: this.#gone.gone,
      erasedBefore: this.#gone.erasedBefore,
      frontiers: this.#frontiers,
    };
  }

  #entry(row: EntryRow): boolean {
    const scan = this.#scan;
    const range = this.#range;
    const accepted = scan.scan(row.body);
    this.#tiles.add(0, accepted ? range.appendLeafInput(scan.leafInput) : range.appendEntry(row.body));
    if (accepted && !scan.needsReading) {
      return this.#counts(scan.emitter, scan.counter) && scan.hasId(row.id) && this.#openings(row.idx, undefined);
    }
    const entry = readScanned(row.body, accepted, scan);
    this.#follow(entry, row.idx);
    if (entry.kind === "erasure" && erasedBy(entry.data).some((name) => this.#rows.hasPrivate(name))) return false;
    const isNamed = sameBytes(uuidBytes(entry.id), row.id);
    return isNamed && this.#counts(entry.src.id, entry.src.n) && this.#openings(row.idx, entry);
  }

  #counts(emitter: string, counter: number): boolean {
    const known = this.#counters.get(emitter);
    if (known === undefined) this.#counters.set(emitter, { first: counter, next: counter + 1 });
    else if (known.next !== counter) return false;
    else known.next += 1;
    return true;
  }

  #follow({ kind, id, refs }: Entry, index: number): void {
    if (kind === "execution.intent") this.#intents.set(id, index);
    if (kind !== "execution.receipt") return;
    for (const ref of refs) if (!this.#intents.delete(ref.id)) this.#answered.add(ref.id);
  }

  #openings(index: number, entry: Entry | undefined): boolean {
    const there = entry === undefined ? undefined : new Set<string>();
    for (let row = this.#privates.peek(); row?.idx === index; row = this.#privates.next()) {
      const commitment = entry?.private.get(row.field);
      if (commitment === undefined || !opensCommitment(commitment, row.salt, row.body)) return false;
      there?.add(row.field);
      this.#opened += 1;
    }
    if (entry !== undefined && there !== undefined) this.#gone.entry(entry, index, there);
    return true;
  }
}
