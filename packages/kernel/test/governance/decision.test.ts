import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { checkGovernanceDecision, consumeDecision, governanceDecisionDigest } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const facts = {
  operation_id: "o",
  step_id: "s",
  attempt_id: "a",
  runtime_instance_id: "r",
  lease_id: "l",
  lease_epoch: 1,
  fencing_token_digest: "f",
  execution_spec_digest: "e",
  payload_digest: "p",
  requested_scope_digest: "q",
  capability_inventory_digest: "c",
  inventory_epoch: 2,
};
const authorization = { ...facts, nonce: "n", consume_once: true, expires_at: "2026-01-01T00:01:00Z" };
const allowed = { status: "allowed", allowed: true, decision_id: "d", blockers: [], controls: {}, authorization };
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

describe("a decision is consumed once, before its expiry, for exactly its facts", () => {
  const decision = checkGovernanceDecision(sealed({}));
  const nowMs = Date.parse("2026-01-01T00:00:59.999Z");
  const fresh = { nowMs, isClaimed: () => false };

  test("then never again", () => {
    expect(consumeDecision(decision, facts, fresh)).toMatchObject({ reason_code: "governance_decision_claimed" });
    expect(consumeDecision(decision, facts, { nowMs, isClaimed: () => true })).toMatchObject({
      reason_code: "governance_decision_reused",
    });
  });

  test("not at its expiry", () => {
    expect(consumeDecision(decision, facts, { ...fresh, nowMs: nowMs + 1 })).toMatchObject({
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
    expect(consumeDecision(denied, facts, fresh)).toMatchObject({ reason_code: "governance_decision_not_allowed" });
  });
});
