export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;

/** ASCII that stands for itself in a JSON string. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
/** What follows a backslash in the short escapes of RFC 8785: quote, backslash, b, f, n, r, t. */
const ESCAPED: ReadonlySet<number> = new Set([QUOTE, BACKSLASH, 0x62, 0x66, 0x6e, 0x72, 0x74]);

/**
 * Walks over JSON in its RFC 8785 form, byte by byte, and stops with false at whatever it is not sure of: rare escapes,
 * characters of four bytes, numbers that are not whole or have over 15 digits, keys with escapes.
 * INVARIANT: the byte after the text is 0, which is part of no JSON; so no step looks further than that.
 */
export class CanonicalScan {
  protected readonly bytes: Uint8Array;
  protected at = 0;
  #escaped = false;
  #keyStart = 0;
  #keyEnd = 0;
  readonly #maxDepth: number;

  constructor(bytes: Uint8Array, maxDepth: number) {
    this.bytes = bytes;
    this.#maxDepth = maxDepth;
  }

  protected begin(at: number): void {
    this.at = at;
  }

  protected byteAt(at: number): number {
    return this.bytes[at] ?? 0;
  }

  protected value(depth: number): boolean {
    const first = this.byteAt(this.at);
    if (first === QUOTE) return this.#string();
    if (first === 0x7b) return this.#object(depth + 1);
    if (first === 0x5b) return this.#array(depth + 1);
    if (first === 0x74) return this.#word(TRUE);
    if (first === 0x66) return this.#word(FALSE);
    if (first === 0x6e) return this.#word(NULL);
    return this.#integer();
  }

  // A key without escapes, and the colon after it.
  protected key(): boolean {
    this.#keyStart = this.at + 1;
    if (this.byteAt(this.at) !== QUOTE || !this.#string() || this.#escaped) return false;
    this.#keyEnd = this.at - 1;
    return this.next() === 0x3a;
  }

  protected next(): number {
    this.at += 1;
    return this.byteAt(this.at - 1);
  }

  /** True if these bytes stand at a place. */
  protected holds(at: number, wanted: Uint8Array): boolean {
    const bytes = this.bytes;
    for (let offset = 0; offset < wanted.length; offset += 1) {
      if (bytes[at + offset] !== wanted[offset]) return false;
    }
    return true;
  }

  #object(depth: number): boolean {
    this.at += 1;
    if (depth > this.#maxDepth) return false;
    if (this.byteAt(this.at) === 0x7d) return this.#skip();
    let from = -1;
    let to = -1;
    for (;;) {
      if (!this.key()) return false;
      const keyStart = this.#keyStart;
      const keyEnd = this.#keyEnd;
      if (from >= 0 && !this.#rises(from, to, keyStart, keyEnd)) return false;
      from = keyStart;
      to = keyEnd;
      if (!this.value(depth)) return false;
      const mark = this.next();
      if (mark === 0x7d) return true;
      if (mark !== 0x2c) return false;
    }
  }

  #array(depth: number): boolean {
    this.at += 1;
    if (depth > this.#maxDepth) return false;
    if (this.byteAt(this.at) === 0x5d) return this.#skip();
    for (;;) {
      if (!this.value(depth)) return false;
      const mark = this.next();
      if (mark === 0x5d) return true;
      if (mark !== 0x2c) return false;
    }
  }

  #string(): boolean {
    const bytes = this.bytes;
    let at = this.at + 1;
    this.#escaped = false;
    for (;;) {
      while (PLAIN[bytes[at] ?? 0] === 1) at += 1;
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        if (!ESCAPED.has(bytes[at + 1] ?? 0)) return false;
        this.#escaped = true;
        at += 2;
      } else {
        const width = this.#wide(at);
        if (width === 0) return false;
        at += width;
      }
    }
    this.at = at + 1;
    return true;
  }

  // UTF-8 of two or three bytes (RFC 3629 §4), without U+FFFD, which also stands for what could not be encoded.
  #wide(at: number): number {
    const first = this.byteAt(at);
    const second = this.byteAt(at + 1);
    if (first < 0xc2 || first > 0xef || !isContinuation(second)) return 0;
    if (first < 0xe0) return 2;
    const third = this.byteAt(at + 2);
    if (!isContinuation(third) || (first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
    return first === 0xef && second === 0xbf && third === 0xbd ? 0 : 3;
  }

  // Up to 15 digits are below 2^53; longer ones are left to the parser.
  #integer(): boolean {
    if (this.byteAt(this.at) === 0x2d) {
      this.at += 1;
      if (this.byteAt(this.at) === 0x30) return false;
    }
    const start = this.at;
    while (isDigit(this.byteAt(this.at))) this.at += 1;
    const length = this.at - start;
    return length > 0 && length <= 15 && (length === 1 || this.byteAt(start) !== 0x30);
  }

  #word(word: Uint8Array): boolean {
    if (!this.holds(this.at, word)) return false;
    this.at += word.length;
    return true;
  }

  // Without characters of four bytes, the order of UTF-8 bytes is that of UTF-16 code units.
  #rises(from: number, to: number, nextFrom: number, nextTo: number): boolean {
    for (let at = from, other = nextFrom; ; at += 1, other += 1) {
      if (other >= nextTo) return false;
      if (at >= to) return true;
      const difference = this.byteAt(other) - this.byteAt(at);
      if (difference !== 0) return difference > 0;
    }
  }

  #skip(): boolean {
    this.at += 1;
    return true;
  }
}

const TRUE = asciiOf("true");
const FALSE = asciiOf("false");
const NULL = asciiOf("null");

export function asciiOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}
