import { describe, expect, test } from "vitest";
import { compilePolicyPack } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";

const condition = { path: "action.mode", operator: "eq", value: "read" };
const rule = { rule_id: "a", effect: "allow", conditions: [condition] };
const validity = { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00+01:00" };
const pack = {
  policy_id: "p",
  version: "1",
  schema_version: "v1",
  issuer_ref: "i",
  policy_epoch: 0,
  validity,
  rules: [rule],
};

test("rules come by priority and id, times in UTC", () => {
  const other = { ...rule, rule_id: "0", conditions: [{ ...condition, value: "x" }] };
  const first = { ...rule, rule_id: "z", priority: 1, conditions: [{ ...condition, value: "y" }] };
  const compiled = compilePolicyPack({ ...pack, rules: [rule, other, first] });
  expect(compiled.rules.map(({ rule_id }) => rule_id)).toEqual(["z", "0", "a"]);
  expect(compiled.expires_at).toBe("2026-12-31T23:00:00Z");
});

describe("a pack is refused for its fault", () => {
  const withRule = (more: object): object => ({ rules: [{ ...rule, ...more }] });
  const withCondition = (more: object): object => withRule({ conditions: [{ ...condition, ...more }] });
  test.each<[string, object]>([
    ["missing_policy_pack_id", { policy_id: "" }],
    ["missing_policy_pack_version", { version: "" }],
    ["unknown_policy_pack_schema_version:v9", { schema_version: "v9" }],
    ["invalid_policy_pack", { extra: 1 }],
    ["missing_policy_issuer_ref", { issuer_ref: "" }],
    ["invalid_policy_epoch", { policy_epoch: true }],
    ["invalid_policy_validity", { validity: { ...validity, more: 1 } }],
    ["invalid_policy_not_before", { validity: {} }],
    ["invalid_policy_expires_at", { validity: { not_before: validity.not_before } }],
    ["invalid_policy_not_before", { validity: { ...validity, not_before: "2026" } }],
    ["invalid_policy_validity_window", { validity: { ...validity, expires_at: validity.not_before } }],
    ["invalid_policy_supersedes", { supersedes: [1] }],
    ["invalid_policy_supersedes", { supersedes: "a" }],
    ["invalid_policy_supersedes", { supersedes: [" "] }],
    ["invalid_policy_supersedes", { supersedes: ["a", "a"] }],
    ["policy_pack_without_rules", { rules: [] }],
    ["json_boundary_max_collection_length", { rules: Array.from({ length: 1_001 }, () => rule) }],
    ["unknown_policy_pack_schema_version:missing", { schema_version: " " }],
    ["forbidden_policy_metadata:token", { metadata: { token: 1 } }],
    ["invalid_policy_rule", withRule({ extra: 1 })],
    ["missing_policy_rule_id", withRule({ rule_id: "" })],
    ["unknown_policy_rule_effect:missing", withRule({ effect: "" })],
    ["policy_rule_without_conditions", withRule({ conditions: [] })],
    ["unknown_policy_condition_field", withCondition({ x: 1 })],
    ["missing_policy_condition_path", withCondition({ path: "" })],
    ["unknown_policy_condition_path", withCondition({ path: "odd.x" })],
    ["unknown_policy_condition_operator", withCondition({ operator: "constructor" })],
    ["invalid_policy_condition_operand", withCondition({ operator: "gt" })],
    ["duplicate_policy_condition", withRule({ conditions: [condition, condition] })],
    ["invalid_policy_rule_priority", withRule({ priority: -1 })],
    ["invalid_policy_rule_priority", withRule({ priority: null })],
    ["invalid_policy_condition", withRule({ conditions: ["x"] })],
    ["invalid_policy_reason_code", withRule({ reason_code: " a" })],
    ["invalid_policy_risk_class", withRule({ risk_class: " low" })],
    ["invalid_policy_risk_class", withRule({ risk_class: null })],
    ["invalid_policy_risk_score", withRule({ risk_score: null })],
    ["invalid_policy_rule_obligations", withRule({ obligations: false })],
    ["invalid_policy_obligation", withRule({ obligations: ["x"] })],
    ["missing_policy_obligation_id", withRule({ obligations: [{}] })],
    ["missing_policy_constraint_kind", withRule({ constraints: [{ constraint_id: "c" }] })],
    ["invalid_policy_constraint_metadata", withRule({ constraints: [{ id: "c", type: "k", metadata: [] }] })],
    ["forbidden_policy_metadata:token", withRule({ constraints: [{ id: "c", type: "k", metadata: { Token: 1 } }] })],
    ["invalid_policy_reason_code", withRule({ reason_code: "No" })],
    ["invalid_policy_risk_class", withRule({ risk_class: "odd" })],
    ["invalid_policy_risk_score", withRule({ risk_score: 2 })],
    ["duplicate_policy_rule_id", { rules: [rule, rule] }],
    ["conflicting_policy_rules", { rules: [rule, { ...rule, rule_id: "b", effect: "deny" }] }],
    ["redundant_policy_rules", { rules: [rule, { ...rule, rule_id: "b" }] }],
    ["invalid_policy_pack_metadata", { metadata: [] }],
  ])("%s", (reason, more) => {
    expect(refusalOf(() => compilePolicyPack({ ...pack, ...more }))).toBe(reason);
  });
});

describe("a pack of v0.1", () => {
  const old = {
    policy_id: "p",
    version: "1",
    rules: [{ id: "a", decision: "allow", conditions: { "action.mode": "read" } }],
  };

  test("has conditions by path, aliases, and neither issuer nor window", () => {
    expect(compilePolicyPack(old)).toMatchObject({
      schema_version: "v0.1",
      issuer_ref: "",
      policy_epoch: 0,
      not_before: "",
      rules: [{ rule_id: "a", effect: "allow", conditions: [condition] }],
    });
  });

  test.each<[string, object]>([
    ["invalid_policy_pack", { validity }],
    ["missing_policy_rule_id", { rules: [{ ...rule, rule_id: "" }] }],
    ["policy_rule_without_conditions", { rules: [{ ...rule, conditions: {} }] }],
    ["policy_rule_without_conditions", { rules: [{ ...rule, conditions: null }] }],
    ["invalid_policy_rule_conditions", { rules: [rule] }],
    ["unknown_policy_condition_path", { rules: [{ ...rule, conditions: { mode: 1 } }] }],
    ["unknown_policy_condition_path", { rules: [{ ...rule, conditions: { " action.mode": 1 } }] }],
    ["missing_policy_condition_path", { rules: [{ ...rule, conditions: { "": 1 } }] }],
    ["invalid_policy_pack", { id: "q" }],
    ["invalid_policy_rule", { rules: [{ ...rule, extra: 1 }] }],
  ])("is refused for its fault: %s", (reason, more) => {
    expect(refusalOf(() => compilePolicyPack({ ...old, ...more }))).toBe(reason);
  });

  test("may be named by its older field alone", () => {
    const { policy_id: id, ...unnamed } = old;
    expect(compilePolicyPack({ ...unnamed, id })).toMatchObject({ policy_id: "p" });
  });

  test("lends v1 none of its aliases", () => {
    expect(refusalOf(() => compilePolicyPack({ ...pack, rules: [{ ...rule, rule_id: "", id: "a" }] }))).toBe(
      "invalid_policy_rule",
    );
  });
});
