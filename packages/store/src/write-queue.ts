/** One at a time, in order of arrival. Its length is bounded by the callers: each waits for its own turn. */
export class WriteQueue {
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  /** Undefined when it is the caller's turn at once; else a promise of it. Each `enter` owes one `leave`. */
  enter(): Promise<void> | undefined {
    if (!this.#busy) {
      this.#busy = true;
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    return promise;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy = false;
    else next();
  }
}
