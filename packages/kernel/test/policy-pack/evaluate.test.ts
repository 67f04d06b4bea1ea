import { expect, test } from "vitest";
import { compilePolicyPack, evaluatePolicyPack } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";

const rule = (effect: string, operator: string, value: unknown, path = "action.n"): object => ({
  rule_id: effect,
  effect,
  conditions: [{ path, operator, value }],
});
const pack = compilePolicyPack({
  policy_id: "p",
  version: "1",
  schema_version: "v1",
  issuer_ref: "i",
  policy_epoch: 0,
  validity: { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" },
  rules: [
    rule("allow", "gte", 1),
    rule("allow_with_obligations", "gte", 2),
    rule("approval_required", "gte", 3),
    rule("deny", "gte", 4),
  ] as never,
});
const judged = (action: object, more: object = {}): object =>
  evaluatePolicyPack(pack, { request_id: "q", subject_ref: "s", action, ...more } as never, {});

test.each([
  [0, "deny", "no_matching_policy_rule", ["no_matching_policy_rule"]],
  [1, "allow", "allow", []],
  [2, "allow_with_obligations", "allow_with_obligations", []],
  [3, "approval_required", "approval_required", ["approval_required"]],
  [4, "deny", "deny", ["deny"]],
])("with %i the strictest effect wins: %s", (n, decision, reason_code, blockers) => {
  expect(judged({ n })).toMatchObject({ decision, reason_code, blockers });
});

test.each([
  [{ unsafe_execution_shape: true }, "unsafe_execution_shape"],
  [{ destructive: true, n: 1 }, "destructive_action_without_approval_evidence"],
])("%j is denied whatever the rules say", (action, reason_code) => {
  expect(judged(action)).toMatchObject({ decision: "deny", reason_code, risk_class: "critical" });
});

test("a mutation of something critical waits for an approval, evidence or not", () => {
  const more = { resource: { criticality: "critical" }, evidence_refs: ["approval:1"] };
  expect(judged({ mode: "Apply", n: 1 }, more)).toMatchObject({ decision: "approval_required" });
});

test("what it cannot compare or read it refuses", () => {
  expect(refusalOf(() => judged({ n: "1" }))).toBe("policy_condition_operand_type_mismatch");
  expect(refusalOf(() => judged({ destructive: "no" }))).toBe("invalid_boolean_field:destructive");
  expect(refusalOf(() => judged({}, { request_id: "" }))).toBe("missing_policy_request_id");
  expect(refusalOf(() => judged({}, { metadata: { stdout: 1 } }))).toBe("forbidden_policy_metadata:stdout");
});
