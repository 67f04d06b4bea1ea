/** Changes of bytes and proofs that a seed replays. */
export class Mutations {
  readonly seed: number;
  #state: number;

  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed;
  }

  /** Where the sequence stands; a `Mutations` of it goes on from here. */
  get state(): number {
    return this.#state;
  }

  /** Below `end`. */
  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * end);
  }

  /** One change of bytes: a bit, a byte, a piece gone, doubled or moved. Never the same bytes again. */
  bytes(original: Buffer): Buffer {
    for (;;) {
      const bytes = Buffer.from(original);
      const at = this.below(bytes.length);
      const length = 1 + this.below(Math.min(40, bytes.length - at));
      const kind = this.below(5);
      let changed: Buffer = bytes;
      if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << this.below(8));
      else if (kind === 1) bytes[at] = this.below(256);
      else if (kind === 2) changed = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
      else if (kind === 3) changed = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
      else bytes.copy(bytes, this.below(bytes.length - length + 1), at, at + length);
      if (!changed.equals(original)) return changed;
    }
  }

  /** One change of a proof: a hash gone, put in from `others`, exchanged with the next, or changed itself. */
  hashes(hashes: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
    const kind = this.below(4);
    const at = this.below(Math.max(1, hashes.length));
    if (kind === 0 && hashes.length > 0) return hashes.toSpliced(at, 1);
    if (kind === 1) return hashes.toSpliced(at, 0, others[this.below(others.length)] ?? Buffer.alloc(32));
    if (kind === 2 && hashes.length > 1) {
      const other = (at + 1) % hashes.length;
      return hashes.with(at, hashes[other] ?? Buffer.alloc(0)).with(other, hashes[at] ?? Buffer.alloc(0));
    }
    return hashes.length === 0 ? [Buffer.alloc(32)] : hashes.with(at, this.bytes(hashes[at] ?? Buffer.alloc(32)));
  }
}
