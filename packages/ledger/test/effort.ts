/** How much a test does: `each` in every run, `nightly` where `WRIT_NIGHTLY=1` (spec ledger.md §15). */
export function effort(each: number, nightly: number): number {
  return process.env["WRIT_NIGHTLY"] === "1" ? nightly : each;
}

/** Ten minutes where a machine is busy, a night at night. */
export const EFFORT_TIMEOUT_MS: number = effort(600_000, 36_000_000);
