/** Emitters whose next counter is kept in memory. */
const EMITTERS_MAX = 4_096;

/**
 * Next counters of the emitters seen last. INVARIANT: right as long as the head's version is the one remembered, since
 * counters change only in the transaction that changes the head.
 */
export class EmitterCache {
  readonly #next = new Map<string, number>();

  get(id: string): number | undefined {
    return this.#next.get(id);
  }

  set(id: string, next: number): void {
    this.#next.delete(id);
    this.#next.set(id, next);
    if (this.#next.size > EMITTERS_MAX) {
      const oldest = this.#next.keys().next();
      if (oldest.done === false) this.#next.delete(oldest.value);
    }
  }

  clear(): void {
    this.#next.clear();
  }
}
