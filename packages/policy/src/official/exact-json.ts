import { hasEscapedName, JSON_DEPTH_CEILING, JsonFraction, parseJsonExact } from "@writ/canon";

/**
 * JSON text of plain data, with a bigint written as the integer it is. The official engine reads its calls
 * from this; `JSON.stringify` refuses bigints and would lose digits of anything else.
 */
export function writeExactJson(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (value === undefined) return "null";
  if (value instanceof JsonFraction) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeExactJson).join(",")}]`;
  const fields: string[] = [];
  for (const key of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (field !== undefined) fields.push(`${JSON.stringify(key)}:${writeExactJson(field)}`);
  }
  return `{${fields.join(",")}}`;
}

/** Integers of up to 15 digits are exact as doubles. */
const LONG_NUMBER = /\d{16}/;

/**
 * Reads JSON that the official engine wrote: trusted in form, and nested as deeply as a chain of `&&` is long,
 * which the built-in parser walks without recursion. Integers a double would round come back as bigints. Throws
 * `JSON_DEPTH` for text that is deep and has names the built-in parser could mistake.
 */
export function readExactJson(text: string): unknown {
  if (hasEscapedName(text))
    return parseJsonExact(text, { maxDepth: JSON_DEPTH_CEILING, maxBytes: Number.MAX_SAFE_INTEGER });
  return LONG_NUMBER.test(text) ? JSON.parse(text, exactNumber as Reviver) : JSON.parse(text);
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

function exactNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return BigInt(context.source ?? "");
}
