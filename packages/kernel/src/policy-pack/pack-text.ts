import { member, type ExactRecord } from "../compat/exact-record.ts";
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
    const text = found.trim();
    if (text === "") throw recordRefusal(reason);
    return text;
  }
  if (fallback === "") throw recordRefusal(reason);
  return fallback;
}
