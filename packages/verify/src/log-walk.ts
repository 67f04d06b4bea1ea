import type { AuditReport } from "./audit-report.ts";
import { opensCommitment } from "./commitment.ts";
import { CompactRange } from "./compact-range.ts";
import { Cursor } from "./cursor.ts";
import { sameBytes } from "./encoding.ts";
import { readScanned } from "./entry-reader.ts";
import { uuidBytes } from "./entry.ts";
import type { Entry } from "./entry.ts";
import { VerifyError } from "./errors.ts";
import { erasedBy, GoneFields } from "./gone-fields.ts";
import { EntryScan } from "./entry-scan.ts";
import type { StoredCheckpoints } from "./log-checkpoints.ts";
import { BLOCK_ENTRIES, BLOCK_LEVEL, rootInside } from "./log-block.ts";
import type { CleanBlock } from "./log-block.ts";
import type { CheckpointRow, EntryRow, LogRows, PrivateRow } from "./log-rows.ts";
import { TileCheck } from "./log-tiles.ts";
import type { Remembered } from "./remembered.ts";
import { SequenceCheck } from "./sequence.ts";
import type { Report } from "./verdict.ts";
import { clip } from "./verifier-key.ts";

/** Nonce and tag of sealed content. */
const SEAL_BYTES = 12 + 16;

export interface WalkParts {
  /** What was checked on other cores, by first index. */
  readonly blocks: ReadonlyMap<number, CleanBlock>;
  readonly rows: LogRows;
  readonly report: Report;
  readonly checkpoints: StoredCheckpoints;
  readonly since: Remembered | undefined;
  readonly audit: AuditReport | undefined;
  /** See `LogFileOptions`. */
  readonly sealed: boolean;
}

/** The one pass over a log, entry by entry, that everything stored beside the entries is held against. */
export class LogWalk {
  readonly #rows: LogRows;
  readonly #report: Report;
  readonly #checkpoints: StoredCheckpoints;
  readonly #since: Remembered | undefined;
  readonly #blocks: ReadonlyMap<number, CleanBlock>;
  readonly #audit: AuditReport | undefined;
  readonly #tiles: TileCheck;
  readonly #range: CompactRange;
  readonly #sequence: SequenceCheck;
  readonly #gone = new GoneFields();
  #privates: Cursor<PrivateRow>;
  readonly #stored: Cursor<CheckpointRow>;
  readonly #scan = new EntryScan();
  #lastGoodSize = 0;
  readonly #maySeal: boolean;
  #sealed = 0;

  constructor({ blocks, rows, report, checkpoints, since, audit, sealed }: WalkParts) {
    this.#maySeal = sealed;
    this.#audit = audit;
    this.#blocks = blocks;
    this.#rows = rows;
    this.#report = report;
    this.#checkpoints = checkpoints;
    this.#since = since;
    this.#tiles = new TileCheck(rows, report);
    this.#range = new CompactRange((level, hash) => this.#tiles.add(level, hash));
    this.#sequence = new SequenceCheck(report, { contiguous: true, fromStart: true });
    this.#privates = new Cursor(rows.privates());
    this.#stored = new Cursor(rows.checkpoints("rising"));
  }

  get size(): number {
    return this.#range.size;
  }

  /** The last size at which a signed root and the entries agreed. */
  get good(): { lastGoodSize: number } {
    return { lastGoodSize: this.#lastGoodSize };
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  frontier(): Uint8Array {
    return this.#range.frontier();
  }

  run(): void {
    this.#compareRoots();
    while (this.#range.size % BLOCK_ENTRIES === 0 && this.#join(this.#blocks.get(this.#range.size)));
    for (const row of this.#rows.entries(this.#range.size, Number.MAX_SAFE_INTEGER)) {
      if (row.idx !== this.#range.size && !this.#fill(row.idx)) return;
      this.#entry(row);
      this.#compareRoots();
    }
    this.#finish();
  }

  // A block that was checked elsewhere; false, with nothing done, if it must be walked after all.
  #join(block: CleanBlock | undefined): boolean {
    const field = this.#privates.peek();
    if (block === undefined || (field !== undefined && field.idx < block.from)) return false;
    const end = block.from + BLOCK_ENTRIES;
    const sizes = this.#rows.checkpointSizes(block.from, end);
    const there = this.#since?.head.size ?? 0;
    if (there > block.from && there < end) sizes.push(there);
    if (sizes.some((size) => !block.frontiers.has(size)) || !this.#sequence.join(block)) return false;
    this.#gone.join(block);
    const before = this.frontier();
    for (const [size, frontier] of block.frontiers)
      this.#compareAt(size, rootInside(block.from, before, size, frontier));
    this.#range.append(block.root, BLOCK_LEVEL);
    this.#tiles.skip(BLOCK_ENTRIES);
    this.#tiles.add(2, block.root);
    this.#report.entries += BLOCK_ENTRIES;
    this.#report.opened += block.opened;
    this.#privates = new Cursor(this.#rows.privates(end));
    this.#compareRoots();
    return true;
  }

  #entry(row: EntryRow): void {
    const accepted = this.#scan.scan(row.body);
    const range = this.#range;
    this.#tiles.add(0, accepted ? range.appendLeafInput(this.#scan.leafInput) : range.appendEntry(row.body));
    this.#report.entries += 1;
    if (accepted && !this.#scan.needsReading && this.#audit === undefined) {
      this.#sequence.counter(this.#scan.emitter, this.#scan.counter, row.idx);
      if (!this.#scan.hasId(row.id)) this.#wrongId(row.idx);
      return this.#openings(row.idx, undefined);
    }
    const entry = this.#read(row, accepted);
    if (entry !== undefined) {
      this.#sequence.entry(entry, row.idx);
      this.#audit?.entry(entry, row.idx);
      if (entry.kind === "erasure") this.#erasure(entry, row.idx);
      if (!sameBytes(uuidBytes(entry.id), row.id)) this.#wrongId(row.idx);
    }
    this.#openings(row.idx, entry);
  }

  // Rows and their `erasure` go in one transaction, so only a change from outside leaves content behind: integrity.
  #erasure({ data }: Entry, at: number): void {
    for (const { index, field } of erasedBy(data)) {
      if (!this.#rows.hasPrivate({ index, field })) continue;
      const what = `private field \`${clip(field)}\` of entry \`${index}\` is there, and the \`erasure\` at \`${at}\` says it is not`;
      this.#report.add({ code: "NOT_ERASED", aspect: "integrity", where: { index, field }, what });
    }
  }

  #wrongId(index: number): void {
    this.#bad("ID_MISMATCH", index, "its id column names another id");
  }

  #openings(index: number, entry: Entry | undefined): void {
    const there = entry === undefined ? undefined : new Set<string>();
    for (let field = this.#privates.peek(); field !== undefined && field.idx <= index; field = this.#privates.next()) {
      this.#private(field, field.idx === index ? entry : undefined);
      if (field.idx === index) there?.add(field.field);
    }
    if (entry !== undefined && there !== undefined) this.#gone.entry(entry, index, there);
  }

  #read(row: EntryRow, accepted: boolean): Entry | undefined {
    try {
      return readScanned(row.body, accepted, this.#scan);
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      this.#bad(error.code, row.idx, error.message);
      return undefined;
    }
  }

  #private({ idx, field, salt, body }: PrivateRow, entry: Entry | undefined): void {
    const commitment = entry?.private.get(field);
    if (this.#maySeal && commitment !== undefined && body.length === commitment.n + SEAL_BYTES && salt.length === 32) {
      this.#sealed += 1;
      return;
    }
    this.#report.opened += 1;
    if (commitment !== undefined && opensCommitment(commitment, salt, body)) return;
    const what = `private field \`${clip(field)}\` of entry \`${idx}\` is not what the entry committed to`;
    this.#report.add({ code: "COMMITMENT_MISMATCH", aspect: "integrity", where: { index: idx, field }, what });
  }

  // A missing entry's leaf is still in its tile, so that what follows can be checked all the same.
  #fill(next: number): boolean {
    const from = this.#range.size;
    const what = next < from ? `index \`${next}\` stands twice` : `entries \`${from}\` to \`${next - 1}\` are missing`;
    this.#report.add({ code: "INDEX_GAP", aspect: "integrity", where: { index: from }, what, ...this.good });
    while (this.#range.size < next) {
      const leaf = this.#tiles.storedLeaf(this.#range.size);
      if (leaf === undefined) return false;
      this.#range.append(leaf);
      this.#tiles.add(0, leaf);
      this.#compareRoots();
    }
    return this.#range.size === next;
  }

  #compareRoots(): void {
    this.#compareAt(this.#range.size);
  }

  #compareAt(size: number, given?: Uint8Array): void {
    if (this.#since?.head.size === size && size > 0) this.#since.compareRoot(given ?? this.root());
    for (let row = this.#stored.peek(); row !== undefined && row.size <= size; row = this.#stored.next()) {
      if (row.size < size) continue;
      if (this.#checkpoints.compare(row, given ?? this.root(), this.#lastGoodSize)) this.#lastGoodSize = size;
    }
  }

  #finish(): void {
    for (let field = this.#privates.peek(); field !== undefined; field = this.#privates.next())
      this.#private(field, undefined);
    this.#tiles.finish(this.#range.size);
    this.#sequence.finish();
    this.#gone.finish(this.#report);
    if (this.#sealed > 0)
      this.#report.notProven.push(`that ${this.#sealed} private fields, which are sealed, hold what was committed to`);
    this.#sequence.compareSources(this.#rows.sources());
    if (this.#checkpoints.untrusted > 0) {
      this.#report.notProven.push(
        `the signatures of ${this.#checkpoints.untrusted} checkpoints by keys not in the policy`,
      );
    }
  }

  #bad(code: string, index: number, reason: string): void {
    this.#report.add({
      code,
      aspect: "integrity",
      where: { index },
      what: `entry \`${index}\`: ${reason}`,
      ...this.good,
    });
  }
}
