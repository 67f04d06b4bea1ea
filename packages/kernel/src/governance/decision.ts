import { type ExactJson, JsonFraction } from "@writ/canon";
import {
  isExactList,
  isExactRecord,
  member,
  memberOrNull,
  textMember,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordOf } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { digestOf, textOf } from "../domain-scope/scope-binding.ts";
import { parseRuntimeControls } from "../policy-pack/controls-record.ts";
import { checkAuthorizationFields, checkAuthorizationTerms } from "./authorization.ts";
import { orderedTexts, versionOf } from "./v1-record.ts";

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
  /** The whole document, for digests. */
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

/** Holds a decision against its invariants, its digest and the form of each field. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkGovernanceDecision(value: ExactJson): GovernanceDecision {
  const document = recordOf(value, "invalid_governance_decision");
  if (Object.keys(document).some((key) => !FIELDS.has(key))) throw recordRefusal("unknown_governance_decision_field");
  versionOf(document, "governance_decision");
  const status = statusOf(document);
  const allowed = member(document, "allowed") ?? false;
  if (typeof allowed !== "boolean") throw recordRefusal("governance_decision_allowed_mismatch", 11);
  if (allowed !== (status === "allowed")) throw recordRefusal("governance_decision_allowed_mismatch");
  const authorization = authorizationOf(document, status);
  const decision_digest = governanceDecisionDigest(document);
  if (textMember(document, "decision_digest")?.trim() !== decision_digest)
    throw recordRefusal("governance_decision_digest_mismatch");
  if (authorization !== null) checkAuthorizationFields(authorization);
  return { status, ...fieldsOf(document), decision_digest, authorization, document };
}

function statusOf(document: ExactRecord): GovernanceDecision["status"] {
  const named = textMember(document, "status")?.trim();
  const status = GOVERNANCE_DECISION_STATUSES.find((one) => one === named);
  if (status === undefined) throw recordRefusal("unknown_governance_decision_status");
  return status;
}

function authorizationOf(document: ExactRecord, status: GovernanceDecision["status"]): ExactRecord | null {
  const [authorization, blockers] = [memberOrNull(document, "authorization"), member(document, "blockers") ?? []];
  const blocked = !isExactList(blockers) || blockers.length > 0;
  if (status === "allowed") {
    if (!isExactRecord(authorization)) throw recordRefusal("allowed_governance_decision_without_authorization");
    if (blocked) throw recordRefusal("allowed_governance_decision_with_blockers");
    checkAuthorizationTerms(authorization);
    return authorization;
  }
  if (authorization !== null) throw recordRefusal("non_allowed_governance_decision_with_authorization");
  if (!blocked) throw recordRefusal("non_allowed_governance_decision_without_blockers");
  return null;
}

function fieldsOf(
  document: ExactRecord,
): Pick<GovernanceDecision, "decision_id" | "transaction_id" | "request_digest" | "reason_code" | "controls"> {
  const text = (key: string): string => textOf(document, key, `missing_governance_decision_${key}`);
  for (const key of DIGESTS) digestOf(document, key, `governance_decision_${key}`);
  if ((member(document, "approval_attestation_digest") ?? "") !== "")
    digestOf(document, "approval_attestation_digest", "governance_decision_approval_attestation_digest");
  for (const key of ["required_controls", "blockers"])
    orderedTexts(document, key, `invalid_governance_decision_${key}`);
  parseRuntimeControls(member(document, "controls"));
  return {
    decision_id: textOf(document, "decision_id", "missing_governance_decision_id"),
    transaction_id: text("transaction_id"),
    request_digest: text("request_digest"),
    reason_code: text("reason_code"),
    controls: recordOf(member(document, "controls"), "invalid_governance_decision_controls"),
  };
}

const DIGESTS = (
  "request_digest policy_evaluation_digest policy_verdict_digest enforcement_plan_digest governance_trace_digest " +
  "scope_decision_digest capability_compatibility_digest"
).split(" ");

const FIELDS: ReadonlySet<string> = new Set([
  ...DIGESTS,
  ...(
    "schema_version decision_id transaction_id status allowed reason_code approval_attestation_digest controls " +
    "required_controls blockers authorization decision_digest"
  ).split(" "),
]);
