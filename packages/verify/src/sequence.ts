import type { Entry } from "./entry.ts";
import { isJsonObject } from "./json.ts";
import type { Json } from "./json.ts";
import type { Report } from "./verdict.ts";
import { clip } from "./verifier-key.ts";

/** Emitters and open intents that are kept in mind, so that memory has a bound. */
const REMEMBERED_MAX = 100_000;

/** How the ids of emitters begin that are ledgers: no caller may pose as one. */
const OWN_EMITTERS = "ledger:";

/** See `CleanBlock`. */
export interface SequenceSummary {
  readonly emitters: readonly (readonly [id: string, first: number, next: number])[];
  readonly intents: readonly (readonly [id: string, index: number])[];
  readonly answered: readonly string[];
}

/**
 * What counters and references say about missing entries. `contiguous`: every entry of the stretch is seen, so each
 * emitter's counter must go up by one; otherwise other entries may lie between and it must only go up.
 */
export class SequenceCheck {
  readonly #report: Report;
  readonly #contiguous: boolean;
  readonly #next = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #intents = new Map<string, number>();
  #closed = false;
  #fromStart: boolean;
  #full = false;

  constructor(report: Report, options: { readonly contiguous: boolean; readonly fromStart: boolean }) {
    this.#report = report;
    this.#contiguous = options.contiguous;
    this.#fromStart = options.fromStart;
  }

  /** True once a `run.closed` was seen and its counts held. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The counter that an emitter's next entry must have, 0 for one never seen; undefined when too many were seen to know. */
  nextOf(emitter: string): number | undefined {
    return this.#next.get(emitter) ?? (this.#full ? undefined : 0);
  }

  entry(entry: Entry, index: number): void {
    this.counter(entry.src.id, entry.src.n, index);
    if (entry.kind === "execution.intent") this.#remember(this.#intents, entry.id, index);
    if (entry.kind === "execution.receipt") for (const { id } of entry.refs) this.#intents.delete(id);
  }

  counter(emitter: string, n: number, index: number): void {
    const next = this.#next.get(emitter);
    const expected = next ?? (this.#fromStart && !this.#full ? 0 : n);
    if (this.#contiguous ? n !== expected : n < expected) {
      const what = `emitter \`${emitter}\` counts \`${n}\` where \`${expected}\` was next`;
      this.#report.add({ code: "SEQUENCE_GAP", aspect: "completeness", where: { index }, what });
    }
    this.#remember(this.#next, emitter, n + 1);
  }

  /** Takes what was learned of a stretch of entries elsewhere; false, with nothing done, if it does not go on from here. */
  join({ emitters, intents, answered }: SequenceSummary): boolean {
    if (this.#full || this.#next.size + emitters.length > REMEMBERED_MAX) return false;
    for (const [id, first] of emitters) if (first !== (this.#next.get(id) ?? 0)) return false;
    for (const [id, , next] of emitters) this.#next.set(id, next);
    for (const id of answered) this.#intents.delete(id);
    for (const [id, index] of intents) this.#remember(this.#intents, id, index);
    return true;
  }

  /** Entries of one run: counts them, and holds the counts against its `run.closed`. */
  runEntry(entry: Entry, index: number): void {
    if (entry.kind === "run.closed") this.#close(entry, index);
    else this.count(entry.src.id);
  }

  /** One more entry of the run by an emitter. */
  count(emitter: string): void {
    this.#remember(this.#counts, emitter, (this.#counts.get(emitter) ?? 0) + 1);
  }

  finish(): void {
    for (const [id, index] of this.#intents) {
      const what = `intent \`${id}\` has no receipt here: unfinished`;
      this.#report.add({ code: "UNFINISHED", aspect: "meaning", where: { index }, what });
    }
    if (this.#full) this.#report.notProven.push(`counters and intents beyond the first ${REMEMBERED_MAX} of them`);
  }

  /**
   * Holds the table of emitters, each with the counter that comes next, against the entries. It has a row for each
   * emitter but those that the ledger is itself.
   */
  compareSources(sources: Iterable<{ readonly id: string; readonly next: number }>): void {
    const listed = new Set<string>();
    for (const { id, next } of sources) {
      if (this.#next.has(id)) listed.add(id);
      const counted = this.nextOf(id);
      if (counted !== undefined && counted !== next) this.#otherSource(id, `\`${next}\` comes next`, counted);
    }
    for (const [id, next] of this.#next) {
      if (!listed.has(id) && !id.startsWith(OWN_EMITTERS)) this.#otherSource(id, "nothing came", next);
    }
  }

  #otherSource(id: string, said: string, counted: number): void {
    const what = `the table of emitters says ${said} from \`${clip(id)}\`, the entries say \`${counted}\` is next`;
    this.#report.add({ code: "SOURCE_MISMATCH", aspect: "integrity", where: {}, what });
  }

  #close(entry: Entry, index: number): void {
    const stated = statedCounts(entry.data["emitters"]);
    this.#closed = stated !== undefined;
    if (stated === undefined) return;
    for (const emitter of new Set([...stated.keys(), ...this.#counts.keys()])) {
      const [said, seen] = [stated.get(emitter) ?? 0, this.#counts.get(emitter) ?? 0];
      if (said === seen) continue;
      const what = `\`run.closed\` states \`${said}\` entries of emitter \`${emitter}\`, here are \`${seen}\``;
      this.#report.add({ code: "RUN_COUNT", aspect: "completeness", where: { index }, what });
    }
  }

  #remember(map: Map<string, number>, key: string, value: number): void {
    if (map.size < REMEMBERED_MAX || map.has(key)) map.set(key, value);
    else this.#full = true;
  }
}

/** `[{"entries": n, "id": emitter}, …]`: entries of the run before its `run.closed`. */
function statedCounts(value: Json | undefined): Map<string, number> | undefined {
  if (!Array.isArray(value)) return undefined;
  const counts = new Map<string, number>();
  for (const item of value as readonly Json[]) {
    if (!isJsonObject(item)) return undefined;
    const { id, entries } = item;
    if (typeof id !== "string" || typeof entries !== "number") return undefined;
    counts.set(id, entries);
  }
  return counts;
}
