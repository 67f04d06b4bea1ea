import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  admitAutomationTransition,
  admitSupervisorAction,
  compilePolicyPack,
  consumeDecision,
  evaluateGovernance,
  evaluatePolicyPack,
  governanceRequestDigest,
  parseAutomationTransition,
  parseCapabilityInventory,
  parseGovernanceRequest,
  parseSupervisorAction,
  parseTypedExecution,
  planEnforcement,
  policyPackDigest,
  typedExecutionControls,
  type ApprovalPorts,
  type GovernanceInputs,
} from "@writ/kernel/governance";
import { runConformance, verdictText } from "@writ/kernel/conformance";
import {
  activationSample,
  approvedSample,
  digit,
  packSample,
  requestSample,
  type Json,
} from "./governance/request-sample.ts";
import { refusalOf } from "./refusal.ts";

/** The verdict on one case: `expected` is what the reference answers. */
function verdict(operation: string, input: ExactJson, expected: ExactJson): string | undefined {
  const report = runConformance([{ id: "one", operation, input, expected }]);
  return report.results.map(verdictText)[0];
}

const accepted = (value: ExactJson): ExactJson => ({ ok: true, value });
const trustPolicy = {
  policy_id: "approvers",
  trusted_roles: ["admin"],
  trusted_domains: ["organization:example"],
  require_signature_ref: false,
};
const ports: ApprovalPorts = { trustPolicy, isRevoked: () => false, isSigned: () => true };
const inputs: GovernanceInputs = {
  activation: activationSample,
  evaluatedAt: "2026-07-15T12:05:00Z",
  context: {},
  approval: ports,
  authorization: { nonce: "n", expires_at: "2026-07-15T12:05:30Z" },
};
const mutation = requestSample("mutation");
const status = (request: Json, approval: ApprovalPorts = ports): string =>
  refusalOf(() => evaluateGovernance(request, { ...inputs, approval })) ??
  evaluateGovernance(request, { ...inputs, approval }).decision.status;

describe("§27 no. 3: what is unsigned is never consumable", () => {
  test("an approval without a signature frees nothing, though its trust policy asks for none", () => {
    expect(status(approvedSample(mutation))).toBe("allowed");
    expect(status(approvedSample(mutation, { signature_ref: "" }))).toBe("approval_signature_verification_failed");
  });
});

describe("§27 no. 4: a gate holds what it is told against the artifact itself", () => {
  const other = { ...packSample, policy_epoch: 41 };
  const digest = policyPackDigest(compilePolicyPack(other));

  test("an epoch that request and activation agree on is the pack's own, or it has drifted", () => {
    const input = {
      governance_request: requestSample("read_only", { policy_pack: other }),
      policy_activation_binding: { ...activationSample, policy_pack_digest: digest },
      evaluated_at: inputs.evaluatedAt,
    };
    expect(verdict("policy.activation_check", input, accepted("active"))).toBe("stricter: §27 no. 4");
    const input2 = { ...input, governance_request: mutation, policy_activation_binding: activationSample };
    expect(verdict("policy.activation_check", input2, accepted("active"))).toBe("same");
  });

  test("the request's digests are of the parts it carries", () => {
    expect(refusalOf(() => parseGovernanceRequest({ ...mutation, execution_facts_digest: digit("0") }))).toBe(
      "execution_facts_digest_mismatch",
    );
    const request = parseGovernanceRequest(mutation);
    expect(governanceRequestDigest(request)).not.toBe(
      governanceRequestDigest(parseGovernanceRequest({ ...mutation, lease_epoch: 10 })),
    );
  });
});

describe("§27 no. 7: a decision is used as often as a durable claim says, not as often as a document says", () => {
  test("whoever holds the claim has used it", () => {
    const { decision } = evaluateGovernance(requestSample(), inputs);
    const facts = decision.authorization ?? {};
    const nowMs = Date.parse(inputs.evaluatedAt);
    expect(consumeDecision(decision, facts, { nowMs, isClaimed: () => false }).status).toBe("allowed");
    expect(consumeDecision(decision, facts, { nowMs, isClaimed: () => true }).status).toBe("rejected");
  });
});

const rule = (more: Json = {}): Json => ({
  rule_id: "r",
  effect: "allow",
  conditions: [{ path: "action.mode", operator: "eq", value: "read" }],
  ...more,
});
const packOf = (...rules: readonly Json[]): Json => ({ ...packSample, rules });
const request = { request_id: "q", subject_ref: "s", action: { mode: "read" } };
const evaluated = (more: Json, pack = packOf(rule())): Json => ({
  policy_pack: pack,
  request: { ...request, ...more },
  context: {},
});
const allows = accepted({ verdict: { decision: "allow" } });

describe("§27 no. 10: what is unknown is an error", () => {
  test.each<[string, Json]>([
    ["a kind of obligation", { obligations: [{ obligation_id: "o", kind: "odd" }] }],
    ["a kind of constraint", { constraints: [{ constraint_id: "c", kind: "odd", value: 1 }] }],
  ])("%s that nobody enforces blocks", (_what, more) => {
    const pack = compilePolicyPack(packOf(rule(more)));
    expect(planEnforcement(pack, evaluatePolicyPack(pack, request, {})).status).toBe("blocked");
  });

  test("a rule without an effect allows nothing", () => {
    expect(refusalOf(() => compilePolicyPack(packOf(rule({ effect: "" }))))).toBe("unknown_policy_rule_effect:missing");
  });
});

describe("§27 no. 11: safety facts are booleans", () => {
  test.each<[string, Json]>([
    ["action.destructive", { action: { mode: "read", destructive: "false" } }],
    ["action.unsafe_execution_shape", { action: { mode: "read", unsafe_execution_shape: 0 } }],
    ["execution.unsafe_execution_shape", { context: { execution: { unsafe_execution_shape: [] } } }],
  ])("%s", (_what, more) => {
    expect(verdict("policy.evaluate", evaluated({}), allows)).toBe("same");
    expect(verdict("policy.evaluate", evaluated(more), allows)).toBe("stricter: §27 no. 11");
  });
});

describe("§27 no. 12: records are closed, and their fields have one type", () => {
  test.each<[string, ExactJson, ExactJson]>([
    [
      "policy.compile",
      packOf(rule({ obligations: [{ obligation_id: "o", kind: "receipt", odd: 1 }] })),
      { status: "compiled" },
    ],
    ["policy.compile", { ...packOf(rule()), policy_id: 5 }, { status: "compiled" }],
    ["policy.compile", { policy_id: "p", version: "1", rules: [rule()], validity: {} }, { status: "compiled" }],
    ["policy.compile", { policy_id: "p", version: "1", rules: [rule({ odd: 1 })] }, { status: "compiled" }],
    ["policy.evaluate", evaluated({ odd: 1 }), { verdict: { decision: "allow" } }],
    ["policy.evaluate", evaluated({ context: { execution: "none" } }), { verdict: { decision: "allow" } }],
  ])("%s of %j", (operation, input, value) => {
    expect(verdict(operation, input, accepted(value))).toBe("stricter: §27 no. 12");
  });

  test("the rule covers no other refusal", () => {
    expect(verdict("policy.compile", packOf(rule({ odd: 1 })), { ok: false, error: "invalid_policy_rule" })).toBe(
      "same",
    );
    expect(verdict("policy.compile", packOf(rule({ odd: 1 })), accepted({ status: "compiled" }))).toBe("DIFFERENT");
  });
});

describe("§27 no. 20: the most severe finding wins", () => {
  const denying = packOf(
    rule({ rule_id: "never", effect: "deny", conditions: [{ path: "resource.name", operator: "eq", value: "prod" }] }),
    rule({ rule_id: "apply", effect: "allow", conditions: [{ path: "action.mode", operator: "eq", value: "apply" }] }),
  );
  const facts = (name: string): Json => ({ action: { mode: "apply" }, resource: { criticality: "critical", name } });
  const activation = { ...activationSample, policy_pack_digest: policyPackDigest(compilePolicyPack(denying)) };
  const decided = (name: string): Json => {
    const asked = requestSample("mutation", { policy_pack: denying, facts: facts(name) });
    return evaluateGovernance(approvedSample(asked), { ...inputs, activation }).decision.document;
  };

  test("an approval lifts the invariant that asked for it, and never the rule that denies behind it", () => {
    expect(decided("test")).toMatchObject({ status: "allowed" });
    expect(decided("prod")).toMatchObject({ status: "denied", reason_code: "deny" });
  });
});

describe("§27 no. 22: a reference is no approval", () => {
  const head = { request_id: "q", subject_ref: "run:1" };

  test("a model's proposal with an approval nobody verified waits", () => {
    const transition = parseAutomationTransition({
      ...head,
      source: "llm_proposal",
      chain_schema_version: "v0.1",
      parent_operation_id: "op",
      parent_status: "completed",
      llm_authority: false,
      depth: 0,
      max_depth: 1,
      child_sequence: 0,
      max_children: 1,
      child_intent_class: "inspect",
      allowed_child_intent_classes: ["inspect"],
      approval_ref: "approval:yes-really",
    });
    expect(admitAutomationTransition(transition).outcome).toBe("deferred");
    expect(admitAutomationTransition(transition, () => false).outcome).toBe("deferred");
  });

  test("a sign-off nobody verified renews no lease", () => {
    const action = { ...head, action: "renew_lease", reason_code: "r", signoff_ref: "anna" };
    expect(admitSupervisorAction(parseSupervisorAction(action)).outcome).toBe("deferred");
  });

  test("a typed mutation has no field for a reference, only a decision that is bound to it", () => {
    const typed = {
      ...head,
      operation_id: "op",
      step_id: "step",
      operation_mode: "apply",
      side_effect_class: "mutation",
      backend_class: "mock",
      planned_backend_class: "mock",
      network_egress: "no_network",
      identity_need: "none",
      posture: "mock",
      capability_descriptor_digest: digit("1"),
      step_execution_spec_digest: digit("1"),
      payload_digest: digit("2"),
      receipt_required: true,
      output_digest_ref: "o",
      secret_refs: [],
      required_capabilities: [],
      capability_descriptors: [],
    };
    expect(refusalOf(() => parseTypedExecution({ ...typed, approval_ref: "approval:1" }))).toBe(
      "unknown_typed_execution_request_field",
    );
    const failed = typedExecutionControls(parseTypedExecution(typed), null).filter(({ passed }) => !passed);
    expect(failed.map(({ reason_code }) => reason_code)).toEqual(["mutation_requires_approval_evidence"]);
  });

  test("evidence whose name says approval satisfies no policy", () => {
    const judged = evaluatePolicyPack(
      compilePolicyPack(packSample),
      { ...request, action: { mode: "mutation" }, evidence_refs: ["approval:1"] },
      {},
    );
    expect(judged.decision).toBe("approval_required");
  });

  test("what a runtime says of itself is no capability", () => {
    expect(refusalOf(() => parseCapabilityInventory({ backend_supported: true }))).toBe(
      "self_attested_capability_support",
    );
  });
});

describe("§27 no. 23: a port that is missing is a no", () => {
  test.each<[string, ApprovalPorts]>([
    ["approval_trust_policy_required", { isRevoked: () => false, isSigned: () => true }],
    ["approval_revocation_port_required", { trustPolicy, isSigned: () => true }],
    ["approval_signature_verifier_required", { trustPolicy, isRevoked: () => false }],
  ])("%s", (reason, approval) => {
    expect(status(approvedSample(mutation), approval)).toBe(reason);
  });

  test("an approval that nobody can say is not revoked is not valid", () => {
    const input = { governance_request: approvedSample(mutation), trust_policy: trustPolicy, now: inputs.evaluatedAt };
    expect(verdict("approval.validate", { ...input, revoked: false }, accepted("approval_valid"))).toBe("same");
    expect(verdict("approval.validate", input, accepted("approval_valid"))).toBe("stricter: §27 no. 23");
  });
});
