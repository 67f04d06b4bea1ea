import { Audit } from "./audit.ts";
import type { Entry } from "./entry.ts";
import type { Report } from "./verdict.ts";

/** The audit beside a verification: its findings go to the same report. */
export class AuditReport {
  readonly #report: Report;
  readonly #now: number;
  readonly #audit = new Audit();

  /** `now`: seconds since 1970; by default the clock. */
  constructor(report: Report, now: number = Date.now() / 1000) {
    this.#report = report;
    this.#now = now * 1000;
  }

  entry(entry: Entry, index: number): void {
    this.#audit.entry(entry, index);
  }

  /** `whole`: what an entry answers should be here too. */
  finish(whole: boolean): void {
    for (const finding of this.#audit.finish(this.#now)) {
      // The check of sequences reports these with or without an audit.
      if (finding.code !== "UNFINISHED") this.#report.add(finding);
    }
    if (!whole) this.#report.notProven.push("the order rules where they lead to entries that are not here");
  }
}
