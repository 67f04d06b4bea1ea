import type { ExactJson } from "@writ/canon";
import type { AdmissionDecision } from "../admission/admission-decision.ts";
import { capabilityDecisionDigest, decideCapability, type CapabilityDecision } from "../capability/capability.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import type { ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { evaluateScopePolicy, scopeDecisionDigest, type ScopeDecision } from "../domain-scope/scope-policy.ts";
import { checkPolicyActivation, parsePolicyActivation } from "../policy-pack/activation.ts";
import {
  enforcementPlanDigest,
  planAdmission,
  planEnforcement,
  type EnforcementPlan,
} from "../policy-pack/enforcement.ts";
import { evaluatePolicyPack, evaluateRules, policyVerdictDigest, type PolicyVerdict } from "../policy-pack/evaluate.ts";
import { parsePackRequest, type PackRequest } from "../policy-pack/policy-request.ts";
import { verifyApproval, type ApprovalPorts } from "./approval-verification.ts";
import { issueAuthorization, type AuthorizationAsked } from "./authorization.ts";
import { checkGovernanceDecision, governanceDecisionDigest, type GovernanceDecision } from "./decision.ts";
import { governanceRequestDigest, parseGovernanceRequest, type GovernanceRequest } from "./request.ts";
import { outcomeOf } from "./outcome.ts";
import { traceGovernance, type GovernanceTrace } from "./trace.ts";
import { instantMs } from "./v1-record.ts";

/** What a host brings to one evaluation. Times are RFC 3339 with an offset. */
export interface GovernanceInputs {
  readonly activation: ExactJson;
  readonly evaluatedAt: string;
  /** The host's own context, apart from the request's. */
  readonly context: ExactRecord;
  /** Only asked when the request carries an attestation; a port that is missing then refuses. */
  readonly approval?: ApprovalPorts;
  /** Only asked when everything allows. */
  readonly authorization?: AuthorizationAsked;
}

export interface GovernanceEvaluation {
  readonly decision: GovernanceDecision;
  readonly verdict: PolicyVerdict;
  readonly plan: EnforcementPlan;
  readonly admission: AdmissionDecision;
  readonly trace: GovernanceTrace;
  readonly scope: ScopeDecision;
  readonly capability: CapabilityDecision;
}

/**
 * Decides a governance transaction in the reference's order (spec kernel.md §23.3). A request whose approval does not
 * hold is refused, never denied. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function evaluateGovernance(requestValue: ExactJson, inputs: GovernanceInputs): GovernanceEvaluation {
  const request = parseGovernanceRequest(requestValue);
  const { policy_pack: pack, policy_epoch: policyEpoch } = request;
  const nowMs = instantMs(inputs.evaluatedAt, "governance_evaluation_time_timezone_required");
  const activation = parsePolicyActivation(inputs.activation);
  checkPolicyActivation(activation, { pack, policyEpoch, nowMs });
  const asked = policyRequestOf(request);
  const initial = evaluatePolicyPack(pack, request.execution_facts, inputs.context);
  const approved = verifyApproval(request, inputs.approval ?? {}, nowMs);
  const lifted = approved ? liftedBy(initial, evaluateRules(pack, asked, inputs.context)) : initial;
  const verdict = approved ? withApproval(lifted, request.approval_attestation_digest) : initial;
  const plan = planEnforcement(pack, verdict);
  const admission = planAdmission(plan);
  const trace = traceGovernance(request.transaction_id, { request: asked, verdict, plan, admission });
  const scope = evaluateScopePolicy(request.requested_scope, { ...request.scope_policy_binding });
  const capability = decideCapability(request.capability_requirements, request.capability_inventory);
  const found = { request, initial, verdict, plan, admission, trace, scope, capability, approved };
  const outcome = outcomeOf(found);
  const decisionId = `gov-decision:${request.transaction_id}`;
  const authorization =
    outcome.status === "allowed"
      ? issueAuthorization(request, inputs.authorization ?? NOTHING_ASKED, { decisionId, nowMs, activation })
      : null;
  const decision = sealed({ ...documentOf(found), decision_id: decisionId, ...outcome, authorization });
  return { decision, verdict, plan, admission, trace, scope, capability };
}

interface Found extends Omit<GovernanceEvaluation, "decision"> {
  readonly request: GovernanceRequest;
  readonly initial: PolicyVerdict;
  readonly approved: boolean;
}

const NOTHING_ASKED: AuthorizationAsked = { nonce: "", expires_at: "" };

function policyRequestOf({ execution_facts, ...request }: GovernanceRequest): PackRequest {
  const asked = parsePackRequest(execution_facts);
  if (asked.request_id !== request.transaction_id) throw recordRefusal("policy_request_id_mismatch");
  if (asked.subject_ref !== `governance:${request.operation_id}:${request.step_id}:${request.attempt_id}`)
    throw recordRefusal("policy_request_subject_ref_mismatch");
  return asked;
}

/** An invariant asks for an approval before any rule is read; a rule that denies still does once there is one. */
function liftedBy(initial: PolicyVerdict, rules: PolicyVerdict): PolicyVerdict {
  const denies = rules.decision === "deny" && rules.reason_code !== "no_matching_policy_rule";
  return initial.decision === "approval_required" && denies ? rules : initial;
}

/** A verdict that waited for an approval, once there is one. Any other verdict stays as it is. */
function withApproval(verdict: PolicyVerdict, approvalDigest: string): PolicyVerdict {
  if (verdict.decision !== "approval_required") return verdict;
  return {
    ...verdict,
    decision: "allow_with_obligations",
    reason_code: "approval_requirement_satisfied",
    blockers: [],
    evidence_refs: [...new Set([...verdict.evidence_refs, approvalDigest])].toSorted(compareCodePoints),
    metadata: { ...verdict.metadata, approval_attestation_digest: approvalDigest },
  };
}

function documentOf({ request, initial, verdict, plan, trace, scope, capability }: Found): ExactRecord {
  return {
    schema_version: "v1",
    transaction_id: request.transaction_id,
    request_digest: governanceRequestDigest(request),
    policy_evaluation_digest: policyVerdictDigest(initial),
    policy_verdict_digest: policyVerdictDigest(verdict),
    enforcement_plan_digest: enforcementPlanDigest(plan),
    governance_trace_digest: trace.trace_digest,
    scope_decision_digest: scopeDecisionDigest(scope),
    capability_compatibility_digest: capabilityDecisionDigest(capability),
    approval_attestation_digest: request.approval_attestation_digest,
    controls: { ...plan.controls },
    required_controls: trace.required_controls,
  };
}

function sealed(document: ExactRecord): GovernanceDecision {
  return checkGovernanceDecision({ ...document, decision_digest: governanceDecisionDigest(document) });
}
