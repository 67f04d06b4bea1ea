const POOL_BYTES = 4_096;

/** Random bytes fetched many at a time, for ids alone: asking the system costs more than using them. */
export class RandomPool {
  readonly #random: (bytes: number) => Uint8Array;
  #bytes = new Uint8Array(0);
  #used = 0;

  constructor(random: (bytes: number) => Uint8Array) {
    this.#random = random;
  }

  /** `count` bytes that were given to nobody else; at most 4,096. */
  take(count: number): Uint8Array {
    if (this.#used + count > this.#bytes.length) {
      this.#bytes = this.#random(POOL_BYTES).slice();
      this.#used = 0;
    }
    const taken = this.#bytes.subarray(this.#used, this.#used + count);
    this.#used += count;
    return taken;
  }
}
