import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, isExactRecord } from "../compat/exact-record.ts";

/**
 * A value as JSON, members in their own order and numbers with the digits they were read with. With `indent` every item
 * stands on a line of its own.
 */
export function exactJsonText(value: ExactJson, indent?: string): string {
  return write(value, { indent, margin: "" });
}

interface Layout {
  readonly indent: string | undefined;
  readonly margin: string;
}

function write(value: ExactJson, { indent, margin }: Layout): string {
  const inside = { indent, margin: `${margin}${indent ?? ""}` };
  if (isExactList(value))
    return enclosed(
      "[",
      "]",
      { indent, margin },
      value.map((item) => write(item, inside)),
    );
  if (value instanceof JsonFraction) return value.text;
  if (typeof value === "bigint") return String(value);
  if (!isExactRecord(value)) return JSON.stringify(value);
  const colon = indent === undefined ? ":" : ": ";
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}${colon}${write(item, inside)}`);
  return enclosed("{", "}", { indent, margin }, members);
}

function enclosed(open: string, close: string, { indent, margin }: Layout, items: readonly string[]): string {
  if (indent === undefined || items.length === 0) return `${open}${items.join(",")}${close}`;
  return `${open}\n${items.map((item) => `${margin}${indent}${item}`).join(",\n")}\n${margin}${close}`;
}
