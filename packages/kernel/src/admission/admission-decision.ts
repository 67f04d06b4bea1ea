import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { flagField, recordOf, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import {
  closedRecord,
  recordId,
  saidWord,
  scannedMap,
  SUBJECT_KINDS,
  subjectOf,
  type RecordHead,
} from "./record-head.ts";

export const ADMISSION_OUTCOMES = ["allowed", "denied", "deferred", "dry_run_only", "record_only"] as const;

/** Whether a subject was let in (spec kernel.md §20.1). */
export interface AdmissionDecision extends RecordHead {
  readonly decision_id: string;
  readonly outcome: (typeof ADMISSION_OUTCOMES)[number];
  readonly allowed: boolean;
  readonly blockers: readonly string[];
  readonly context: ExactRecord;
  readonly signal: ExactRecord;
  readonly explainability: ExactRecord;
}

/** Reads an admission decision. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseAdmissionDecision(value: ExactJson): AdmissionDecision {
  const record = recordOf(value, "invalid_admission_decision");
  const decision_id = recordId(record, "decision_id", "admission_decision");
  const subject_ref = subjectOf(record, "admission");
  const subject_kind = saidWord(record, "subject_kind", SUBJECT_KINDS, "unknown_admission_subject_kind");
  const outcome = saidWord(record, "outcome", ADMISSION_OUTCOMES, "unknown_admission_outcome");
  const allowed = flagField(record, "allowed", outcome === "allowed");
  if (allowed && outcome !== "allowed") throw recordRefusal("admission_allowed_outcome_mismatch", looser(outcome));
  if (!allowed && outcome === "allowed") throw recordRefusal("admission_denied_outcome_mismatch");
  closedRecord(record, FIELDS, "admission_decision");
  return {
    decision_id,
    subject_ref,
    subject_kind,
    outcome,
    allowed,
    reason_code: textField(record, "reason_code", outcome),
    detail: textField(record, "detail"),
    blockers: textsField(record, "blockers", "invalid_admission_sequence"),
    context: scannedMap(record, "context"),
    signal: scannedMap(record, "signal"),
    explainability: scannedMap(record, "explainability"),
    metadata: scannedMap(record, "metadata"),
  };
}

export function admissionDecisionDigest(admission: AdmissionDecision): string {
  const recordType = "govengine.admission.GovAdmissionDecision";
  return kernelRecordDigest({ recordType, record: { ...admission } });
}

/** A host gate's answer as a decision: allowed or denied, with the gate's reason where it gives one. */
export function admissionOfGate(
  answer: { readonly allowed: boolean; readonly reasonCode?: string; readonly blockers?: readonly string[] },
  about: Pick<AdmissionDecision, "decision_id" | "subject_ref" | "subject_kind">,
): AdmissionDecision {
  const outcome = answer.allowed ? "allowed" : "denied";
  return parseAdmissionDecision({
    ...about,
    outcome,
    allowed: answer.allowed,
    reason_code: answer.reasonCode ?? outcome,
    blockers: answer.blockers ?? [],
  });
}

/** The reference refuses this of denied and deferred alone; an answer that says both is no answer (§27 no. 11). */
function looser(outcome: string): number | undefined {
  return outcome === "denied" || outcome === "deferred" ? undefined : 11;
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "decision_id id subject_ref subject_kind outcome allowed reason_code detail blockers context signal " +
    "explainability metadata"
  ).split(" "),
);
