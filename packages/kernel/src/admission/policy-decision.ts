import type { ExactJson } from "@writ/canon";
import { isExactList, member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
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

export const POLICY_DECISIONS = ["allow", "deny", "defer", "require_approval", "dry_run_only", "record_only"] as const;

/** What a policy said about a subject (spec kernel.md §20.1). */
export interface PolicyDecisionRecord extends RecordHead {
  readonly policy_id: string;
  readonly decision: (typeof POLICY_DECISIONS)[number];
  readonly controls: readonly string[];
  readonly blockers: readonly string[];
}

/** Reads a policy decision. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parsePolicyDecision(value: ExactJson): PolicyDecisionRecord {
  const record = recordOf(value, "invalid_policy_decision");
  const policy_id = recordId(record, "policy_id", "policy_decision");
  const subject_ref = subjectOf(record, "policy");
  const subject_kind = saidWord(record, "subject_kind", SUBJECT_KINDS, "unknown_policy_subject_kind");
  const decision = saidWord(record, "decision", POLICY_DECISIONS, "unknown_policy_decision");
  closedRecord(record, FIELDS, "policy_decision");
  return {
    policy_id,
    subject_ref,
    subject_kind,
    decision,
    reason_code: textField(record, "reason_code", decision),
    detail: textField(record, "detail"),
    controls: textsField(record, "controls", "invalid_admission_sequence"),
    blockers: textsField(record, "blockers", "invalid_admission_sequence"),
    metadata: scannedMap(record, "metadata"),
  };
}

/** A policy verdict (spec kernel.md §22) as a decision record; its last paragraph of §20.2 says how. */
export function policyDecisionOfVerdict(verdict: ExactJson): PolicyDecisionRecord {
  const record = recordOf(verdict, "invalid_policy_verdict");
  const policy_id = requiredText(record, ["verdict_id", "id"], "missing_policy_verdict_id");
  const subject_ref = requiredText(record, "subject_ref", "missing_policy_verdict_subject_ref");
  const said = textField(record, "decision", "missing");
  const decision = DECISION_OF_VERDICT.get(said);
  if (decision === undefined) throw recordRefusal(`unknown_policy_verdict_decision:${said}`);
  const reason_code = textField(record, "reason_code", decision);
  const stated = textsField(record, "blockers", "invalid_admission_sequence");
  return parsePolicyDecision({
    policy_id,
    subject_ref,
    subject_kind: "generic",
    decision,
    reason_code,
    controls: [...controlsOf(record, "obligations", "obligation"), ...controlsOf(record, "constraints", "constraint")],
    blockers: stated.length > 0 ? stated : (impliedBlockers.get(decision)?.(reason_code) ?? []),
    metadata: {
      policy_verdict_schema_version: textField(record, "schema_version", "v0.1"),
      policy_request_id: textField(record, "request_id"),
      risk_class: textField(record, "risk_class"),
      risk_score: member(record, "risk_score") ?? 0,
    },
  });
}

const DECISION_OF_VERDICT: ReadonlyMap<string, PolicyDecisionRecord["decision"]> = new Map([
  ["allow", "allow"],
  ["allow_with_obligations", "allow"],
  ["approval_required", "require_approval"],
  ["deny", "deny"],
]);

const impliedBlockers: ReadonlyMap<string, (reason: string) => readonly string[]> = new Map([
  ["require_approval", () => ["operator_approval_required"]],
  ["deny", (reason: string) => [reason]],
]);

/** Each obligation and constraint is a control to keep; one without an id could not be kept (§27 no. 12). */
function controlsOf(record: ExactRecord, key: string, kind: string): readonly string[] {
  const found = member(record, key) ?? [];
  if (!isExactList(found)) throw recordRefusal("invalid_admission_sequence");
  return found.map((one) => {
    const id = textOrEmpty(one, "id").trim();
    if (id === "") throw recordRefusal(`missing_policy_${kind}_id`, 12);
    return `${kind}:${id}`;
  });
}

const FIELDS: ReadonlySet<string> = new Set(
  "policy_id id subject_ref subject_kind decision reason_code detail controls blockers metadata".split(" "),
);
