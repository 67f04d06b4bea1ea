import { formatInstant, parseRfc3339, type ExactJson } from "@writ/canon";
import { integerMember, isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { textOf } from "../domain-scope/scope-binding.ts";
import { onRefusal } from "../on-refusal.ts";

/** A closed v1 record (spec kernel.md §2.2): a map with known fields only. Refuses `invalid_<name>`, `unknown_<name>_field`. */
export function closedRecord(
  value: ExactJson | undefined,
  fields: ReadonlySet<string>,
  { invalid, unknown }: { readonly invalid: string; readonly unknown: string },
): ExactRecord {
  if (!isExactRecord(value)) throw recordRefusal(invalid);
  if (Object.keys(value).some((key) => !fields.has(key))) throw recordRefusal(unknown);
  return value;
}

/** `v1`; a missing version is `v1`, any other is refused with `unknown_<name>_schema_version`. */
export function versionOf(record: ExactRecord, name: string): "v1" {
  if ((member(record, "schema_version") ?? "v1") !== "v1") throw recordRefusal(`unknown_${name}_schema_version`);
  return "v1";
}

/** A whole number of 0 or more; a boolean, a fraction or a number beyond 2^53−1 is refused with `reason`. */
export function epochOf(record: ExactRecord, key: string, reason: string): number {
  const epoch = integerMember(record, key);
  if (epoch === undefined || epoch < 0) throw recordRefusal(reason);
  return epoch;
}

/** An instant with an offset as it is written, and in milliseconds; else `missing_<name>` or `invalid_<name>`. */
export function instantOf(
  record: ExactRecord,
  key: string,
  name: string,
): { readonly text: string; readonly ms: number } {
  const text = textOf(record, key, `missing_${name}`);
  return { text, ms: instantMs(text, `invalid_${name}`) };
}

/** Milliseconds of an instant with an offset, else the refusal `reason`. */
export function instantMs(text: string, reason: string): number {
  return onRefusal(
    () => parseRfc3339(text),
    () => {
      throw recordRefusal(reason);
    },
  );
}

/** UTC with `Z`; whole seconds carry no fraction, as the reference writes them. */
export function utcText(ms: number): string {
  return formatInstant(ms).replace(".000Z", "Z");
}

/** Distinct texts that say something, trimmed and sorted, else the refusal `reason`. */
export function distinctTexts(record: ExactRecord, key: string, reason: string): readonly string[] {
  return orderedTexts(record, key, reason).toSorted(compareCodePoints);
}

/** The same in the order they are given in. */
export function orderedTexts(record: ExactRecord, key: string, reason: string): readonly string[] {
  const list = member(record, key);
  if (!isExactList(list) || list.length > LIST_MAX) throw recordRefusal(reason);
  const texts = list.map((item) => {
    if (typeof item !== "string" || item.trim() === "") throw recordRefusal(reason);
    return item.trim();
  });
  if (new Set(texts).size !== texts.length) throw recordRefusal(reason);
  return texts;
}

/** Most entries of one list: the boundary's bound on a collection (spec kernel.md §2.4). */
const LIST_MAX = 1_000;
