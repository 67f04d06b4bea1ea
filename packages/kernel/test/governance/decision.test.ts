import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { checkGovernanceDecision, consumeDecision, governanceDecisionDigest } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import { digit } from "./request-sample.ts";

const facts = {
  operation_id: "o",
  step_id: "s",
  attempt_id: "a",
  runtime_instance_id: "r",
  lease_id: "l",
  lease_epoch: 1,
  fencing_token_digest: digit("f"),
  execution_spec_digest: digit("e"),
  payload_digest: digit("1"),
  requested_scope_digest: digit("2"),
  capability_inventory_digest: digit("c"),
  inventory_epoch: 2,
};
const authorization = {
  ...facts,
  authorization_id: "gov-auth:d",
  policy_pack_digest: digit("3"),
  policy_epoch: 3,
  issued_at: "2026-01-01T00:00:30Z",
  expires_at: "2026-01-01T00:01:00Z",
  nonce: "n",
  consume_once: true,
  schema_version: "v1",
};
const controls = {
  timeout_seconds: 0,
  max_steps: 0,
  max_output_bytes: 0,
  receipt_required: true,
  output_digest_required: false,
  read_only_required: false,
  no_raw_shell: false,
  mutation_requires_approval: false,
  allowed_network_egress: [],
  allowed_backend_classes: [],
  typed_execution_control_ids: [],
  control_ids: [],
};
const allowed = {
  decision_digest: digit("0"),
  decision_id: "d",
  transaction_id: "t",
  request_digest: digit("4"),
  status: "allowed",
  allowed: true,
  reason_code: "all_governance_gates_passed",
  policy_evaluation_digest: digit("5"),
  policy_verdict_digest: digit("6"),
  enforcement_plan_digest: digit("7"),
  governance_trace_digest: digit("8"),
  scope_decision_digest: digit("9"),
  capability_compatibility_digest: digit("a"),
  approval_attestation_digest: "",
  controls,
  required_controls: [],
  blockers: [],
  authorization,
};
const sealed = (more: Record<string, ExactJson>): ExactJson => {
  const decision = { ...allowed, ...more };
  return { ...decision, decision_digest: governanceDecisionDigest(decision) };
};

describe("a decision is refused for the first of its faults", () => {
  test.each<[string, ExactJson]>([
    ["invalid_governance_decision", null],
    ["unknown_governance_decision_field", { ...allowed, extra: 1 }],
    ["unknown_governance_decision_status", { ...allowed, status: "unexpected" }],
    ["governance_decision_allowed_mismatch", { ...allowed, allowed: false }],
    ["allowed_governance_decision_without_authorization", { ...allowed, authorization: null }],
    ["allowed_governance_decision_with_blockers", { ...allowed, blockers: ["x"] }],
    ["unknown_governance_authorization_field", { ...allowed, authorization: { ...authorization, x: 1 } }],
    ["authorization_nonce_required", { ...allowed, authorization: { ...authorization, nonce: " " } }],
    ["authorization_nonce_too_long", { ...allowed, authorization: { ...authorization, nonce: "n".repeat(257) } }],
    ["authorization_must_be_consume_once", { ...allowed, authorization: { ...authorization, consume_once: false } }],
    ["non_allowed_governance_decision_with_authorization", { ...allowed, status: "denied", allowed: false }],
    [
      "non_allowed_governance_decision_without_blockers",
      { ...allowed, status: "denied", allowed: false, authorization: null },
    ],
    ["governance_decision_digest_mismatch", allowed],
  ])("%s", (reason, value) => {
    expect(refusalOf(() => checkGovernanceDecision(value))).toBe(reason);
  });
});

describe("a decision whose digest is its own is still refused for the form of", () => {
  test.each<[string, Record<string, ExactJson>]>([
    ["missing_governance_decision_id", { decision_id: "" }],
    ["missing_governance_decision_transaction_id", { transaction_id: " " }],
    ["missing_governance_decision_reason_code", { reason_code: "" }],
    ["missing_governance_decision_request_digest", { request_digest: "" }],
    ["invalid_governance_policy_verdict_digest", { policy_verdict_digest: "sha256:1" }],
    ["missing_policy_evaluation_digest", { policy_evaluation_digest: "" }],
    ["invalid_governance_trace_digest", { governance_trace_digest: "x" }],
    ["invalid_governance_approval_attestation_digest", { approval_attestation_digest: "x" }],
    ["invalid_governance_required_controls", { required_controls: ["a", "a"] }],
    ["invalid_governance_decision_blockers", { blockers: null }],
    ["invalid_governance_decision_controls", { controls: null }],
    ["invalid_governance_decision_schema_version", { schema_version: null }],
    ["runtime_receipt_required", { controls: { ...controls, receipt_required: false } }],
    ["invalid_runtime_control_output_limit", { controls: { ...controls, max_output_bytes: -1 } }],
    ["unknown_runtime_control", { controls: { ...controls, extra: 1 } }],
    ["missing_governance_authorization_lease_id", { authorization: { ...authorization, lease_id: "" } }],
    ["invalid_authorization_lease_epoch", { authorization: { ...authorization, lease_epoch: true } }],
    ["invalid_authorization_payload_digest", { authorization: { ...authorization, payload_digest: "p" } }],
    ["authorization_lifetime_exceeded", { authorization: { ...authorization, issued_at: "2025-12-31T23:59:59Z" } }],
    [
      "authorization_expiry_not_after_issue",
      { authorization: { ...authorization, issued_at: authorization.expires_at } },
    ],
  ])("%s", (reason, more) => {
    expect(refusalOf(() => checkGovernanceDecision(sealed(more)))).toBe(reason);
  });
});

describe("a decision is consumed once, before its expiry, for exactly its facts", () => {
  const decision = checkGovernanceDecision(sealed({}));
  const nowMs = Date.parse("2026-01-01T00:00:59.999Z");
  const fresh = { nowMs, isClaimed: () => false };

  test("then never again", () => {
    const claimed = new Set<string>();
    const isClaimed = (claim: string): boolean => claimed.has(claim);
    const claim = `${decision.decision_digest}|n`;
    expect(consumeDecision(decision, facts, { nowMs, isClaimed })).toEqual({
      status: "allowed",
      reason_code: "governance_decision_claimed",
      claim,
    });
    claimed.add(claim);
    expect(consumeDecision(decision, facts, { nowMs, isClaimed })).toEqual({
      status: "rejected",
      reason_code: "governance_decision_reused",
    });
  });

  test("blanks around its nonce make no other claim of it", () => {
    const spaced = { ...decision, authorization: { ...decision.authorization, nonce: " n \n" } };
    expect(consumeDecision(spaced, facts, fresh)).toMatchObject({ claim: `${decision.decision_digest}|n` });
  });

  test("not when neither side states a fact", () => {
    const { lease_id: _, ...unbound } = decision.authorization ?? {};
    const { lease_id: __, ...unsaid } = facts as Record<string, ExactJson>;
    const drift = { status: "rejected", reason_code: "governance_decision_binding_drift" };
    expect(consumeDecision({ ...decision, authorization: unbound }, unsaid, fresh)).toEqual(drift);
    expect(consumeDecision({ ...decision, authorization: unbound }, facts, fresh)).toEqual(drift);
  });

  test("not at its expiry", () => {
    expect(consumeDecision(decision, facts, { ...fresh, nowMs: nowMs + 1 })).toEqual({
      status: "rejected",
      reason_code: "governance_decision_expired",
    });
  });

  test.each(Object.keys(facts))("not when %s differs or is unsaid", (key) => {
    const { [key]: _, ...rest } = facts as Record<string, ExactJson>;
    for (const drifted of [{ ...facts, [key]: "other" }, rest])
      expect(consumeDecision(decision, drifted, fresh)).toMatchObject({
        reason_code: "governance_decision_binding_drift",
      });
  });

  test("not when it allows nothing", () => {
    const denied = checkGovernanceDecision(
      sealed({ status: "denied", allowed: false, authorization: null, blockers: ["x"] }),
    );
    expect(consumeDecision(denied, facts, fresh)).toEqual({
      status: "rejected",
      reason_code: "governance_decision_not_allowed",
    });
  });
});
