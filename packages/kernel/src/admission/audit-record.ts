import type { ExactJson } from "@writ/canon";
import { recordOf, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import {
  closedRecord,
  instantField,
  recordId,
  saidWord,
  scannedMap,
  SUBJECT_KINDS,
  subjectOf,
  type RecordHead,
} from "./record-head.ts";

export const AUDIT_RECORD_TYPES = [
  "admission_decision",
  "policy_decision",
  "approval_request",
  "operator_review",
] as const;

/** What happened, by reference (spec kernel.md §20.1). */
export interface AuditRecord extends RecordHead {
  readonly record_id: string;
  readonly record_type: (typeof AUDIT_RECORD_TYPES)[number];
  readonly schema_version: "v0.1";
  readonly decision_ref: string;
  readonly event_refs: readonly string[];
  readonly recorded_at: string;
}

/** What an audit record says in public. */
export interface AuditRecordSummary extends Pick<
  AuditRecord,
  "schema_version" | "record_id" | "record_type" | "subject_ref" | "decision_ref" | "reason_code"
> {
  readonly event_ref_count: number;
}

/** Reads an audit record. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseAuditRecord(value: ExactJson): AuditRecord {
  const record = recordOf(value, "invalid_audit_record");
  const record_id = recordId(record, "record_id", "audit_record");
  const subject_ref = subjectOf(record, "audit");
  const version = textField(record, "schema_version", "v0.1");
  if (version !== "v0.1") throw recordRefusal(`unknown_audit_record_schema_version:${version}`);
  const record_type = saidWord(record, "record_type", AUDIT_RECORD_TYPES, "unknown_audit_record_type");
  const subject_kind = saidWord(record, "subject_kind", SUBJECT_KINDS, "unknown_audit_subject_kind");
  closedRecord(record, FIELDS, "audit_record");
  return {
    record_id,
    record_type,
    schema_version: "v0.1",
    subject_ref,
    subject_kind,
    decision_ref: textField(record, "decision_ref"),
    event_refs: textsField(record, "event_refs", "invalid_event_refs"),
    recorded_at: instantField(record, "recorded_at", "invalid_audit_recorded_at"),
    reason_code: textField(record, "reason_code", "recorded"),
    detail: textField(record, "detail"),
    metadata: scannedMap(record, "metadata"),
  };
}

export function summarizeAuditRecord(record: AuditRecord): AuditRecordSummary {
  const { schema_version, record_id, record_type, subject_ref, decision_ref, reason_code, event_refs } = record;
  const event_ref_count = event_refs.length;
  return { schema_version, record_id, record_type, subject_ref, decision_ref, reason_code, event_ref_count };
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "record_id id record_type schema_version subject_ref subject_kind decision_ref event_refs recorded_at reason_code " +
    "detail metadata"
  ).split(" "),
);
