import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { flagField, oneOf, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

export const GOVERNANCE_DECISION_STATUSES = ["allowed", "approval_required", "denied"] as const;

/** A governance decision that was checked (spec kernel.md §23.3). */
export interface GovernanceDecision {
  readonly status: (typeof GOVERNANCE_DECISION_STATUSES)[number];
  readonly decision_id: string;
  readonly decision_digest: string;
  /** Present exactly when the status is `allowed`. */
  readonly authorization: ExactRecord | null;
  readonly controls: ExactRecord;
  /** The whole document, for digests. */
  readonly document: ExactRecord;
}

/** Digest over every field but `decision_digest` itself. */
export function governanceDecisionDigest(value: ExactJson): string {
  const { decision_digest: _, ...record } = withFloats(recordOf(value, "invalid_governance_decision"));
  return kernelRecordDigest({ recordType: "govengine.governance_decision.GovernanceDecision", record });
}

/** The decision with the fields the reference types as floats written as floats (spec kernel.md §3.3). */
export function withFloats(decision: ExactRecord): ExactRecord {
  const controls = member(decision, "controls");
  const timeout = member(controls, "timeout_seconds");
  if (!isExactRecord(controls) || typeof timeout !== "number") return decision;
  return { ...decision, controls: { ...controls, timeout_seconds: new JsonFraction(`${String(timeout)}.0`) } };
}

/** Holds a decision against its invariants and its digest. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkGovernanceDecision(value: ExactJson): GovernanceDecision {
  const document = recordOf(value, "invalid_governance_decision");
  const unknown = Object.keys(document).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) throw recordRefusal("unknown_governance_decision_field");
  const version = textField(document, "schema_version", "v1");
  if (version !== "v1") throw recordRefusal("unknown_governance_decision_schema_version");
  const status = oneOfStatus(textField(document, "status"));
  if (flagField(document, "allowed", false) !== (status === "allowed"))
    throw recordRefusal("governance_decision_allowed_mismatch");
  const authorization = authorizationOf(document, status);
  const digest = governanceDecisionDigest(document);
  if (textField(document, "decision_digest") !== digest) throw recordRefusal("governance_decision_digest_mismatch");
  const controls = member(document, "controls");
  return {
    status,
    decision_id: requiredText(document, "decision_id", "missing_governance_decision_id"),
    decision_digest: digest,
    authorization,
    controls: recordOf(controls, "invalid_governance_decision_controls"),
    document,
  };
}

function oneOfStatus(text: string): GovernanceDecision["status"] {
  if (!GOVERNANCE_DECISION_STATUSES.some((status) => status === text))
    throw recordRefusal("unknown_governance_decision_status");
  return oneOf(GOVERNANCE_DECISION_STATUSES, text, "unknown_governance_decision_status");
}

function authorizationOf(document: ExactRecord, status: GovernanceDecision["status"]): ExactRecord | null {
  const [authorization, blockers] = [member(document, "authorization") ?? null, member(document, "blockers") ?? []];
  const blocked = isExactList(blockers) && blockers.length > 0;
  if (status === "allowed") {
    if (!isExactRecord(authorization)) throw recordRefusal("allowed_governance_decision_without_authorization");
    if (blocked) throw recordRefusal("allowed_governance_decision_with_blockers");
    checkAuthorization(authorization);
    return authorization;
  }
  if (authorization !== null) throw recordRefusal("non_allowed_governance_decision_with_authorization");
  if (!blocked) throw recordRefusal("non_allowed_governance_decision_without_blockers");
  return null;
}

function checkAuthorization(authorization: ExactRecord): void {
  const unknown = Object.keys(authorization).find((key) => !AUTHORIZATION_FIELDS.has(key));
  if (unknown !== undefined) throw recordRefusal("unknown_governance_authorization_field");
  const nonce = requiredText(authorization, "nonce", "authorization_nonce_required");
  if (nonce.length > NONCE_MAX) throw recordRefusal("authorization_nonce_too_long");
  requiredText(authorization, "expires_at", "authorization_expiry_required");
  if (!flagField(authorization, "consume_once", false)) throw recordRefusal("authorization_must_be_consume_once");
}

const NONCE_MAX = 256;

const FIELDS: ReadonlySet<string> = new Set(
  (
    "schema_version decision_id transaction_id request_digest status allowed reason_code policy_evaluation_digest " +
    "policy_verdict_digest enforcement_plan_digest governance_trace_digest scope_decision_digest " +
    "capability_compatibility_digest approval_attestation_digest controls required_controls blockers authorization " +
    "decision_digest"
  ).split(" "),
);

const AUTHORIZATION_FIELDS: ReadonlySet<string> = new Set(
  (
    "authorization_id operation_id step_id attempt_id runtime_instance_id lease_id lease_epoch fencing_token_digest " +
    "execution_spec_digest payload_digest requested_scope_digest capability_inventory_digest inventory_epoch " +
    "policy_pack_digest policy_epoch issued_at expires_at nonce consume_once schema_version"
  ).split(" "),
);
