import type { CanonErrorCode } from "./error-code.ts";
import { WritError } from "./error.ts";
import type { JsonValue } from "./json-value.ts";

/** Deepest nesting `canonicalize` writes. A cycle ends here, and the stack of a worker thread is far from full. */
export const CANONICAL_DEPTH_MAX = 1_000;

/**
 * The canonical text of a JSON value (RFC 8785): keys by UTF-16 code units, no white space, strings and
 * numbers as ECMAScript writes them, `-0` as `0`. Hash its UTF-8 bytes.
 *
 * Takes plain objects (prototype `Object.prototype` or `null`; own enumerable string keys count, `toJSON` is
 * not called), dense arrays, strings, finite numbers, booleans and null. Everything else is an error, never
 * a repair: `CANON_NOT_JSON`, `CANON_NUMBER`, `CANON_SURROGATE`, `CANON_DEPTH`.
 */
export function canonicalize(value: JsonValue): string {
  return writeValue(value, 0);
}

function writeValue(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return quote(value);
    case "number":
      return writeNumber(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (depth === CANONICAL_DEPTH_MAX) throw tooDeep();
      return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
    default:
      throw notJson(typeof value);
  }
}

function writeNumber(value: number): string {
  // x - x is 0 for finite x alone, and String(-0) is "0" as RFC 8785 §3.2.2.3 wants it.
  if (value - value !== 0) {
    throw refused("CANON_NUMBER", `\`${value}\` cannot be written as JSON`, "JSON has finite numbers only");
  }
  return `${value}`;
}

function writeArray(items: readonly unknown[], depth: number): string {
  const length = items.length;
  if (length === 0) return "[]";
  let text = "[" + writeValue(items[0], depth);
  for (let index = 1; index < length; index++) text = text + "," + writeValue(items[index], depth);
  return text + "]";
}

function writeObject(value: object, depth: number): string {
  if (!isPlain(value)) throw notJson("an instance of a class");
  const keys = Object.keys(value);
  const count = keys.length;
  if (count === 0) return "{}";
  sortKeys(keys);
  let text = "{" + quote(keys[0]!) + ":" + writeValue(value[keys[0]!], depth);
  for (let index = 1; index < count; index++) {
    const key = keys[index]!;
    text = text + laterKey(key) + writeValue(value[key], depth);
  }
  return text + "}";
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Quoted keys between comma and colon: programs write the same few over and over. Never grows past the bounds. */
const writtenKeys = new Map<string, string>();
const WRITTEN_KEYS_MAX = 1_024;

function laterKey(key: string): string {
  const known = writtenKeys.get(key);
  if (known !== undefined) return known;
  const text = "," + quote(key) + ":";
  if (writtenKeys.size < WRITTEN_KEYS_MAX && key.length <= SCAN_MAX) writtenKeys.set(key, text);
  return text;
}

/** Insertion sort up to this many keys: records are small, and often sorted already. */
const INSERTION_SORT_MAX = 24;

// INVARIANT: every index below stays in [0, keys.length).
function sortKeys(keys: string[]): void {
  const count = keys.length;
  if (count > INSERTION_SORT_MAX) {
    // The default order of `sort` is by UTF-16 code units.
    keys.sort();
    return;
  }
  for (let index = 1; index < count; index++) {
    const key = keys[index]!;
    let at = index;
    while (at > 0 && keys[at - 1]! > key) {
      keys[at] = keys[at - 1]!;
      at--;
    }
    keys[at] = key;
  }
}

/** Up to this length a loop over the characters beats a call of JSON.stringify. */
const SCAN_MAX = 40;

function quote(text: string): string {
  const length = text.length;
  if (length > SCAN_MAX) return quoteByPlatform(text);
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return quoteByPlatform(text);
  }
  return '"' + text + '"';
}

/** JSON.stringify escapes exactly as RFC 8785 §3.2.2.2 does, once lone surrogates are out. */
function quoteByPlatform(text: string): string {
  if (!text.isWellFormed()) {
    throw refused("CANON_SURROGATE", "a string holds half of a surrogate pair", "it has no UTF-8 form");
  }
  return JSON.stringify(text);
}

function tooDeep(): WritError<CanonErrorCode> {
  return refused(
    "CANON_DEPTH",
    `the value is nested deeper than \`${CANONICAL_DEPTH_MAX}\``,
    "it refers to itself, or nobody could read it back",
  );
}

function notJson(what: string): WritError<CanonErrorCode> {
  return refused("CANON_NOT_JSON", `${what} cannot be written as JSON`, "only plain JSON values have a canonical form");
}

function refused(code: CanonErrorCode, message: string, reason: string): WritError<CanonErrorCode> {
  return new WritError({ code, message, reason, next: "pass plain JSON values" });
}
