import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, isExactRecord } from "../compat/exact-record.ts";

/** A value as JSON, members in their own order and numbers with the digits they were read with. */
export function exactJsonText(value: ExactJson): string {
  if (isExactList(value)) return `[${value.map(exactJsonText).join(",")}]`;
  if (value instanceof JsonFraction) return value.text;
  if (typeof value === "bigint") return String(value);
  if (!isExactRecord(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${exactJsonText(item)}`)
    .join(",")}}`;
}
