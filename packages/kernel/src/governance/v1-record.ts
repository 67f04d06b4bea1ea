import { formatInstant, parseRfc3339, type ExactJson } from "@writ/canon";
import { integerMember, isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import { checkBoundaryValue } from "../compat/json-boundary.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";
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

/**
 * A map that says something, within the bounds of the kernel's boundary (spec kernel.md §2.4); else the refusal `reason`,
 * or `json_boundary_*`.
 */
export function boundedMap(value: ExactJson | undefined, reason: string): ExactRecord {
  if (!isExactRecord(value)) throw recordRefusal(reason);
  checkBoundary(value);
  if (Object.keys(value).length === 0) throw recordRefusal(reason);
  return value;
}

/** Holds a value against the same bounds. Refuses `json_boundary_*`. */
export function checkBoundary(value: ExactJson): void {
  onRefusal(
    () => {
      checkBoundaryValue(value);
    },
    ({ details: { reason } }) => {
      throw recordRefusal(String(reason));
    },
  );
}

/**
 * `v1`, which a missing version is too; what is no text is refused with `invalid_<name>_schema_version`, any other version
 * with `unknown`.
 */
export function versionOf(record: ExactRecord, name: string, unknown = `unknown_${name}_schema_version`): "v1" {
  if (member(record, "schema_version") === undefined) return "v1";
  if (textOf(record, "schema_version", `invalid_${name}_schema_version`) !== "v1") throw recordRefusal(unknown);
  return "v1";
}

/** A trimmed text that says something, else the refusal `reason`. */
export function textOf(record: ExactRecord, key: string, reason: string): string {
  const found = member(record, key);
  const text = typeof found === "string" ? stripSpace(found) : "";
  if (text === "") throw recordRefusal(reason);
  return text;
}

/** `sha256:` and 64 lower-case hex digits, else `missing_<name>` or `invalid_<name>`. */
export function digestOf(record: ExactRecord, key: string, name: string): string {
  const text = textOf(record, key, `missing_${name}`);
  if (!isDigest(text)) throw recordRefusal(`invalid_${name}`);
  return text;
}

export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** A whole number of 0 or more; a boolean, a fraction or a number beyond 2^53−1 is refused with `reason`. */
export function epochOf(record: ExactRecord, key: string, reason: string): number {
  const epoch = integerMember(record, key);
  if (epoch === undefined || epoch < 0) throw recordRefusal(reason);
  return epoch;
}

/**
 * Milliseconds of an instant with an offset, its microseconds as a fraction of the last one; else the refusal `reason`.
 * A blank may stand for the `T` (RFC 3339 §5.6), and what is smaller than a microsecond is cut off.
 */
export function instantMs(text: string, reason: string): number {
  const [, micros = ""] = /\.\d{3}(\d{1,3})/.exec(text) ?? [];
  return onRefusal(
    () => {
      if (text.endsWith("z") || text.startsWith("0000")) throw recordRefusal(reason);
      const plain = text.replace(/^(\d{4}-\d{2}-\d{2}) /, "$1T").replace(/(\.\d{6})\d+/, "$1");
      return parseRfc3339(plain) + Number(micros.padEnd(3, "0")) / 1_000;
    },
    () => {
      throw recordRefusal(reason, !RFC3339_SHAPE.test(text) && ISO8601_SHAPE.test(text) ? 12 : undefined);
    },
  );
}

/** Other forms of ISO 8601, which the reference reads and §2.5 does not allow: refused by rule 12 of §27. */
const ISO8601_SHAPE =
  /^(\d{4}-\d\d-\d\d|\d{8}|\d{4}-?W\d\d(-?\d)?).\d\d(:?\d\d(:?\d\d([.,]\d*)?)?)? ?(Z|[+-]\d\d(:?\d\d(:?\d\d(\.\d+)?)?)?)$/u;
const RFC3339_SHAPE = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** UTC with `Z`; whole seconds carry no fraction, any other six digits, as the reference writes them. */
export function utcText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const micros = Math.round((ms - seconds * 1_000) * 1_000);
  const fraction = micros === 0 ? "" : `.${String(micros).padStart(6, "0")}`;
  return formatInstant(seconds * 1_000).replace(".000Z", `${fraction}Z`);
}

/** Distinct texts that say something, trimmed and sorted, else the refusal `reason`, by `rule` of §27 where there is one. */
export function distinctTexts(record: ExactRecord, key: string, reason: string, rule?: number): readonly string[] {
  return orderedTexts(record, key, reason, rule).toSorted(compareCodePoints);
}

/** The same in the order they are given in. */
export function orderedTexts(record: ExactRecord, key: string, reason: string, rule?: number): readonly string[] {
  const list = member(record, key);
  if (!isExactList(list)) throw recordRefusal(reason, rule);
  if (list.length > LIST_MAX) throw recordRefusal(reason, 12);
  const texts = list.map((item) => {
    const text = typeof item === "string" ? stripSpace(item) : "";
    if (text === "") throw recordRefusal(reason, rule);
    return text;
  });
  if (new Set(texts).size !== texts.length) throw recordRefusal(reason, rule);
  return texts;
}

/** Most entries of one list: the boundary's bound on a collection (spec kernel.md §2.4). */
const LIST_MAX = 1_000;
