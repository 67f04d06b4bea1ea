import { parseRfc3339 } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

export const SUBJECT_KINDS = ["task", "run", "host", "artifact", "profile", "operator_action", "generic"] as const;

export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** What the four records of spec kernel.md §20.1 have in common. */
export interface RecordHead {
  readonly subject_ref: string;
  readonly subject_kind: SubjectKind;
  readonly reason_code: string;
  readonly detail: string;
  readonly metadata: ExactRecord;
}

/** The id of a record; `id` is read for it, as older lines write it. */
export function recordId(record: ExactRecord, name: string, area: string): string {
  return requiredText(record, [name, "id"], `missing_${area}_id`);
}

/** A word of a closed set that must be said: what is absent is never taken for the mildest word (§27 no. 10). */
export function saidWord<Word extends string>(
  record: ExactRecord,
  key: string,
  words: readonly Word[],
  reason: string,
): Word {
  const said = textField(record, key);
  if (said === "") throw recordRefusal(`${reason}:missing`, 10);
  return oneOf(words, said, reason);
}

export function subjectOf(record: ExactRecord, area: string): string {
  return requiredText(record, "subject_ref", `missing_${area}_subject_ref`);
}

/** A free-form map without forbidden keys at any depth. */
export function scannedMap(record: ExactRecord, key: string): ExactRecord {
  const found = mapField(record, key, "invalid_admission_metadata");
  refuseForbiddenKeys("admission", found);
  return found;
}

/** An RFC 3339 instant with an offset, or empty; anything else is no time (spec kernel.md §2.5). */
export function instantField(record: ExactRecord, key: string, reason: string): string {
  const said = textField(record, key);
  if (said === "") return said;
  try {
    parseRfc3339(said);
    return said;
  } catch {
    throw recordRefusal(reason, 12);
  }
}

/** Refuses fields that the record does not have: a closed record says all it says where it is read (§27 no. 12). */
export function closedRecord(record: ExactRecord, fields: ReadonlySet<string>, area: string): void {
  const unknown = Object.keys(record).find((key) => !fields.has(key));
  if (unknown !== undefined) throw recordRefusal(`unknown_${area}_field`, 12);
}
