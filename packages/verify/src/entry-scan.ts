import { asciiOf, CanonicalScan, isDigit, QUOTE } from "./canonical-scan.ts";
import { ENTRY_BYTES_MAX, ENTRY_DEPTH_MAX, isKind } from "./entry.ts";
import { KnownText } from "./known-text.ts";

/**
 * A reader of entries in one pass over their bytes, many times faster than parsing. It only ever says yes: `scan` is
 * true for text that surely is a canonical entry in good form, and false for whatever it is not sure of, which then
 * goes through `parseEntry`. INVARIANT: what it accepts without `needsReading`, `parseEntry`
 * accepts too, and reads the same; what it accepts at all is canonical and its numbers are whole.
 */
export class EntryScan extends CanonicalScan {
  /** True if the entry has private fields or references, or a kind that other checks look into. */
  needsReading = false;
  counter = 0;
  #length = 0;
  readonly #room: Uint8Array;
  readonly #views: (Uint8Array | undefined)[] = [];
  readonly #encoder = new TextEncoder();
  readonly #kind = new KnownText(this.bytes);
  readonly #emitter = new KnownText(this.bytes);
  readonly #run = new KnownText(this.bytes);
  #kindNeedsReading = false;
  readonly #starts = new Int32Array(FIELDS.length);
  readonly #ends = new Int32Array(FIELDS.length);

  constructor() {
    // A zero before the entry makes it the input of a leaf hash; one after it ends the scan.
    super(new Uint8Array(ENTRY_BYTES_MAX + 2), ENTRY_DEPTH_MAX);
    this.#room = this.bytes.subarray(1, 1 + ENTRY_BYTES_MAX);
  }

  /** Where the bytes of an entry are put for `scanRoom`: at most 32,768. */
  get room(): Uint8Array {
    return this.#room;
  }

  /** After a scan that accepted: 0x00 and the entry, what its leaf is the hash of. Lasts until the next scan. */
  get leafInput(): Uint8Array {
    // Views are kept by length, since making one costs a sixth of the hash.
    return (this.#views[this.#length] ??= this.bytes.subarray(0, 1 + this.#length));
  }

  get emitter(): string {
    return this.#emitter.text;
  }

  /** The run, or undefined. */
  get run(): string | undefined {
    return (this.#starts[RUN] ?? -1) < 0 ? undefined : this.#run.text;
  }

  scan(text: string): boolean {
    if (text.length > ENTRY_BYTES_MAX) return false;
    const { read, written } = this.#encoder.encodeInto(text, this.#room);
    return read === text.length && this.scanRoom(written);
  }

  /** Scans the first bytes of `room`. */
  scanRoom(length: number): boolean {
    this.#length = length;
    this.bytes[1 + length] = 0;
    this.begin(1);
    this.#starts.fill(-1);
    return this.#top() && this.at === 1 + length && this.#fields();
  }

  /** True if the entry's id is the UUID with these bytes. */
  hasId(wanted: Uint8Array): boolean {
    let at = (this.#starts[ID] ?? 0) + 1;
    if (wanted.length !== 16) return false;
    for (let byte = 0; byte < 16; byte += 1) {
      if (this.byteAt(at) === 0x2d) at += 1;
      if (((hexDigit(this.byteAt(at)) << 4) | hexDigit(this.byteAt(at + 1))) !== wanted[byte]) return false;
      at += 2;
    }
    return true;
  }

  #fields(): boolean {
    for (const field of REQUIRED) if ((this.#starts[field] ?? -1) < 0) return false;
    if (!this.#isKnownKind()) return false;
    this.needsReading = this.#kindNeedsReading || (this.#starts[PRIVATE] ?? -1) >= 0 || !this.#isEmptyList(REFS);
    const version = (this.#ends[V] ?? 0) - (this.#starts[V] ?? 0);
    return version === 1 && this.#isUuid() && this.#isInstant() && this.#source() && this.#plainRun();
  }

  #isKnownKind(): boolean {
    if (!this.#kind.take((this.#starts[KIND] ?? 0) + 1, (this.#ends[KIND] ?? 0) - 1)) return false;
    if (!this.#kind.isNew) return true;
    // Forgotten again unless it is a kind, so that the next entry asks anew.
    if (!isKind(this.#kind.text)) return this.#kind.forget();
    this.#kindNeedsReading = READ_KINDS.has(this.#kind.text);
    return true;
  }

  // Positions of the known fields; each value is scanned as JSON on the way.
  #top(): boolean {
    if (this.next() !== 0x7b) return false;
    let previous = -1;
    for (;;) {
      const field = this.#memberAfter(previous, FIELDS);
      if (field < 0) return false;
      previous = field;
      this.#starts[field] = this.at;
      if (this.byteAt(this.at) !== TYPES[field] || !(field === WHO ? this.#who() : this.value(1))) return false;
      this.#ends[field] = this.at;
      const mark = this.next();
      if (mark === 0x7d) return true;
      if (mark !== 0x2c) return false;
    }
  }

  // Texts with known names; `{}` is left to the parser.
  #who(): boolean {
    this.at += 1;
    let previous = -1;
    for (;;) {
      const member = this.#memberAfter(previous, WHO_MEMBERS);
      if (member < 0 || this.byteAt(this.at) !== QUOTE || !this.value(2)) return false;
      previous = member;
      const mark = this.next();
      if (mark === 0x7d) return true;
      if (mark !== 0x2c) return false;
    }
  }

  // A key, by its place among names in their canonical order; -1 unless it comes after the one before.
  #memberAfter(previous: number, names: readonly Uint8Array[]): number {
    const start = this.at + 1;
    if (!this.key()) return -1;
    const length = this.at - 2 - start;
    for (let member = previous + 1; member < names.length; member += 1) {
      const name = names[member] ?? NO_BYTES;
      if (name.length === length && this.holds(start, name)) return member;
    }
    return -1;
  }

  #isEmptyList(field: number): boolean {
    const start = this.#starts[field] ?? -1;
    return start < 0 || (this.#ends[field] ?? 0) - start === 2;
  }

  #plainRun(): boolean {
    const start = this.#starts[RUN] ?? -1;
    return start < 0 || this.#run.take(start + 1, (this.#ends[RUN] ?? 0) - 1);
  }

  #isUuid(): boolean {
    const start = (this.#starts[ID] ?? 0) + 1;
    if ((this.#ends[ID] ?? 0) - start !== 37) return false;
    for (let at = 0; at < 36; at += 1) {
      const byte = this.byteAt(start + at);
      if (at === 8 || at === 13 || at === 18 || at === 23 ? byte !== 0x2d : hexDigit(byte) > 15) return false;
    }
    return this.byteAt(start + 14) === 0x37 && hexDigit(this.byteAt(start + 19)) >> 2 === 2;
  }

  // Days above 28 depend on the month and are left to the parser.
  #isInstant(): boolean {
    const start = (this.#starts[AT] ?? 0) + 1;
    if ((this.#ends[AT] ?? 0) - start !== 25) return false;
    for (let at = 0; at < 24; at += 1) {
      const byte = this.byteAt(start + at);
      const mark = INSTANT_MARKS[at];
      if (mark === 0x30 ? !isDigit(byte) : byte !== mark) return false;
    }
    const month = this.#pair(start + 5);
    const day = this.#pair(start + 8);
    if (month < 1 || month > 12 || day < 1 || day > 28) return false;
    return this.#pair(start + 11) < 24 && this.#pair(start + 14) < 60 && this.#pair(start + 17) < 60;
  }

  #pair(at: number): number {
    return (this.byteAt(at) - 0x30) * 10 + this.byteAt(at + 1) - 0x30;
  }

  // `{"id":"…","n":0}`, already known to be canonical JSON.
  #source(): boolean {
    const start = this.#starts[SRC] ?? 0;
    const end = (this.#ends[SRC] ?? 0) - 1;
    if (!this.holds(start, SRC_ID)) return false;
    const from = start + SRC_ID.length;
    let at = end;
    let counter = 0;
    for (let scale = 1; isDigit(this.byteAt(at - 1)); scale *= 10) {
      at -= 1;
      counter += (this.byteAt(at) - 0x30) * scale;
    }
    at -= SRC_N.length;
    this.counter = counter;
    return at >= from && at + SRC_N.length < end && this.holds(at, SRC_N) && this.#emitter.take(from, at);
  }
}

const NO_BYTES = new Uint8Array(0);
const SRC_ID = asciiOf('{"id":"');
const SRC_N = asciiOf('","n":');
const FIELDS = ["at", "data", "id", "kind", "private", "refs", "run", "src", "v", "who"].map(asciiOf);
const WHO_MEMBERS = ["agent", "approver", "on_behalf_of", "tenant"].map(asciiOf);
const [AT, , ID, KIND, PRIVATE, REFS, RUN, SRC, V, WHO] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const REQUIRED = [V, ID, KIND, AT, SRC];
/** First byte of each field's value: a string, an object, a list, or the digit 1. */
const TYPES = [QUOTE, 0x7b, QUOTE, QUOTE, 0x7b, 0x5b, QUOTE, 0x7b, 0x31, 0x7b];
const READ_KINDS: ReadonlySet<string> = new Set([
  "execution.intent",
  "execution.receipt",
  "run.closed",
  "attestation.issued",
  "erasure",
]);
const INSTANT_MARKS = asciiOf("0000-00-00T00:00:00.000Z");
/** Value of each hex digit in lower case, 255 for every other byte. */
const HEX = Uint8Array.from({ length: 256 }, (_, byte) =>
  isDigit(byte) ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : 255,
);

function hexDigit(byte: number): number {
  return HEX[byte] ?? 255;
}
