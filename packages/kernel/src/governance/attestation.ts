import type { ExactJson } from "@writ/canon";
import { member } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { opaqueReference } from "../signing/opaque-reference.ts";
import { closedRecord, digestOf, epochOf, instantMs, textOf, versionOf } from "./v1-record.ts";

export const SIDE_EFFECT_CLASSES = ["read_only", "mutation"] as const;

/** A named approver's yes to one attempt (spec kernel.md §23.2); `signature_ref` is `""` when there is none. */
export interface ApprovalAttestation {
  readonly schema_version: "v1";
  readonly approval_id: string;
  readonly subject_digest: string;
  readonly operation_id: string;
  readonly step_id: string;
  readonly attempt_id: string;
  readonly execution_spec_digest: string;
  readonly execution_facts_digest: string;
  readonly target_scope_digest: string;
  readonly policy_pack_digest: string;
  readonly policy_epoch: number;
  readonly approved_side_effect_class: (typeof SIDE_EFFECT_CLASSES)[number];
  readonly approver_ref: string;
  readonly approver_role: string;
  readonly trust_domain: string;
  readonly issued_at: string;
  readonly not_before: string;
  readonly expires_at: string;
  readonly revocation_ref: string;
  readonly signature_ref: string;
}

/** Reads an attestation. Throws `GOVERNANCE_RECORD_INVALID`, in the reference's order of fields. */
export function parseApprovalAttestation(value: ExactJson | undefined): ApprovalAttestation {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_approval_attestation",
    unknown: "unknown_approval_attestation_field",
  });
  const text = (key: string): string => textOf(record, key, `missing_approval_${key}`);
  const digest = (key: string): string => digestOf(record, key, `approval_${key}`);
  text("revocation_ref");
  const signature_ref = member(record, "signature_ref") ?? "";
  if (typeof signature_ref !== "string") throw recordRefusal("invalid_signature_ref");
  const parsed = {
    approval_id: textOf(record, "approval_id", "missing_approval_id"),
    subject_digest: digest("subject_digest"),
    operation_id: text("operation_id"),
    step_id: text("step_id"),
    attempt_id: text("attempt_id"),
    execution_spec_digest: digest("execution_spec_digest"),
    execution_facts_digest: digest("execution_facts_digest"),
    target_scope_digest: digest("target_scope_digest"),
    policy_pack_digest: digest("policy_pack_digest"),
    policy_epoch: epochOf(record, "policy_epoch", "invalid_approval_policy_epoch"),
    approved_side_effect_class: textOf(record, "approved_side_effect_class", "missing_approved_side_effect_class"),
    approver_ref: text("approver_ref"),
    approver_role: text("approver_role"),
    trust_domain: text("trust_domain"),
    issued_at: text("issued_at"),
    not_before: text("not_before"),
    expires_at: text("expires_at"),
    schema_version: versionOf(record, "approval_attestation"),
    revocation_ref: referenceOf(member(record, "revocation_ref"), "invalid_revocation_ref"),
    signature_ref: /^\p{Zs}*$/u.test(signature_ref) ? "" : referenceOf(signature_ref, "invalid_signature_ref"),
  };
  // Closed sets and times are looked at after the form of every field.
  const attestation = { ...parsed, approved_side_effect_class: sideEffectOf(parsed.approved_side_effect_class) };
  checkWindow(attestation);
  return attestation;
}

/** Digest over all 20 fields. */
export function approvalAttestationDigest(attestation: ApprovalAttestation): string {
  const recordType = "govengine.approvals.ApprovalAttestation";
  return kernelRecordDigest({ recordType, record: { ...attestation } });
}

function sideEffectOf(named: string): ApprovalAttestation["approved_side_effect_class"] {
  const found = SIDE_EFFECT_CLASSES.find((one) => one === named);
  if (found === undefined) throw recordRefusal("unsupported_approval_side_effect_class");
  return found;
}

function checkWindow({ issued_at, not_before, expires_at }: ApprovalAttestation): void {
  const issued = instantMs(issued_at, "invalid_approval_issued_at");
  const from = instantMs(not_before, "invalid_approval_not_before");
  const to = instantMs(expires_at, "invalid_approval_expires_at");
  if (issued >= to || from >= to) throw recordRefusal("invalid_approval_validity_window");
}

function referenceOf(value: ExactJson | undefined, reason: string): string {
  const reference = typeof value === "string" ? opaqueReference(value) : undefined;
  if (reference === undefined) throw recordRefusal(reason);
  return reference;
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "schema_version approval_id subject_digest operation_id step_id attempt_id execution_spec_digest " +
    "execution_facts_digest target_scope_digest policy_pack_digest policy_epoch approved_side_effect_class " +
    "approver_ref approver_role trust_domain issued_at not_before expires_at revocation_ref signature_ref"
  ).split(" "),
);
