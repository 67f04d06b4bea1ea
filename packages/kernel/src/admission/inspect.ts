import { parseJsonExact, type ExactJson } from "@writ/canon";
import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { flagField, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { checkAdmissionResult } from "./result.ts";
import { onRefusal } from "../on-refusal.ts";

/** Longest admission that is inspected. */
const BYTES_MAX = 1_048_576;

/** What a person is told of an admission that somebody else composed. Nothing is executed for it. */
export interface AdmissionInspection {
  readonly admission_id: string;
  readonly subject_ref: string;
  readonly status: string;
  readonly allowed: boolean;
  readonly reason_code: string;
  readonly blockers: readonly string[];
  readonly required_next_actions: readonly string[];
  readonly executed: false;
}

/**
 * Reads an admission result and holds it against its invariants (spec kernel.md §20.2). Refusals name a code and never
 * the input. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function inspectAdmission(input: Uint8Array | string): AdmissionInspection {
  const record = readRecord(input);
  checkAdmissionResult(record);
  return {
    admission_id: textField(record, ["admission_id", "id"]),
    subject_ref: textField(record, "subject_ref"),
    status: textField(record, "status"),
    allowed: flagField(record, "allowed", false),
    reason_code: textField(record, "reason_code"),
    blockers: textsField(record, "blockers", "invalid_admission_sequence"),
    required_next_actions: textsField(record, "required_next_actions", "invalid_admission_sequence"),
    executed: false,
  };
}

function readRecord(input: Uint8Array | string): ExactRecord {
  const value = read(input);
  if (!isExactRecord(value) || member(value, "status") === undefined)
    throw recordRefusal("runtime_admission_json_invalid");
  return value;
}

function read(input: Uint8Array | string): ExactJson {
  return onRefusal(
    () => parseJsonExact(input, { maxBytes: BYTES_MAX }),
    (error) => {
      // Without its cause: the reader's own words could repeat what it read.
      throw recordRefusal(
        error.code === "JSON_SIZE" ? "runtime_admission_input_too_large" : "runtime_admission_json_invalid",
      );
    },
  );
}
