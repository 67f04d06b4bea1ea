import type { ExactJson } from "@writ/canon";
import { member } from "../compat/exact-record.ts";
import { recordOf } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { ApprovalAttestation } from "./attestation.ts";
import { distinctTexts, instantMs, textOf } from "./v1-record.ts";

/** Whose approvals count (spec kernel.md §23.2). */
export interface ApprovalTrustPolicy {
  readonly policy_id: string;
  readonly trusted_roles: readonly string[];
  readonly trusted_domains: readonly string[];
  /** Empty: the reference lets every approver of a trusted role in a trusted domain approve. */
  readonly trusted_approver_refs: readonly string[];
  readonly require_signature_ref: boolean;
}

/** Reads a trust policy; it is closed, and a signature is required unless it says otherwise. */
export function parseApprovalTrustPolicy(value: ExactJson | undefined): ApprovalTrustPolicy {
  if (value === undefined || value === null) throw recordRefusal("approval_trust_policy_required");
  const record = recordOf(value, "invalid_approval_trust_policy");
  if (Object.keys(record).some((key) => !FIELDS.has(key)))
    throw recordRefusal("unknown_approval_trust_policy_field", 12);
  const policy_id = textOf(record, "policy_id", "missing_approval_trust_policy_id");
  const trusted = (key: string, reason: string): readonly string[] =>
    member(record, key) === undefined ? [] : distinctTexts(record, key, reason);
  const trusted_roles = trusted("trusted_roles", "invalid_approval_trusted_roles");
  const trusted_domains = trusted("trusted_domains", "invalid_approval_trusted_domains");
  const trusted_approver_refs = trusted("trusted_approver_refs", "invalid_approval_trusted_approver_refs");
  if (trusted_roles.length === 0) throw recordRefusal("approval_trust_policy_without_roles");
  if (trusted_domains.length === 0) throw recordRefusal("approval_trust_policy_without_domains");
  const require_signature_ref = member(record, "require_signature_ref") ?? true;
  if (typeof require_signature_ref !== "boolean") throw recordRefusal("invalid_approval_signature_requirement");
  return { policy_id, trusted_roles, trusted_domains, trusted_approver_refs, require_signature_ref };
}

/** Whether somebody may approve at all, whatever the time; the first rule that fails refuses. */
export function checkApprover(attestation: ApprovalAttestation, policy: ApprovalTrustPolicy): void {
  const { trusted_approver_refs: approvers } = policy;
  refuseFirstBroken([
    ["approval_role_not_trusted", policy.trusted_roles.includes(attestation.approver_role)],
    ["approval_trust_domain_not_trusted", policy.trusted_domains.includes(attestation.trust_domain)],
    ["approval_approver_not_trusted", approvers.length === 0 || approvers.includes(attestation.approver_ref)],
    ["approval_signature_ref_required", !policy.require_signature_ref || attestation.signature_ref !== ""],
  ]);
}

/** Whether a bound attestation is trusted, in time and not revoked; the first rule that fails refuses. */
export function checkApprovalTrust(
  attestation: ApprovalAttestation,
  policy: ApprovalTrustPolicy,
  when: { readonly nowMs: number; readonly revoked: boolean },
): void {
  checkApprover(attestation, policy);
  const [from, to] = [msOf(attestation.not_before), msOf(attestation.expires_at)];
  refuseFirstBroken([
    ["approval_not_yet_valid", when.nowMs >= from],
    ["approval_expired", when.nowMs < to],
    ["approval_revoked", !when.revoked],
  ]);
}

function refuseFirstBroken(rules: readonly (readonly [reason: string, holds: boolean])[]): void {
  const broken = rules.find(([, holds]) => !holds);
  if (broken !== undefined) throw recordRefusal(broken[0]);
}

function msOf(text: string): number {
  return instantMs(text, "invalid_approval_validity_window");
}

const FIELDS: ReadonlySet<string> = new Set(
  "policy_id trusted_roles trusted_domains trusted_approver_refs require_signature_ref".split(" "),
);
