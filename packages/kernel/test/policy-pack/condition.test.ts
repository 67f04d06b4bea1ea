import { type ExactJson, JsonFraction } from "@writ/canon";
import { describe, expect, test } from "vitest";
import { compilePolicyPack, evaluatePolicyPack } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";

const condition = (operator: string, value: ExactJson): ExactJson => ({ path: "action.n", operator, value });
const rule = (conditions: readonly ExactJson[], more: object = {}): ExactJson => ({
  rule_id: "r",
  effect: "allow",
  conditions,
  ...more,
});
const head = {
  policy_id: "p",
  version: "1",
  schema_version: "v1",
  issuer_ref: "i",
  policy_epoch: 0,
  validity: { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" },
};
const packOf = (...rules: readonly ExactJson[]): ExactJson => ({ ...head, rules });

/** What the one rule of a pack says of an action: `allow`, `deny` when no rule matches, or the refusal's reason. */
function answer(one: ExactJson, action: { readonly [key: string]: ExactJson }): string {
  const pack = compilePolicyPack(packOf(rule([one])));
  let decision = "";
  const refused = refusalOf(() => {
    decision = evaluatePolicyPack(pack, { request_id: "q", subject_ref: "s", action }, {}).decision;
  });
  return refused ?? decision;
}

const [one, half] = [new JsonFraction("1.0"), new JsonFraction("0.5")];
const mismatch = "policy_condition_operand_type_mismatch";

describe("a condition", () => {
  test.each<[string, ExactJson, ExactJson, string]>([
    ["eq", 1, 1, "allow"],
    ["eq", 1, one, "deny"],
    ["eq", true, 1, "deny"],
    ["eq", "1", 1, "deny"],
    ["eq", null, null, "allow"],
    ["eq", [1, ["a"]], [1, ["a"]], "allow"],
    ["eq", [1], [1, 2], "deny"],
    ["eq", [1, 2], [1, 3], "deny"],
    ["eq", [1], [one], "deny"],
    ["eq", [], {}, "deny"],
    ["eq", { a: 1, b: { c: null } }, { b: { c: null }, a: 1 }, "allow"],
    ["eq", { a: 1 }, { a: 1, b: 2 }, "deny"],
    ["eq", { a: 1 }, { b: 1 }, "deny"],
    ["eq", { a: 1 }, { a: true }, "deny"],
    ["neq", 1, 1, "deny"],
    ["neq", 1, one, "allow"],
    ["in", ["a", 1], 1, "allow"],
    ["in", ["a", 1], one, "deny"],
    ["in", [], 1, "deny"],
    ["not_in", ["a", 1], 2, "allow"],
    ["not_in", ["a", 1], "a", "deny"],
    ["contains", "b", ["a", "b"], "allow"],
    ["contains", "c", ["a", "b"], "deny"],
    ["contains", "b", "abc", "allow"],
    ["contains", "d", "abc", "deny"],
    ["contains", 1, "1", mismatch],
    ["contains", "1", 1, mismatch],
    ["subset_of", ["a", "b"], ["b"], "allow"],
    ["subset_of", ["a"], ["a", "b"], "deny"],
    ["subset_of", ["a"], [], "allow"],
    ["subset_of", ["a"], "a", mismatch],
    ["matches_namespace", "a.b", "a.b", "allow"],
    ["matches_namespace", "a.b", "a.b.c", "allow"],
    ["matches_namespace", "a.b", "a.bc", "deny"],
    ["matches_namespace", "a.b", "a", "deny"],
    ["matches_namespace", "a.b", 1, mismatch],
    ["lt", 2, 1, "allow"],
    ["lt", 2, 2, "deny"],
    ["lte", 2, 2, "allow"],
    ["lte", 2, 3, "deny"],
    ["gt", 2, 3, "allow"],
    ["gt", 2, 2, "deny"],
    ["gte", 2, 2, "allow"],
    ["gte", 2, 1, "deny"],
    ["gt", half, one, "allow"],
    ["gt", one, half, "deny"],
    ["gt", 1, one, mismatch],
    ["gt", one, 2, mismatch],
    ["gt", 1, "2", mismatch],
    ["gt", 1, true, mismatch],
  ])("`%s` with %j holds of %j: %s", (operator, value, found, said) => {
    expect(answer(condition(operator, value), { n: found })).toBe(said);
  });

  test("compares whole numbers beyond doubles exactly, and names none itself", () => {
    const [limit, beyond] = [Number.MAX_SAFE_INTEGER, 2n ** 53n];
    expect(answer(condition("gt", limit), { n: beyond })).toBe("allow");
    expect(answer(condition("lte", limit), { n: beyond })).toBe("deny");
    expect(answer(condition("lt", -limit), { n: -beyond })).toBe("allow");
    expect(refusalOf(() => compilePolicyPack(packOf(rule([condition("gt", beyond)]))))).toBe(
      "unsupported_govengine_record_unsafe_integer",
    );
  });

  test.each(["eq", "neq", "in", "not_in", "contains", "subset_of", "matches_namespace", "lt", "gte"])(
    "`%s` never holds of what is not there, and refuses nothing then",
    (operator) => {
      const value = ["in", "not_in", "subset_of"].includes(operator) ? [] : ["lt", "gte"].includes(operator) ? 1 : "a";
      expect(answer(condition(operator, value), {})).toBe("deny");
    },
  );

  test.each<[boolean, { readonly [key: string]: ExactJson }, string]>([
    [true, { n: null }, "allow"],
    [true, {}, "deny"],
    [false, {}, "allow"],
    [false, { n: null }, "deny"],
  ])("`exists` %s of %j: %s", (wanted, action, said) => {
    expect(answer(condition("exists", wanted), action)).toBe(said);
  });

  test("looks no further into what is no map, and finds nothing on a prototype", () => {
    const deep = { path: "action.n.constructor", operator: "exists", value: true };
    for (const found of ["text", [1], { a: 1 }]) expect(answer(deep, { n: found })).toBe("deny");
  });
});

describe("an operand of another type than its operator compares is refused", () => {
  test.each<[string, ExactJson]>([
    ["exists", 1],
    ["in", "a"],
    ["not_in", null],
    ["subset_of", {}],
    ["lt", true],
    ["gte", "1"],
    ["matches_namespace", "a b"],
    ["matches_namespace", ["a"]],
    ["matches_namespace", "a."],
    ["matches_namespace", "a.1"],
  ])("%s %j", (operator, value) => {
    const reason = refusalOf(() => compilePolicyPack(packOf(rule([condition(operator, value)]))));
    expect(reason).toBe("invalid_policy_condition_operand");
  });
});

describe("a pack is bounded", () => {
  const conditions = (count: number, from = 0): readonly ExactJson[] =>
    Array.from({ length: count }, (_, index) => condition("eq", from + index));
  const rules = (count: number, each = 1): readonly ExactJson[] =>
    Array.from({ length: count }, (_, index) => rule(conditions(each, index * each), { rule_id: `r${String(index)}` }));
  /** In the map form of v0.1, which has no more nodes than conditions. */
  const mapped = (count: number): ExactJson => ({
    policy_id: "p",
    version: "1",
    rules: Array.from({ length: count }, (_, index) => ({
      rule_id: `r${String(index)}`,
      effect: "allow",
      conditions: Object.fromEntries(Array.from({ length: 32 }, (__, at) => [`action.n${String(at)}`, index])),
    })),
  });
  const obligations = (count: number): readonly ExactJson[] =>
    Array.from({ length: count }, (_, index) => ({ obligation_id: `o${String(index)}`, kind: "receipt" }));
  const constraints = [{ constraint_id: "c", kind: "no_raw_shell", value: true }];

  test.each<[string, ExactJson, string | undefined]>([
    ["32 conditions", packOf(rule(conditions(32))), undefined],
    ["33 conditions", packOf(rule(conditions(33))), "policy_rule_condition_limit_exceeded"],
    ["256 rules", packOf(...rules(256)), undefined],
    ["257 rules", packOf(...rules(257)), "policy_rule_limit_exceeded"],
    ["4096 conditions of all rules", mapped(128), undefined],
    ["4128 conditions of all rules", mapped(129), "policy_condition_limit_exceeded"],
    ["more nodes than the boundary lets in", packOf(...rules(128, 32)), "json_boundary_max_nodes"],
    ["64 controls", packOf(rule(conditions(1), { obligations: obligations(63), constraints })), undefined],
    [
      "65 controls",
      packOf(rule(conditions(1), { obligations: obligations(64), constraints })),
      "policy_rule_control_limit_exceeded",
    ],
  ])("%s", (_, pack, reason) => {
    expect(refusalOf(() => compilePolicyPack(pack))).toBe(reason);
  });
});
