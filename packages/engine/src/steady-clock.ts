import { formatInstant } from "@writ/canon";

/**
 * Time that never goes back: INVARIANT: `now()` is at least every value it gave before and every instant seen in
 * the log, so a clock that is set back lengthens no hold, approval or ticket (ARCHITECTURE §11).
 */
export class SteadyClock {
  readonly #clock: () => number;
  #highest = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** UTC milliseconds. */
  now(): number {
    this.saw(Math.floor(this.#clock()));
    return this.#highest;
  }

  /** Raises the mark, for instants read from the log. */
  saw(instantMs: number): void {
    if (instantMs > this.#highest) this.#highest = instantMs;
  }

  instant(): string {
    return formatInstant(this.now());
  }
}
