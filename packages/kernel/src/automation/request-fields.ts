import type { ExactJson } from "@writ/canon";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { closedRecord, textOf } from "../governance/v1-record.ts";
import type { AutomationArea } from "./admission.ts";

/** What every request of spec kernel.md §24 carries. */
export interface RequestHead {
  readonly schema_version: "v0.1";
  readonly request_id: string;
  readonly subject_ref: string;
  readonly metadata: ExactRecord;
}

/** The reader of one area's closed requests; each refusal names the area. */
export interface RequestReader {
  readonly record: ExactRecord;
  readonly head: RequestHead;
  readonly text: (key: string) => string;
  /** `""` when nothing is said. */
  readonly optionalText: (key: string) => string;
  readonly choice: <Value extends string>(key: string, values: readonly Value[], unknown: string) => Value;
  readonly count: (key: string) => number;
  readonly flag: (key: string) => boolean;
  readonly texts: (key: string) => readonly string[];
}

/** Reads the head of a request and offers the readers of the rest. Throws `GOVERNANCE_RECORD_INVALID`. */
export function requestReader(value: ExactJson, area: AutomationArea, fields: string): RequestReader {
  const known = new Set([...HEAD, ...fields.split(" ")]);
  const codes = { invalid: `invalid_${area}_request`, unknown: `unknown_${area}_request_field` };
  const record = closedRecord(value, known, codes);
  const version = member(record, "schema_version");
  if (version !== undefined && version !== "v0.1") throw recordRefusal(`unsupported_${area}_schema_version`);
  const text = (key: string): string => textOf(record, key, `missing_${area}_${key}`);
  const metadata = mapField(record, "metadata", `invalid_${area}_metadata`);
  refuseForbiddenKeys(area === "typed_execution" ? area : "automation", metadata);
  const head = { schema_version: "v0.1", request_id: text("request_id"), subject_ref: text("subject_ref") } as const;
  return {
    record,
    head: { ...head, metadata },
    text,
    optionalText: (key) => (member(record, key) === undefined ? "" : text(key)),
    choice: (key, values, unknown) => oneOf(values, text(key), unknown),
    count: (key) => countOf(record, key, `invalid_${area}_${key}`),
    flag: (key) => flagOf(record, key, `invalid_${area}_${key}`),
    texts: (key) => textsOf(record, key, `invalid_${area}_${key}`),
  };
}

const HEAD = ["schema_version", "request_id", "subject_ref", "metadata"];
/** Longest list of names in a request; the boundary's bound (spec kernel.md §2.4). */
const TEXTS_MAX = 1_000;

function countOf(record: ExactRecord, key: string, reason: string): number {
  const found = member(record, key);
  if (typeof found !== "number" || !Number.isSafeInteger(found) || found < 0) throw recordRefusal(reason);
  return found;
}

function flagOf(record: ExactRecord, key: string, reason: string): boolean {
  const found = member(record, key);
  if (typeof found !== "boolean") throw recordRefusal(reason, 11);
  return found;
}

function textsOf(record: ExactRecord, key: string, reason: string): readonly string[] {
  const found = member(record, key);
  if (!Array.isArray(found) || found.length > TEXTS_MAX) throw recordRefusal(reason);
  const texts = found.map((item: ExactJson) => (typeof item === "string" ? item.trim() : ""));
  if (texts.includes("") || new Set(texts).size !== texts.length) throw recordRefusal(reason);
  return texts;
}
