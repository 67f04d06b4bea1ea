import type { ExactJson } from "@writ/canon";
import { member, memberOrNull } from "../compat/exact-record.ts";
import { mapField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { closedRecord, orderedTexts, textOf } from "../governance/v1-record.ts";
import { parseControls, parseRiskScore, RISK_CLASSES } from "./controls.ts";
import type { PolicyVerdict } from "./evaluate.ts";
import { POLICY_EFFECTS } from "./rule.ts";

/** Reads a verdict that was stored (spec kernel.md §22.1). Throws `GOVERNANCE_RECORD_INVALID`. */
export function parsePolicyVerdict(value: ExactJson): PolicyVerdict {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_policy_verdict",
    unknown: "unknown_policy_verdict_field",
  });
  const version = member(record, "schema_version");
  if (version !== "v0.1") throw recordRefusal("unknown_policy_verdict_schema_version");
  const named = textOf(record, "decision", "unknown_policy_verdict_decision:missing");
  const decision = POLICY_EFFECTS.find((one) => one === named);
  if (decision === undefined) throw recordRefusal(`unknown_policy_verdict_decision:${named}`);
  const risk_class = textOf(record, "risk_class", "unknown_policy_risk_class:missing");
  if (!RISK_CLASSES.has(risk_class)) throw recordRefusal(`unknown_policy_risk_class:${risk_class}`);
  const blockers = orderedTexts(record, "blockers", "invalid_policy_verdict_blockers");
  if (decision === "deny" && blockers.length === 0) throw recordRefusal("policy_deny_without_blocker");
  if (decision === "approval_required" && blockers.length === 0) throw recordRefusal("policy_approval_without_blocker");
  return {
    verdict_id: textOf(record, "verdict_id", "missing_policy_verdict_id"),
    request_id: textOf(record, "request_id", "missing_policy_verdict_request_id"),
    subject_ref: textOf(record, "subject_ref", "missing_policy_verdict_subject_ref"),
    decision,
    schema_version: "v0.1",
    reason_code: textOf(record, "reason_code", "missing_policy_verdict_reason_code"),
    risk_class,
    risk_score: parseRiskScore(memberOrNull(record, "risk_score")),
    obligations: parseControls(record, "obligations", "invalid_policy_obligations"),
    constraints: parseControls(record, "constraints", "invalid_policy_constraints"),
    blockers,
    evidence_refs: orderedTexts(record, "evidence_refs", "invalid_policy_verdict_evidence_refs"),
    metadata: mapField(record, "metadata", "invalid_policy_metadata"),
  };
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "verdict_id request_id subject_ref decision schema_version reason_code risk_class risk_score obligations " +
    "constraints blockers evidence_refs metadata"
  ).split(" "),
);
