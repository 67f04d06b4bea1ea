import { malformed } from "./errors.ts";
import { parseJson } from "./json.ts";
import type { Json, JsonLimits } from "./json.ts";

/** The RFC 8785 form of a value: keys by UTF-16 code units, strings and numbers as ECMAScript writes them. */
export function canonicalize(value: Json): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw malformed("JSON_NUMBER", "a number is not finite", "JSON has no form for it");
    // JSON.stringify gives `0` for -0, as RFC 8785 asks.
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed())
      throw malformed("JSON_SURROGATE", "a string holds half a surrogate pair", "it has no UTF-8");
    return JSON.stringify(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (isArray(value)) return `[${value.map(canonicalize).join(",")}]`;
  const object = value;
  const keys = Object.keys(object).sort(compareCodeUnits);
  return `{${keys.map((key) => `${canonicalize(key)}:${canonicalize(object[key] ?? null)}`).join(",")}}`;
}

/** Reads JSON that must already be in its canonical form; otherwise `NOT_CANONICAL` with the first place that differs. */
export function parseCanonical(text: string, limits: JsonLimits = {}): Json {
  const value = parseJson(text, limits);
  const form = canonicalize(value);
  if (form === text) return value;
  let position = 0;
  while (form[position] === text[position]) position += 1;
  const reason = `at \`${position}\` it differs from its RFC 8785 form`;
  throw malformed("NOT_CANONICAL", "a JSON text is not canonical", reason, position);
}

/** Order of keys and names: by UTF-16 code units (RFC 8785 §3.2.3). */
export function compareCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function isArray(value: readonly Json[] | object): value is readonly Json[] {
  return Array.isArray(value);
}
