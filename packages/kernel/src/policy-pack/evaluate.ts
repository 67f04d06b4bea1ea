import { type ExactJson, JsonFraction } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import type { PolicyPack } from "./compile.ts";
import { conditionHolds } from "./condition.ts";
import { invariantsOf } from "./invariants.ts";
import { parsePackRequest, type PackRequest } from "./policy-request.ts";
import { POLICY_EFFECTS, type PolicyRule } from "./rule.ts";

/** What a pack says of a request (spec kernel.md §22.1). */
export interface PolicyVerdict {
  readonly verdict_id: string;
  readonly request_id: string;
  readonly subject_ref: string;
  readonly decision: (typeof POLICY_EFFECTS)[number];
  readonly schema_version: "v0.1";
  readonly reason_code: string;
  readonly risk_class: string;
  readonly risk_score: JsonFraction;
  readonly obligations: readonly ExactRecord[];
  readonly constraints: readonly ExactRecord[];
  readonly blockers: readonly string[];
  readonly evidence_refs: readonly string[];
  readonly metadata: ExactRecord;
}

/**
 * Evaluates a compiled pack: invariants first, then deny over approval over obligations over allow; no rule, no
 * permission (spec kernel.md §22.3). `context` is the host's own. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function evaluatePolicyPack(pack: PolicyPack, requestValue: ExactJson, context: ExactRecord): PolicyVerdict {
  const request = parsePackRequest(requestValue);
  const inputs = packInputs(request, context);
  return verdictOf(pack, request, invariant(inputs) ?? decided(matchingRules(pack, inputs)));
}

/** The verdict of the rules alone: an approval lifts an invariant, and never a rule that denies. */
export function evaluateRules(pack: PolicyPack, request: PackRequest, context: ExactRecord): PolicyVerdict {
  return verdictOf(pack, request, decided(matchingRules(pack, packInputs(request, context))));
}

function verdictOf(pack: PolicyPack, request: PackRequest, ruled: Ruling): PolicyVerdict {
  return {
    verdict_id: `${pack.policy_id}:${request.request_id}`,
    request_id: request.request_id,
    subject_ref: request.subject_ref,
    schema_version: "v0.1",
    ...ruled,
    evidence_refs: request.evidence_refs,
    metadata: { policy_pack: pack.policy_id, policy_version: pack.version },
  };
}

/** What the paths of conditions are looked up in: the request by namespace, and the host's own context. */
export function packInputs(request: PackRequest, context: ExactRecord): PackInputs {
  const { principal, action, resource, context: request_context } = request;
  return { principal, action, resource, request_context, context };
}

/** The rules whose conditions all hold, in the order of the pack. */
export function matchingRules({ rules }: PolicyPack, inputs: PackInputs): readonly PolicyRule[] {
  return rules.filter(({ conditions }) => conditions.every((condition) => conditionHolds(condition, { ...inputs })));
}

export function policyVerdictDigest(verdict: PolicyVerdict): string {
  const recordType = "govengine.policy.model.PolicyVerdict";
  return kernelRecordDigest({ recordType, record: { ...verdict } });
}

type Ruling = Pick<
  PolicyVerdict,
  "decision" | "reason_code" | "risk_class" | "risk_score" | "obligations" | "constraints" | "blockers"
>;

export interface PackInputs {
  readonly principal: ExactRecord;
  readonly action: ExactRecord;
  readonly resource: ExactRecord;
  readonly request_context: ExactRecord;
  readonly context: ExactRecord;
}

function invariant(inputs: PackInputs): Ruling | undefined {
  const holds = invariantsOf(inputs);
  if (holds.unsafe_execution_shape) return ruling("deny", "unsafe_execution_shape", "critical", "1.0");
  if (holds.destructive) return ruling("deny", "destructive_action_without_approval_evidence", "critical", "1.0");
  if (!holds.critical_mutation) return undefined;
  const held = ruling("approval_required", "critical_mutating_action_requires_approval", "high", "0.85");
  return { ...held, blockers: ["operator_approval_required"] };
}

function decided(matching: readonly PolicyRule[]): Ruling {
  for (const effect of POLICY_EFFECTS) {
    const rule = matching.find((one) => one.effect === effect);
    if (rule === undefined) continue;
    const { reason_code, risk_class, risk_score, obligations, constraints } = rule;
    const blockers = effect === "deny" || effect === "approval_required" ? [reason_code] : [];
    return { decision: effect, reason_code, risk_class, risk_score, obligations, constraints, blockers };
  }
  return ruling("deny", "no_matching_policy_rule", "medium", "0.5");
}

function ruling(decision: PolicyVerdict["decision"], reason: string, risk: string, score: string): Ruling {
  const risks = { risk_class: risk, risk_score: new JsonFraction(score) };
  return { decision, reason_code: reason, ...risks, obligations: [], constraints: [], blockers: [reason] };
}
