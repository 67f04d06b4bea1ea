import { textOf } from "./encoding.ts";
import { malformed } from "./errors.ts";
import type { VerifyErrorCode } from "./errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** Objects have no prototype, so that every key is data. */
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface JsonLimits {
  /** Length of the input, bytes or code units. Default 24 MiB. */
  readonly maxLength?: number;
  /** Nested arrays and objects. Default 64. */
  readonly maxDepth?: number;
}

/**
 * A strict reader of RFC 8259 text: no duplicate keys, no lone surrogates, no numbers beyond a double's range, no byte order mark.
 * Throws the `JSON_…` codes with the position in UTF-16 code units.
 */
export function parseJson(input: string | Uint8Array, limits: JsonLimits = {}): Json {
  const { maxLength = 24 * 1024 * 1024, maxDepth = 64 } = limits;
  if (input.length > maxLength) throw malformed("JSON_SIZE", "a JSON text is over its limit", `at most ${maxLength}`);
  return new Reader(textOf(input), maxDepth).document();
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// Everything up to the next quote, backslash or control character.
// oxlint-disable-next-line no-control-regex
const PLAIN = /[^"\\\u0000-\u001f]*/y;
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

class Reader {
  #at = 0;
  #depth = 0;
  readonly #text: string;
  readonly #maxDepth: number;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): Json {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#bad("JSON_SYNTAX", "something follows the value");
    return value;
  }

  #value(): Json {
    this.#space();
    const next = this.#text[this.#at];
    if (next === "{") return this.#object();
    if (next === "[") return this.#array();
    if (next === '"') return this.#string();
    if (this.#word("true")) return true;
    if (this.#word("false")) return false;
    if (this.#word("null")) return null;
    return this.#number();
  }

  #object(): JsonObject {
    this.#open();
    const object: Record<string, Json> = Object.create(null);
    if (this.#take("}")) return this.#close(object);
    do {
      this.#space();
      const start = this.#at;
      const key = this.#string();
      if (key in object) throw this.#bad("JSON_DUPLICATE_KEY", "a key stands twice in one object", start);
      this.#expect(":");
      object[key] = this.#value();
    } while (this.#take(","));
    this.#expect("}");
    return this.#close(object);
  }

  #array(): Json[] {
    this.#open();
    const items: Json[] = [];
    if (this.#take("]")) return this.#close(items);
    do items.push(this.#value());
    while (this.#take(","));
    this.#expect("]");
    return this.#close(items);
  }

  #string(): string {
    const start = this.#at;
    if (this.#text[this.#at] !== '"') throw this.#bad("JSON_SYNTAX", "no string is where one must be");
    this.#at += 1;
    let value = this.#match(PLAIN);
    while (this.#text[this.#at] === "\\") value += this.#escape() + this.#match(PLAIN);
    if (this.#text[this.#at] !== '"') throw this.#bad("JSON_SYNTAX", "a string does not end");
    this.#at += 1;
    if (!value.isWellFormed()) throw this.#bad("JSON_SURROGATE", "a string holds half a surrogate pair", start);
    return value;
  }

  #escape(): string {
    const kind = this.#text[this.#at + 1] ?? "";
    const plain = ESCAPES[kind];
    if (plain !== undefined && Object.hasOwn(ESCAPES, kind)) {
      this.#at += 2;
      return plain;
    }
    const digits = this.#text.slice(this.#at + 2, this.#at + 6);
    if (kind !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) {
      // An escape cut off by the end of the text is reported there, as every cut is.
      const cut = /^(?:u[0-9a-fA-F]{0,3})?$/.test(this.#text.slice(this.#at + 1, this.#at + 7));
      throw this.#bad("JSON_SYNTAX", "there is no such escape", cut ? this.#text.length : this.#at);
    }
    this.#at += 6;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #number(): number {
    const start = this.#at;
    const digits = this.#match(NUMBER);
    if (digits === "") throw this.#bad("JSON_SYNTAX", "no value is where one must be");
    const value = Number(digits);
    if (!Number.isFinite(value)) throw this.#bad("JSON_NUMBER", "a number is out of range", start);
    return value;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #take(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw this.#bad("JSON_SYNTAX", `\`${mark}\` is missing`);
  }

  #space(): void {
    for (;;) {
      const next = this.#text[this.#at];
      if (next !== " " && next !== "\n" && next !== "\r" && next !== "\t") return;
      this.#at += 1;
    }
  }

  #open(): void {
    this.#at += 1;
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) throw this.#bad("JSON_DEPTH", `values are nested deeper than ${this.#maxDepth}`);
  }

  #close<T>(value: T): T {
    this.#depth -= 1;
    return value;
  }

  #bad(code: VerifyErrorCode, reason: string, position = this.#at): Error {
    return malformed(code, `at \`${position}\`: ${reason}`, "RFC 8259, read strictly", position);
  }
}
