import type { BundleLine } from "./bundle-line.ts";
import { CompactRange, compactRangeOf, coverLevels } from "./compact-range.ts";
import { sameBytes } from "./encoding.ts";
import { malformed } from "./errors.ts";

const STRETCH_ENTRIES_MAX = 65_536;

/** Consecutive entries under one range proof: left boundary, leaves, right boundary give the root of the whole tree. */
export class Stretch {
  readonly from: number;
  readonly to: number;
  /** The line that opened it. */
  readonly line: number;
  /** Index of the entry that must come next. */
  next: number;
  /** True once an entry was missing, so that no root can come out. */
  broken = false;
  /** The root at the size that was asked for, if the stretch passed over it. */
  rootThere: Uint8Array | undefined;
  readonly #range: CompactRange;
  readonly #right: readonly Uint8Array[];
  readonly #levels: readonly number[];
  readonly #size: number;

  constructor(proof: Extract<BundleLine, { type: "range" }>, size: number, line: number) {
    const { from, to, left, right } = proof;
    if (from >= to || to > size)
      throw malformed("BUNDLE_SYNTAX", "a range does not lie inside the log", "from < to <= size");
    if (to - from > STRETCH_ENTRIES_MAX) {
      throw malformed("BUNDLE_SYNTAX", "a range is too long", `a stretch has at most ${STRETCH_ENTRIES_MAX} entries`);
    }
    this.#levels = coverLevels(to, size);
    if (this.#levels.length !== right.length) {
      throw malformed(
        "PROOF_SYNTAX",
        "a right boundary does not fit the size",
        `it has \`${this.#levels.length}\` hashes`,
      );
    }
    this.#range = compactRangeOf(from, left);
    this.#right = right;
    this.#size = size;
    this.from = from;
    this.to = to;
    this.line = line;
    this.next = from;
  }

  get done(): boolean {
    return this.next >= this.to;
  }

  /** Appends the next entry: its text, or 0x00 and its bytes. */
  append(entry: string | Uint8Array, rootAt: number | undefined): void {
    if (rootAt === this.#range.size && this.#range.size > 0) this.rootThere ??= this.#range.root();
    if (typeof entry === "string") this.#range.appendEntry(entry);
    else this.#range.appendLeafInput(entry);
    this.next += 1;
    if (rootAt === this.#range.size) this.rootThere ??= this.#range.root();
  }

  /** True if the entries are where the range says, under the tree with `root`. */
  proves(root: Uint8Array): boolean {
    if (this.broken) return false;
    for (const [at, hash] of this.#right.entries()) this.#range.append(hash, this.#levels[at] ?? 0);
    return this.#range.size === this.#size && sameBytes(this.#range.root(), root);
  }
}
