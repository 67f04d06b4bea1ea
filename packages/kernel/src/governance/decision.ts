import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactRecord, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordOf } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseRuntimeControls } from "../policy-pack/controls-record.ts";
import { parseAuthorization } from "./authorization.ts";
import { closedRecord, digestOf, isDigest, orderedTexts, textOf, versionOf } from "./v1-record.ts";

export const GOVERNANCE_DECISION_STATUSES = ["allowed", "approval_required", "denied"] as const;

/** A governance decision that was checked (spec kernel.md §23.3). */
export interface GovernanceDecision {
  readonly status: (typeof GOVERNANCE_DECISION_STATUSES)[number];
  readonly decision_id: string;
  readonly transaction_id: string;
  readonly request_digest: string;
  readonly reason_code: string;
  readonly decision_digest: string;
  /** Present exactly when the status is `allowed`. */
  readonly authorization: ExactRecord | null;
  readonly controls: ExactRecord;
  /** The whole decision as it was read, for digests. */
  readonly document: ExactRecord;
}

/** Digest over every field but `decision_digest` itself. */
export function governanceDecisionDigest(value: ExactJson): string {
  const given = { schema_version: "v1", ...recordOf(value, "invalid_governance_decision") };
  const { decision_digest: _, ...record } = withFloats(given);
  return kernelRecordDigest({ recordType: "govengine.governance_decision.GovernanceDecision", record });
}

/** The decision with the fields the reference types as floats written as floats (spec kernel.md §3.3). */
export function withFloats(decision: ExactRecord): ExactRecord {
  const controls = member(decision, "controls");
  const timeout = member(controls, "timeout_seconds");
  if (!isExactRecord(controls) || typeof timeout !== "number") return decision;
  return { ...decision, controls: { ...controls, timeout_seconds: new JsonFraction(`${String(timeout)}.0`) } };
}

/** Reads a decision and holds it against its invariants and its digest. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkGovernanceDecision(value: ExactJson): GovernanceDecision {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_governance_decision",
    unknown: "unknown_governance_decision_field",
  });
  const [granted, controls] = [memberOrNull(record, "authorization"), memberOrNull(record, "controls")];
  const authorization = granted === null ? null : parseAuthorization(granted);
  if (!isExactRecord(controls)) throw recordRefusal("invalid_governance_decision_controls");
  parseRuntimeControls(controls);
  const head = headOf(record);
  const digest = digestOf(record, "decision_digest", "governance_decision_digest");
  const status = statusOf(record, head.status);
  checkApprovalDigest(head.approval_attestation_digest);
  const parsed = { ...head, status, allowed: status === "allowed", controls, authorization };
  checkOutcome(parsed);
  const decision_digest = governanceDecisionDigest(parsed);
  if (digest !== decision_digest) throw recordRefusal("governance_decision_digest_mismatch");
  return { ...parsed, decision_digest, document: { ...parsed, decision_digest } };
}

/** The texts and digests of a decision, in the reference's order. */
function headOf(record: ExactRecord): DecisionHead {
  const text = (key: string): string => textOf(record, key, `missing_governance_decision_${key}`);
  const digest = (key: string, name = `governance_${key}`): string => digestOf(record, key, name);
  return {
    decision_id: textOf(record, "decision_id", "missing_governance_decision_id"),
    transaction_id: text("transaction_id"),
    request_digest: digest("request_digest", "governance_decision_request_digest"),
    status: text("status"),
    reason_code: text("reason_code"),
    policy_evaluation_digest: digest("policy_evaluation_digest", "policy_evaluation_digest"),
    policy_verdict_digest: digest("policy_verdict_digest"),
    enforcement_plan_digest: digest("enforcement_plan_digest"),
    governance_trace_digest: digest("governance_trace_digest", "governance_trace_digest"),
    scope_decision_digest: digest("scope_decision_digest"),
    capability_compatibility_digest: digest("capability_compatibility_digest"),
    approval_attestation_digest: approvalDigestOf(record),
    required_controls: orderedTexts(record, "required_controls", "invalid_governance_required_controls"),
    blockers: orderedTexts(record, "blockers", "invalid_governance_decision_blockers"),
    schema_version: versionOf(record, "governance_decision"),
  };
}

function statusOf(record: ExactRecord, named: string): GovernanceDecision["status"] {
  const status = GOVERNANCE_DECISION_STATUSES.find((one) => one === named);
  if (status === undefined) throw recordRefusal("unknown_governance_decision_status");
  if (member(record, "allowed") !== (status === "allowed")) throw recordRefusal("governance_decision_allowed_mismatch");
  return status;
}

function approvalDigestOf(record: ExactRecord): string {
  const found = member(record, "approval_attestation_digest") ?? "";
  if (typeof found !== "string") throw recordRefusal("invalid_governance_approval_attestation_digest");
  return stripSpace(found);
}

function checkApprovalDigest(digest: string): void {
  if (digest !== "" && !isDigest(digest)) throw recordRefusal("invalid_governance_approval_attestation_digest");
}

function checkOutcome({ status, authorization, blockers }: Outcome): void {
  const blocked = blockers.length > 0;
  if (status === "allowed") {
    if (authorization === null) throw recordRefusal("allowed_governance_decision_without_authorization");
    if (blocked) throw recordRefusal("allowed_governance_decision_with_blockers");
    return;
  }
  if (authorization !== null) throw recordRefusal("non_allowed_governance_decision_with_authorization");
  if (!blocked) throw recordRefusal("non_allowed_governance_decision_without_blockers");
}

interface DecisionHead extends ExactRecord {
  readonly decision_id: string;
  readonly transaction_id: string;
  readonly request_digest: string;
  readonly status: string;
  readonly reason_code: string;
  readonly approval_attestation_digest: string;
  readonly blockers: readonly string[];
}

interface Outcome {
  readonly status: GovernanceDecision["status"];
  readonly authorization: ExactRecord | null;
  readonly blockers: readonly string[];
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "schema_version decision_id transaction_id request_digest status allowed reason_code policy_evaluation_digest " +
    "policy_verdict_digest enforcement_plan_digest governance_trace_digest scope_decision_digest " +
    "capability_compatibility_digest approval_attestation_digest controls required_controls blockers authorization " +
    "decision_digest"
  ).split(" "),
);
