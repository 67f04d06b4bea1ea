import type { ExactJson } from "@writ/canon";
import { describe, expect, test } from "vitest";
import {
  capabilityInventoryDigest,
  checkDecisionBinding,
  checkEnforcementPlan,
  checkGovernanceTrace,
  checkPlanAdmission,
  compilePolicyPack,
  enforcementPlanDigest,
  evaluateGovernance,
  parseCapabilityInventory,
  parseGovernanceRequest,
  type ApprovalPorts,
  type GovernanceEvaluation,
  type GovernanceInputs,
} from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import { activationSample, approvedSample, packSample, requestSample, type Json } from "./request-sample.ts";

const trustPolicy = {
  policy_id: "approvers",
  trusted_roles: ["admin"],
  trusted_domains: ["organization:example"],
  trusted_approver_refs: ["operator:alice"],
};
const approval: ApprovalPorts = { trustPolicy, isRevoked: () => false, isSigned: () => true };
const authorization = { nonce: " nonce ", expires_at: "2026-07-15T14:06:00+02:00" };
const inputs: GovernanceInputs = {
  activation: activationSample,
  evaluatedAt: "2026-07-15T12:05:00Z",
  context: {},
  approval,
  authorization,
};
const evaluate = (request: Json, more: Partial<GovernanceInputs> = {}): GovernanceEvaluation =>
  evaluateGovernance(request, { ...inputs, ...more });
const refusal = (request: Json, more: Partial<GovernanceInputs> = {}): string | undefined =>
  refusalOf(() => evaluate(request, more));
const mutation = requestSample("mutation");
const approved = approvedSample(mutation);

describe("what policy, scope and capability allow", () => {
  test("is allowed and authorised once", () => {
    const { decision } = evaluate(requestSample());
    expect(decision).toMatchObject({ status: "allowed", reason_code: "all_governance_gates_passed" });
    expect(decision.authorization).toMatchObject({
      authorization_id: "gov-auth:gov-decision:tx",
      inventory_epoch: 7,
      issued_at: "2026-07-15T12:05:00Z",
      expires_at: "2026-07-15T12:06:00Z",
      nonce: "nonce",
      consume_once: true,
    });
  });

  test("a mutation waits for an approval", () => {
    const { decision, trace } = evaluate(mutation);
    expect(decision).toMatchObject({ status: "approval_required", reason_code: "approval_attestation_required" });
    expect(decision.document["blockers"]).toEqual(["mutation_requires_approval", "approval_attestation_required"]);
    expect(trace).toMatchObject({ trace_id: "gov-trace:tx", required_controls: ["receipt_required"] });
  });

  test("an approval satisfies the verdict that asked for it, and is named as its evidence", () => {
    const { decision, verdict, trace } = evaluate(approved);
    expect(decision.status).toBe("allowed");
    expect(decision.document["policy_evaluation_digest"]).not.toBe(decision.document["policy_verdict_digest"]);
    expect(verdict).toMatchObject({
      decision: "allow_with_obligations",
      reason_code: "approval_requirement_satisfied",
      evidence_refs: [approved["approval_attestation_digest"]],
      metadata: { approval_attestation_digest: approved["approval_attestation_digest"] },
    });
    expect(trace.required_controls).toEqual(["bounded-output", "receipt", "receipt_required"]);
    expect(decision.controls).toMatchObject({ max_output_bytes: 4096 });
  });

  test("a denial of policy is a denial with its reason, approval or not", () => {
    const facts = { action: { mode: "read", destructive: true } };
    for (const request of [requestSample("mutation", { facts }), approvedSample(requestSample("mutation", { facts }))])
      expect(evaluate(request).decision).toMatchObject({
        status: "denied",
        reason_code: "destructive_action_without_approval_evidence",
      });
  });

  test("what lies outside the scope is denied, and every blocker is named", () => {
    const request = requestSample("mutation", { scope: { target_namespace: "other" } });
    const { decision } = evaluate(request);
    expect(decision).toMatchObject({ status: "denied", reason_code: "target_namespace_not_allowed" });
    expect(decision.document["blockers"]).toEqual([
      "mutation_requires_approval",
      "target_namespace_not_allowed",
      "approval_attestation_required",
    ]);
  });

  test("what the runtime cannot do is denied with the capability's reason", () => {
    const lacking = { ...(requestSample()["capability_inventory"] as Json), capabilities: ["read"] };
    const request = {
      ...requestSample(),
      capability_inventory: lacking,
      capability_inventory_digest: capabilityInventoryDigest(parseCapabilityInventory(lacking)),
    };
    const { decision } = evaluate(request);
    expect(decision).toMatchObject({ status: "denied", reason_code: "required_capabilities_missing" });
    expect(decision.document["blockers"]).toEqual(["required_capabilities_missing"]);
  });

  test("a decision of another transaction is about no request, and one that allows nothing authorises nothing", () => {
    const [asked, waiting] = [parseGovernanceRequest(requestSample()), parseGovernanceRequest(mutation)];
    const { decision } = evaluate(requestSample());
    const check = (changed: object, request = asked) =>
      refusalOf(() => checkDecisionBinding({ ...decision, ...changed }, request));
    expect(check({ transaction_id: "other" })).toBe("governance_decision_transaction_id_mismatch");
    expect(check({ authorization: { ...decision.authorization, payload_digest: "x" } })).toBe(
      "authorization_payload_digest_mismatch",
    );
    expect(refusalOf(() => checkDecisionBinding(evaluate(mutation).decision, waiting))).toBeUndefined();
  });

  test.each<[string, Json]>([
    ["a mutation that policy would let by", requestSample("mutation", { facts: { action: { mode: "read" } } })],
    ["a reading that policy holds", requestSample("read_only", { facts: { action: { mode: "mutation" } } })],
  ])("%s waits for an approval", (_, request) => {
    expect(evaluate(request).decision).toMatchObject({
      status: "approval_required",
      reason_code: "approval_attestation_required",
      authorization: null,
    });
    expect(evaluate(request).decision.document["blockers"]).toContain("approval_attestation_required");
    expect(evaluate(approvedSample(request)).decision.status).toBe("allowed");
  });

  const withRules = (rule: Json, action: Json, resource: Json = {}): Json =>
    requestSample("mutation", { policy_pack: { ...packSample, rules: [rule] }, facts: { action, resource } });
  const evaluated = (request: Json) => {
    const policy_pack_digest = request["policy_pack_digest"] ?? null;
    return evaluate(request, { activation: { ...activationSample, policy_pack_digest } }).decision;
  };
  const when = (value: ExactJson) => [{ path: "action.mode", operator: "eq", value }];

  test("a control that nobody enforces denies, approval or not", () => {
    const constraints = [{ constraint_id: "odd", kind: "odd", value: 1 }];
    for (const effect of ["allow", "approval_required"]) {
      const request = withRules({ rule_id: "r", effect, conditions: when("read"), constraints }, { mode: "read" });
      const reason = { status: "denied", reason_code: "unsupported_policy_constraint:odd" };
      expect(evaluated(approvedSample(request))).toMatchObject(reason);
    }
  });

  test("an approval lifts what an invariant holds, and no rule that denies", () => {
    const critical = { criticality: "critical" };
    const denies = { rule_id: "r", effect: "deny", conditions: when("apply"), reason_code: "no_apply" };
    const unmatched = { rule_id: "r", effect: "deny", conditions: when("other") };
    const allows = { ...denies, effect: "allow", reason_code: "fine" };
    const decided = (rule: Json) => evaluated(approvedSample(withRules(rule, { mode: "apply" }, critical)));
    expect(decided(denies)).toMatchObject({ status: "denied", reason_code: "no_apply" });
    expect(decided(unmatched).status).toBe("allowed");
    expect(decided(allows).status).toBe("allowed");
  });

  test("what an invariant denies is denied for that, whatever a rule says after an approval", () => {
    const denies = { rule_id: "r", effect: "deny", conditions: when("apply"), reason_code: "no_apply" };
    const request = withRules(denies, { mode: "apply", destructive: true });
    const reason = { status: "denied", reason_code: "destructive_action_without_approval_evidence" };
    expect(evaluated(approvedSample(request))).toMatchObject(reason);
  });

  test("the decision is about its request and no other", () => {
    const { decision } = evaluate(requestSample());
    expect(refusalOf(() => checkDecisionBinding(decision, parseGovernanceRequest(requestSample())))).toBeUndefined();
    expect(
      refusalOf(() => checkDecisionBinding(decision, parseGovernanceRequest({ ...requestSample(), lease_epoch: 10 }))),
    ).toBe("governance_decision_request_digest_mismatch");
  });
});

describe("an activation is refused for the first thing that differs", () => {
  test.each<[string, Json]>([
    ["policy_activation_id_mismatch", { policy_id: "other", policy_version: "2" }],
    ["policy_activation_version_mismatch", { policy_version: "2", policy_epoch: 1 }],
    ["policy_activation_digest_mismatch", { policy_pack_digest: `sha256:${"0".repeat(64)}`, policy_epoch: 1 }],
    ["policy_epoch_drift", { policy_epoch: 1, issuer_ref: "other" }],
    ["policy_activation_issuer_mismatch", { issuer_ref: "other", status: "revoked" }],
    ["policy_activation_not_before_mismatch", { not_before: "2026-07-15T11:59:59Z" }],
    ["policy_activation_expires_at_mismatch", { expires_at: "2026-07-15T13:00:01Z", status: "revoked" }],
    ["policy_superseded", { status: "superseded" }],
    ["policy_revoked", { status: "revoked" }],
    ["policy_expired", { status: "expired" }],
    ["policy_not_yet_valid", { not_before: "2026-07-15T12:05:01Z" }],
    ["policy_expired", { expires_at: "2026-07-15T12:05:00Z" }],
    ["unknown_policy_activation_status", { status: "odd" }],
    ["invalid_policy_activation_not_before", { not_before: "today" }],
    ["invalid_policy_activation_expires_at", { expires_at: "2026-07-15" }],
    ["invalid_policy_activation_validity_window", { expires_at: "2026-07-15T12:00:00Z" }],
    ["unknown_policy_activation_binding_field", { extra: 1 }],
  ])("%s", (reason, more) => {
    expect(refusal(requestSample(), { activation: { ...activationSample, ...more } })).toBe(reason);
  });
});

describe("facts are about this transaction and this attempt", () => {
  test.each<[string, Json]>([
    ["policy_request_id_mismatch", { request_id: "other", subject_ref: "other" }],
    ["policy_request_subject_ref_mismatch", { subject_ref: "governance:op:step:other" }],
  ])("%s", (reason, facts) => {
    expect(refusal(requestSample("read_only", { facts }))).toBe(reason);
  });
});

describe("an approval that is not believed refuses the request", () => {
  const without = ({ [0]: key }: [keyof ApprovalPorts]): ApprovalPorts => {
    const { [key]: _, ...rest } = approval;
    return rest;
  };
  test.each<[string, ApprovalPorts, Json?]>([
    ["approval_trust_policy_required", without(["trustPolicy"])],
    ["approval_revocation_port_required", without(["isRevoked"])],
    ["approval_signature_verifier_required", without(["isSigned"])],
    ["missing_approval_trust_policy_id", { ...approval, trustPolicy: { ...trustPolicy, policy_id: "" } }],
    ["approval_trust_policy_without_roles", { ...approval, trustPolicy: { ...trustPolicy, trusted_roles: [] } }],
    ["approval_trust_policy_without_domains", { ...approval, trustPolicy: { ...trustPolicy, trusted_domains: [] } }],
    [
      "invalid_approval_signature_requirement",
      { ...approval, trustPolicy: { ...trustPolicy, require_signature_ref: "no" } },
    ],
    ["approval_role_not_trusted", approval, { approver_role: "other", trust_domain: "other" }],
    ["approval_trust_domain_not_trusted", approval, { trust_domain: "other", approver_ref: "other" }],
    ["approval_approver_not_trusted", approval, { approver_ref: "operator:bob", signature_ref: "" }],
    ["approval_signature_ref_required", approval, { signature_ref: "", not_before: "2026-07-15T12:10:00Z" }],
    ["approval_not_yet_valid", approval, { not_before: "2026-07-15T12:10:00Z" }],
    ["approval_expired", { ...approval, isRevoked: () => true }, { expires_at: "2026-07-15T12:05:00Z" }],
    ["approval_revoked", { ...approval, isRevoked: () => true, isSigned: () => false }],
    ["approval_signature_verification_failed", { ...approval, isSigned: () => false }],
    [
      "approval_signature_verification_failed",
      { ...approval, trustPolicy: { ...trustPolicy, require_signature_ref: false } },
      { signature_ref: "" },
    ],
  ])("%s", (reason, ports, changes = {}) => {
    expect(refusal(approvedSample(mutation, changes), { approval: ports })).toBe(reason);
  });

  test("its ports are not asked for without one", () => {
    expect(evaluate(mutation, { approval: {} }).decision.status).toBe("approval_required");
  });
});

describe("an authorization is refused", () => {
  test.each<[string, object, Json?]>([
    ["authorization_nonce_required", { nonce: " " }],
    ["authorization_nonce_too_long", { nonce: "n".repeat(257) }],
    ["authorization_expiry_required", { expires_at: "" }],
    ["authorization_expiry_timezone_required", { expires_at: "2026-07-15T12:05:30" }],
    ["authorization_expiry_not_after_issue", { expires_at: "2026-07-15T12:05:00Z" }],
    ["authorization_lifetime_exceeded", { expires_at: "2026-07-15T12:06:00.001Z" }],
  ])("%s", (reason, more) => {
    expect(refusal(approved, { authorization: { ...authorization, ...more } })).toBe(reason);
  });

  test("when it would outlive the activation or the approval", () => {
    const activation = { ...activationSample, expires_at: "2026-07-15T12:05:59Z" };
    expect(refusal(requestSample(), { activation })).toBe("authorization_outlives_policy_activation");
    const short = approvedSample(mutation, { expires_at: "2026-07-15T12:05:59Z" });
    expect(refusal(short)).toBe("authorization_outlives_approval");
  });

  test("when nobody asked for one, and when the time has no offset", () => {
    const { authorization: _, ...rest } = inputs;
    expect(refusalOf(() => evaluateGovernance(requestSample(), rest))).toBe("authorization_nonce_required");
    expect(refusal(requestSample(), { evaluatedAt: "2026-07-15T12:05:00" })).toBe(
      "governance_evaluation_time_timezone_required",
    );
  });
});

describe("what was stored is computed again and compared", () => {
  const found = evaluate(approved);
  const pack = compilePolicyPack(packSample);
  const [plan, admission] = [{ ...found.plan, controls: { ...found.plan.controls } }, found.admission];

  test("a plan, its admission and its trace as they were made are accepted", () => {
    expect(enforcementPlanDigest(checkEnforcementPlan(plan, pack, found.verdict))).toBe(
      found.decision.document["enforcement_plan_digest"],
    );
    expect(refusalOf(() => checkPlanAdmission({ ...admission }, found.plan))).toBeUndefined();
    expect(refusalOf(() => checkGovernanceTrace({ ...found.trace }, found))).toBeUndefined();
  });

  test("a plan that drifted or does not let anything run is refused", () => {
    const looser = { ...plan, controls: { ...plan.controls, max_output_bytes: 1_000_000 } };
    expect(refusalOf(() => checkEnforcementPlan(looser, pack, found.verdict))).toBe("policy_enforcement_plan_drift");
    const waiting = evaluate(mutation);
    const blocked = { ...waiting.plan, controls: { ...waiting.plan.controls } };
    expect(refusalOf(() => checkEnforcementPlan(blocked, pack, waiting.verdict))).toBe(
      "policy_enforcement_not_ready:mutation_requires_approval",
    );
  });

  test.each<[string, Json]>([
    ["missing_policy_enforcement_plan_plan_id", { plan_id: "" }],
    ["unknown_policy_enforcement_plan_status", { status: "odd" }],
    ["ready_policy_enforcement_plan_with_blockers", { blockers: ["x"] }],
    ["blocked_policy_enforcement_plan_without_blockers", { status: "blocked" }],
    ["invalid_policy_enforcement_plan_digest", { verdict_digest: "x" }],
    ["invalid_runtime_control_timeout", { controls: { ...plan.controls, timeout_seconds: -1 } }],
    ["invalid_runtime_control_max_steps", { controls: { ...plan.controls, max_steps: true } }],
    ["invalid_runtime_control_output_limit", { controls: { ...plan.controls, max_output_bytes: -1 } }],
    ["runtime_receipt_required", { controls: { ...plan.controls, receipt_required: false } }],
  ])("a plan that is refused: %s", (reason, more) => {
    expect(refusalOf(() => checkEnforcementPlan({ ...plan, ...more }, pack, found.verdict))).toBe(reason);
  });

  test("an admission that says more than its plan is refused", () => {
    expect(refusalOf(() => checkPlanAdmission({ ...admission, detail: "trust me" }, found.plan))).toBe(
      "policy_enforcement_admission_drift",
    );
  });

  test.each<[string, Json]>([
    ["missing_policy_enforcement_plan_binding", { enforcement_plan_digest: "" }],
    ["missing_policy_enforcement_admission_binding", { admission_digest: "" }],
    ["policy_enforcement_plan_digest_mismatch", { enforcement_plan_digest: "x", admission_digest: "x" }],
    ["policy_enforcement_admission_digest_mismatch", { admission_digest: "x", subject_ref: "x" }],
    ["governance_trace_subject_ref_mismatch", { subject_ref: "x" }],
    ["governance_trace_controls_mismatch", { required_controls: [] }],
    ["governance_trace_digest_mismatch", { policy_verdict_digest: "x" }],
  ])("a trace that drifted: %s", (reason, more) => {
    expect(refusalOf(() => checkGovernanceTrace({ ...found.trace, ...more }, found))).toBe(reason);
  });
});
