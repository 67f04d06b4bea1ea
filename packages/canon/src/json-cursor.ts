import type { CanonErrorCode } from "./error-code.ts";
import { numberEnd, startsNumber } from "./json-number.ts";
import { jsonRefusal } from "./json-refusal.ts";
import { utf8Length } from "./json-text.ts";

/** Turns a number literal into a value; `value` is its double, finite. */
export type NumberReader<N> = (literal: string, value: number) => N;

/** A JSON value whose numbers are of type `N`. */
export type JsonOf<N> = null | boolean | string | N | JsonOf<N>[] | { [key: string]: JsonOf<N> };

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** One pass over well-formed text. Recursion is bounded by `maxDepth`, every loop by the text. */
export class JsonCursor<N> {
  readonly #text: string;
  readonly #inBytes: boolean;
  readonly #maxDepth: number;
  readonly #number: NumberReader<N>;
  #at = 0;

  constructor(text: string, inBytes: boolean, maxDepth: number, number: NumberReader<N>) {
    this.#text = text;
    this.#inBytes = inBytes;
    this.#maxDepth = maxDepth;
    this.#number = number;
  }

  /** The one value the text consists of. */
  document(): JsonOf<N> {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at !== this.#text.length) throw this.#syntax("text after the value");
    return value;
  }

  #value(depth: number): JsonOf<N> {
    const unit = this.#text.charCodeAt(this.#at);
    switch (unit) {
      case QUOTE:
        return this.#string();
      case OPEN_OBJECT:
        return this.#object(depth + 1);
      case OPEN_ARRAY:
        return this.#array(depth + 1);
      case 0x74:
        return this.#word("true", true);
      case 0x66:
        return this.#word("false", false);
      case 0x6e:
        return this.#word("null", null);
      default:
        if (startsNumber(unit)) return this.#readNumber();
        throw this.#syntax("no value");
    }
  }

  #object(depth: number): { [key: string]: JsonOf<N> } {
    this.#enter(depth);
    const record: { [key: string]: JsonOf<N> } = {};
    if (this.#text.charCodeAt(this.#at) === CLOSE_OBJECT) {
      this.#at++;
      return record;
    }
    for (;;) {
      const start = this.#at;
      if (this.#text.charCodeAt(start) !== QUOTE) throw this.#syntax("no key");
      const key = this.#string();
      if (Object.hasOwn(record, key)) throw this.#refused("JSON_DUPLICATE_KEY", "a key stands twice", start);
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== COLON) throw this.#syntax("no colon after a key");
      this.#at++;
      this.#skipSpace();
      setOwn(record, key, this.#value(depth));
      if (this.#endsWith(CLOSE_OBJECT)) return record;
    }
  }

  #array(depth: number): JsonOf<N>[] {
    this.#enter(depth);
    const items: JsonOf<N>[] = [];
    if (this.#text.charCodeAt(this.#at) === CLOSE_ARRAY) {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.#value(depth));
      if (this.#endsWith(CLOSE_ARRAY)) return items;
    }
  }

  #enter(depth: number): void {
    if (depth > this.#maxDepth) {
      throw this.#refused("JSON_DEPTH", `nested deeper than \`${this.#maxDepth}\``, this.#at, this.#maxDepth);
    }
    this.#at++;
    this.#skipSpace();
  }

  /** After a member: true past `close`, false past a comma. */
  #endsWith(close: number): boolean {
    this.#skipSpace();
    const unit = this.#text.charCodeAt(this.#at);
    if (unit !== close && unit !== COMMA) throw this.#syntax("neither a comma nor the end");
    this.#at++;
    if (unit === close) return true;
    this.#skipSpace();
    return false;
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at + 1;
    for (let at = start; ; at++) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (unit === BACKSLASH) return this.#escapedString(start, at);
      // Past the end `unit` is NaN, which is not above 0x1f either.
      if (!(unit > 0x1f)) throw this.#badString(at);
    }
  }

  #escapedString(start: number, firstEscape: number): string {
    const text = this.#text;
    let value = text.slice(start, firstEscape);
    this.#at = firstEscape;
    for (;;) {
      value += this.#escape();
      const from = this.#at;
      let at = from;
      for (; ; at++) {
        const unit = text.charCodeAt(at);
        if (unit === QUOTE || unit === BACKSLASH) break;
        if (!(unit > 0x1f)) throw this.#badString(at);
      }
      value += text.slice(from, at);
      this.#at = at;
      if (text.charCodeAt(at) === QUOTE) {
        this.#at = at + 1;
        return value;
      }
    }
  }

  /** One escape, or two that are a surrogate pair. */
  #escape(): string {
    const start = this.#at;
    const letter = this.#text.charAt(start + 1);
    if (letter === "u") return this.#unicodeEscape(start);
    const value = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (value === undefined) throw this.#syntax("an escape JSON does not have");
    this.#at = start + 2;
    return value;
  }

  #unicodeEscape(start: number): string {
    const first = this.#hexUnit(start);
    this.#at = start + 6;
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    const paired = first < 0xdc00 && this.#text.startsWith("\\u", start + 6);
    const second = paired ? this.#hexUnit(start + 6) : 0;
    if (second < 0xdc00 || second > 0xdfff) {
      throw this.#refused("JSON_SURROGATE", "half of a surrogate pair", start);
    }
    this.#at = start + 12;
    return String.fromCharCode(first, second);
  }

  #hexUnit(start: number): number {
    const digits = this.#text.slice(start + 2, start + 6);
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) {
      throw this.#refused("JSON_SYNTAX", "an escape without four hexadecimal digits", start);
    }
    return Number.parseInt(digits, 16);
  }

  #readNumber(): N {
    const start = this.#at;
    const end = numberEnd(this.#text, start);
    if (end < 0) throw this.#refused("JSON_SYNTAX", "no digit", -1 - end);
    const literal = this.#text.slice(start, end);
    const value = Number(literal);
    if (!Number.isFinite(value)) throw this.#refused("JSON_NUMBER", "a number beyond the range of a double", start);
    this.#at = end;
    return this.#number(literal, value);
  }

  #word<V>(word: string, value: V): V {
    if (!this.#text.startsWith(word, this.#at)) throw this.#syntax("no value");
    this.#at += word.length;
    return value;
  }

  #skipSpace(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }

  #badString(at: number): Error {
    const ended = at >= this.#text.length;
    return this.#refused("JSON_SYNTAX", ended ? "a string without end" : "a control character in a string", at);
  }

  #syntax(message: string): Error {
    return this.#refused("JSON_SYNTAX", message, this.#at);
  }

  #refused(code: CanonErrorCode, message: string, at: number, limit?: number): Error {
    return jsonRefusal(code, message, this.#inBytes ? utf8Length(this.#text, at) : at, limit);
  }
}

/** Assigning `__proto__` would change the prototype, so that one key is defined instead. */
function setOwn(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") {
    record[key] = value;
    return;
  }
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}
