import type { BundleScope } from "./bundle-line.ts";
import type { Entry } from "./entry.ts";
import type { EntryScan } from "./entry-scan.ts";
import { SequenceCheck } from "./sequence.ts";
import type { Report } from "./verdict.ts";
import { clip } from "./verifier-key.ts";

/** Holds the entries of a bundle against what it says it is about: nothing missing, nothing else. */
export class ScopeCheck {
  readonly #scope: BundleScope;
  readonly #report: Report;
  readonly #sequence: SequenceCheck;
  /** Position in the list of expected indexes, or the expected index itself. */
  #next: number;

  constructor(scope: BundleScope, report: Report) {
    this.#scope = scope;
    this.#report = report;
    this.#next = scope.kind === "range" ? scope.from : 0;
    const contiguous = scope.kind === "range";
    this.#sequence = new SequenceCheck(report, { contiguous, fromStart: contiguous && scope.from === 0 });
  }

  /** True if what an entry answers should be here too: all of a run, or all from the log's beginning. */
  get isWhole(): boolean {
    return this.#scope.kind === "run" || (this.#scope.kind === "range" && this.#scope.from === 0);
  }

  /** The same for an entry that was scanned, not read; false if it must be read after all, with nothing done. */
  scanned(scan: EntryScan, index: number, line: number): boolean {
    const scope = this.#scope;
    if (scope.kind === "tenant" || (scope.kind === "run" && scan.run !== scope.run)) return false;
    this.#sequence.counter(scan.emitter, scan.counter, index);
    if (scope.kind === "run") this.#sequence.count(scan.emitter);
    else if (scope.kind === "range") this.#ranged(scope, index, line);
    else this.#listed(scope.indexes, index, line);
    return true;
  }

  entry(entry: Entry, index: number, line: number): void {
    const scope = this.#scope;
    this.#sequence.entry(entry, index);
    if (scope.kind === "run") {
      if (entry.run === scope.run) this.#sequence.runEntry(entry, index);
      // The policies that the run's decisions were made by may come with it.
      else if (entry.kind !== "policy.changed") this.#foreign(index, line, `it is not of run \`${clip(scope.run)}\``);
    } else if (scope.kind === "tenant") {
      if (entry.tenant !== scope.tenant) this.#foreign(index, line, `it is not of tenant \`${clip(scope.tenant)}\``);
    } else if (scope.kind === "range") this.#ranged(scope, index, line);
    else this.#listed(scope.indexes, index, line);
  }

  /** `whole`: the last line was there, so whatever did not come is missing. */
  finish(whole: boolean): void {
    const scope = this.#scope;
    this.#sequence.finish();
    if (scope.kind === "run" && whole && !this.#sequence.closed) {
      const what = "no `run.closed` with counts is here: entries of the run may have been left out unseen";
      this.#report.add({ code: "RUN_OPEN", aspect: "meaning", where: {}, what });
    }
    if (scope.kind === "tenant") this.#report.notProven.push("that every entry of the tenant is here");
    if (!whole) return;
    if (scope.kind === "range" && this.#next < scope.to) this.#missing(this.#next, scope.to - 1);
    if (scope.kind === "entries") for (const index of scope.indexes.slice(this.#next)) this.#missing(index, index);
  }

  #ranged(scope: { readonly from: number; readonly to: number }, index: number, line: number): void {
    if (index < scope.from || index >= scope.to) this.#foreign(index, line, "it lies outside the range asked for");
    else if (index > this.#next) this.#missing(this.#next, index - 1, line);
    this.#next = index + 1;
  }

  #listed(indexes: readonly number[], index: number, line: number): void {
    for (let wanted = indexes[this.#next]; wanted !== undefined && wanted < index; wanted = indexes[this.#next]) {
      this.#missing(wanted, wanted, line);
      this.#next += 1;
    }
    if (indexes[this.#next] === index) this.#next += 1;
    else this.#foreign(index, line, "it is not among the entries asked for");
  }

  #foreign(index: number, line: number, why: string): void {
    const what = `entry \`${index}\` does not belong in this bundle: ${why}`;
    this.#report.add({ code: "OUT_OF_SCOPE", aspect: "integrity", where: { line, index }, what });
  }

  #missing(from: number, to: number, line?: number): void {
    const what = from === to ? `entry \`${from}\` is missing` : `entries \`${from}\` to \`${to}\` are missing`;
    const where = { index: from, ...(line === undefined ? {} : { line }) };
    this.#report.add({ code: "ENTRY_MISSING", aspect: "completeness", where, what });
  }
}
