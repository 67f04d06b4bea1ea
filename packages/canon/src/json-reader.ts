import { JsonCursor, type JsonOf, type NumberReader } from "./json-cursor.ts";
import { decodeJsonText } from "./json-text.ts";
import { type ExactJson, JsonFraction, type JsonValue } from "./json-value.ts";

export interface JsonReaderOptions {
  /** Longest input in UTF-8 bytes; 1 MiB unless said. */
  readonly maxBytes?: number;
  /** Deepest nesting (`[]` is 1); 64 unless said, and 1,000 at most whatever is said. */
  readonly maxDepth?: number;
}

/** Deepest nesting any caller can ask for: reading is recursive and must not exhaust the stack. */
export const JSON_DEPTH_CEILING = 1_000;
const BYTES_MAX = 1_048_576;
const DEPTH_MAX = 64;

/**
 * Reads one JSON value (RFC 8259) strictly: exactly one value, no byte order mark, valid UTF-8, no lone
 * surrogate (raw or escaped), no key twice, depth and size within bounds, numbers as ECMAScript doubles.
 * Objects come back as ordinary objects; `__proto__` in the text becomes an own property and never the
 * prototype.
 *
 * Throws `JSON_SYNTAX`, `JSON_DUPLICATE_KEY`, `JSON_DEPTH`, `JSON_SIZE`, `JSON_UTF8`, `JSON_SURROGATE` or
 * `JSON_NUMBER`, with `details.position`: a byte offset for bytes, a UTF-16 offset for a string.
 */
export function parseJson(input: string | Uint8Array, options: JsonReaderOptions = {}): JsonValue {
  return read(input, options, readDouble);
}

/**
 * The same reader without rounding: an integer beyond ±(2^53−1) comes back as a bigint, a literal with a
 * fraction or exponent as a `JsonFraction`. `-0` is the integer 0.
 */
export function parseJsonExact(input: string | Uint8Array, options: JsonReaderOptions = {}): ExactJson {
  return read(input, options, readExact);
}

function read<N>(input: string | Uint8Array, options: JsonReaderOptions, number: NumberReader<N>): JsonOf<N> {
  const text = decodeJsonText(input, options.maxBytes ?? BYTES_MAX);
  const depth = Math.min(options.maxDepth ?? DEPTH_MAX, JSON_DEPTH_CEILING);
  return new JsonCursor(text, typeof input !== "string", depth, number).document();
}

function readDouble(_literal: string, value: number): number {
  return value;
}

function readExact(literal: string, value: number): number | bigint | JsonFraction {
  if (/[.eE]/.test(literal)) return new JsonFraction(literal);
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  // INVARIANT: `value` is finite, so the literal has at most 310 characters.
  return BigInt(literal);
}
