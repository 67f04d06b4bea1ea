import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, isExactRecord } from "./exact-record.ts";
import { legacyRefusal } from "./legacy-value.ts";
import { pythonFloat } from "./python-number.ts";

/** How one recipe writes keys, text and numbers; separators are `,` and `:` without spaces. */
export interface JsonLayout {
  readonly order: (left: string, right: string) => number;
  readonly text: (value: string) => string;
  readonly integer: (value: number | bigint) => string;
  /** A finite double that was written with a fraction or an exponent. */
  readonly float: (value: number) => string;
}

/** Deepest nesting of a value that is digested; the artifact library's own bound (spec kernel.md §2.4). */
const DEPTH_MAX = 64;

/** Writes a value in a legacy layout, or throws `LEGACY_VALUE`. */
export function writeLegacyJson(value: ExactJson, layout: JsonLayout): string {
  return write(value, layout, 0);
}

/** Python's number forms: integers of any size, floats always with a point or an exponent. */
export const pythonNumbers: Pick<JsonLayout, "integer" | "float"> = { integer: String, float: pythonFloat };

/** Text as JSON writes it with the fewest escapes: control characters, `"` and `\`. */
export function unicodeText(value: string): string {
  if (!value.isWellFormed()) throw legacyRefusal("lone_surrogate", "text holds half of a surrogate pair");
  return JSON.stringify(value);
}

/** The same with everything outside printable ASCII as lower-case `\uXXXX`, surrogate pairs for astral characters and half a pair as it is. */
export function asciiText(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function write(value: ExactJson, layout: JsonLayout, depth: number): string {
  if (depth > DEPTH_MAX) throw legacyRefusal("max_depth", `nested deeper than \`${String(DEPTH_MAX)}\``);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return layout.text(value);
  if (typeof value === "bigint") return layout.integer(value);
  if (typeof value === "number") return writeNumber(value, layout);
  if (value instanceof JsonFraction) return layout.float(finite(value.value));
  if (isExactList(value)) return `[${value.map((item) => write(item, layout, depth + 1)).join(",")}]`;
  if (!isExactRecord(value)) throw legacyRefusal("non_json_value", "not a JSON value");
  const members = Object.keys(value)
    .toSorted(layout.order)
    .map((key) => `${layout.text(key)}:${write(value[key] ?? null, layout, depth + 1)}`);
  return `{${members.join(",")}}`;
}

/** A double with no mark of how it was written is an integer when it is whole. */
function writeNumber(value: number, layout: JsonLayout): string {
  return Number.isInteger(value) ? layout.integer(BigInt(value)) : layout.float(finite(value));
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw legacyRefusal("non_finite_number", "a number that is not finite");
  return value;
}
