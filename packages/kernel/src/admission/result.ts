import type { ExactJson } from "@writ/canon";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { SIGNAL_ROLES } from "./artifact-refs.ts";
import { ADMISSION_STATUSES, obligesReceipt, type AdmissionStatus, type RuntimeAdmission } from "./compose.ts";
import { flag } from "./signal-status.ts";

/** What an admission says in public: ids, counts and the outcome. */
export interface AdmissionSummary {
  readonly schema_version: string;
  readonly admission_id: string;
  readonly subject_ref: string;
  readonly status: AdmissionStatus;
  readonly allowed: boolean;
  readonly reason_code: string;
  readonly blocker_count: number;
  readonly required_next_action_count: number;
  readonly receipt_obligation: string;
}

export function summarizeAdmission(admission: RuntimeAdmission): AdmissionSummary {
  const { receipt_obligation: receipt } = admission.signals;
  return {
    schema_version: admission.schema_version,
    admission_id: admission.admission_id,
    subject_ref: admission.subject_ref,
    status: admission.status,
    allowed: admission.allowed,
    reason_code: admission.reason_code,
    blocker_count: admission.blockers.length,
    required_next_action_count: admission.required_next_actions.length,
    receipt_obligation: obligesReceipt(receipt) ? "required" : textField(receipt, "status") || "missing",
  };
}

/** The admission as a record: its summaries stand beside what was made of them (spec kernel.md §20.2). */
export function admissionRecord({ signals, ...admission }: RuntimeAdmission): ExactRecord {
  return { ...signals, ...admission };
}

/** Digest over the whole record. Throws `LEGACY_VALUE`. */
export function admissionDigest(admission: RuntimeAdmission): string {
  const recordType = "govengine.admission.RuntimeAdmissionResult";
  return kernelRecordDigest({ recordType, record: admissionRecord(admission) });
}

/** Holds an imported admission result against its invariants. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkAdmissionResult(value: ExactJson): void {
  const record = recordOf(value, "invalid_runtime_admission_result");
  requiredText(record, ["admission_id", "id"], "missing_runtime_admission_id");
  requiredText(record, "subject_ref", "missing_runtime_admission_subject_ref");
  const status = statusOf(record);
  if (member(record, "allowed") === undefined) throw recordRefusal("missing_runtime_admission_allowed", 11);
  const allowed = flag(record, "allowed") ?? status === "allowed";
  const blockers = textsField(record, "blockers", "invalid_admission_sequence");
  const steps = textsField(record, "required_next_actions", "invalid_admission_sequence");
  for (const key of SCANNED) refuseForbiddenKeys("admission", mapField(record, key, "invalid_admission_metadata"));
  const version = textField(record, "schema_version", "v0.1");
  if (version !== "v0.1") throw recordRefusal(`unknown_runtime_admission_schema_version:${version || "missing"}`);
  if (allowed && status !== "allowed") throw recordRefusal("runtime_admission_allowed_status_mismatch");
  if (!allowed && status === "allowed") throw recordRefusal("runtime_admission_blocked_status_mismatch");
  if (allowed && blockers.length + steps.length > 0) throw recordRefusal("runtime_admission_allowed_with_blockers");
  if (!allowed && blockers.length + steps.length === 0)
    throw recordRefusal("runtime_admission_blocked_without_evidence");
}

/** A status counts as it is spelled; the reference folds its case (§27 no. 21). */
function statusOf(record: ExactRecord): AdmissionStatus {
  const said = requiredText(record, "status", "unknown_runtime_admission_status:missing");
  const word = said.toLowerCase();
  if (word !== said && ADMISSION_STATUSES.some((status) => status === word))
    throw recordRefusal(`status_spelled_otherwise:${said}`, 21);
  return oneOf(ADMISSION_STATUSES, word, "unknown_runtime_admission_status");
}

/** Maps of an admission that must hold no forbidden key, in the order in which they are searched. */
const SCANNED = [...SIGNAL_ROLES, "artifact_refs", "metadata"] as const;
