import type { ExactJson } from "@writ/canon";
import { recordOf, textField, textsField } from "../control/record-fields.ts";
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

export const APPROVAL_STATES = ["not_required", "requested", "approved", "denied", "expired", "cancelled"] as const;

/** What an operator is asked (spec kernel.md §20.1); an answer counts only as a bound attestation (§27 no. 22). */
export interface ApprovalRequest extends RecordHead {
  readonly request_id: string;
  readonly state: (typeof APPROVAL_STATES)[number];
  readonly requested_by: string;
  readonly approver_ref: string;
  readonly expires_at: string;
  readonly policy_refs: readonly string[];
}

/** Reads an approval request. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseApprovalRequest(value: ExactJson): ApprovalRequest {
  const record = recordOf(value, "invalid_approval_request");
  const request_id = recordId(record, "request_id", "approval_request");
  const subject_ref = subjectOf(record, "approval");
  const subject_kind = saidWord(record, "subject_kind", SUBJECT_KINDS, "unknown_approval_subject_kind");
  const state = saidWord(record, "state", APPROVAL_STATES, "unknown_approval_state");
  closedRecord(record, FIELDS, "approval_request");
  return {
    request_id,
    subject_ref,
    subject_kind,
    state,
    requested_by: textField(record, "requested_by"),
    approver_ref: textField(record, "approver_ref"),
    expires_at: instantField(record, "expires_at", "invalid_approval_expires_at"),
    policy_refs: textsField(record, "policy_refs", "invalid_admission_sequence"),
    reason_code: textField(record, "reason_code", "operator_approval_required"),
    detail: textField(record, "detail"),
    metadata: scannedMap(record, "metadata"),
  };
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "request_id id subject_ref subject_kind state requested_by approver_ref expires_at policy_refs reason_code " +
    "detail metadata"
  ).split(" "),
);
