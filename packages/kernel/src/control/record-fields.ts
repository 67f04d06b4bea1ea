import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "./record-refusal.ts";

/** Longest list of references a record carries. */
const LIST_MAX = 10_000;

/** The record itself, else the refusal `reason`. */
export function recordOf(value: ExactJson | undefined, reason: string): ExactRecord {
  if (!isExactRecord(value)) throw recordRefusal(reason);
  return value;
}

/**
 * Trimmed text of the first of `keys` that is not empty, else `fallback`; what is only blank says nothing, and stands
 * for no default. What is no text is refused (§27 no. 12).
 */
export function textField(record: ExactRecord, keys: string | readonly string[], fallback = ""): string {
  return stripSpace(writtenText(record, keys, fallback));
}

/** As `textField`, with the blanks around the text: the reference compares such a word as it is written. */
export function writtenText(record: ExactRecord, keys: string | readonly string[], fallback = ""): string {
  for (const key of typeof keys === "string" ? [keys] : keys) {
    const found = member(record, key) ?? "";
    if (typeof found !== "string") throw recordRefusal(`invalid_text_field:${key}`, 12);
    if (found !== "") return found;
  }
  return fallback;
}

/** As `textField`; nothing said is the refusal `reason`, with the rule of §27 where the reference has a default. */
export function requiredText(
  record: ExactRecord,
  keys: string | readonly string[],
  reason: string,
  rule?: number,
): string {
  const text = textField(record, keys);
  if (text === "") throw recordRefusal(reason, rule);
  return text;
}

/** A list of texts; one bare text is a list of one, absence is the empty list. Anything else is refused (§27 no. 12). */
export function textsField(record: ExactRecord, key: string, reason: string): readonly string[] {
  return writtenTexts(record, key, reason).map(stripSpace);
}

/** As `textsField`, with the blanks around each text. */
export function writtenTexts(record: ExactRecord, key: string, reason: string): readonly string[] {
  const found = member(record, key) ?? [];
  const list = typeof found === "string" ? [found].filter((text) => text !== "") : found;
  if (!isExactList(list) || list.length > LIST_MAX) throw recordRefusal(reason, 12);
  return list.map((item) => {
    if (typeof item !== "string") throw recordRefusal(reason, 12);
    return item;
  });
}

/** A free-form map, absent: empty. Anything else is refused (§27 no. 12). */
export function mapField(record: ExactRecord, key: string, reason: string): ExactRecord {
  const found = member(record, key) ?? {};
  if (!isExactRecord(found)) throw recordRefusal(reason, 12);
  return found;
}

/** A flag as a JSON boolean; absent: `fallback`. A number or a text is no flag (§27 no. 11). */
export function flagField(record: ExactRecord, key: string, fallback: boolean): boolean {
  const found = member(record, key) ?? fallback;
  if (typeof found !== "boolean") throw recordRefusal(`invalid_boolean_field:${key}`, 11);
  return found;
}

/** Narrows a text to a closed set, else refuses with `<reason>:<text>`, and `rule` where the reference has a default. */
export function oneOf<Value extends string>(
  values: readonly Value[],
  text: string,
  reason: string,
  rule?: number,
): Value {
  const found = values.find((value) => value === text);
  if (found === undefined) throw recordRefusal(`${reason}:${text}`, rule);
  return found;
}
