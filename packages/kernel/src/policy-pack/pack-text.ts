import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/**
 * Trimmed text of the first of `keys` that says something, else `fallback`; nothing at all is refused with `reason`, and
 * so is what is no text, which a looser reader would cast (spec kernel.md §27 no. 12).
 */
export function packText(
  record: ExactRecord,
  keys: string | readonly string[],
  { reason, fallback = "" }: { readonly reason: string; readonly fallback?: string },
): string {
  for (const key of typeof keys === "string" ? [keys] : keys) {
    const found = member(record, key) ?? "";
    if (typeof found !== "string") throw recordRefusal(reason, 12);
    if (found === "") continue;
    const text = stripSpace(found);
    if (text === "") throw recordRefusal(reason);
    return text;
  }
  if (fallback === "") throw recordRefusal(reason);
  return fallback;
}

/** Rule 12 of spec kernel.md §27 where the reference takes a value for nothing said: false, zero, an empty text or map. */
export function ruleIfNothing(value: ExactJson): number | undefined {
  return isNothing(value) ? 12 : undefined;
}

export function isNothing(value: ExactJson): boolean {
  if (value instanceof JsonFraction) return value.value === 0;
  if (isExactRecord(value)) return Object.keys(value).length === 0;
  return (
    value === null || value === false || value === 0 || value === "" || (Array.isArray(value) && value.length === 0)
  );
}
