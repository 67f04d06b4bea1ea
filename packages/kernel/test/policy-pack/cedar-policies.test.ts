import { type ExactJson, JsonFraction } from "@writ/canon";
import { describe, expect, test } from "vitest";
import {
  cedarContext,
  cedarPolicies,
  compilePolicyPack,
  packInputs,
  parsePackRequest,
  type PolicyPack,
} from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";

const packOf = (more: { readonly [key: string]: ExactJson }): PolicyPack =>
  compilePolicyPack({
    policy_id: "p",
    version: "1",
    schema_version: "v1",
    issuer_ref: "i",
    policy_epoch: 0,
    validity: { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" },
    rules: [{ rule_id: "r", effect: "allow", conditions: [{ path: "action.n", operator: "eq", value: 1 }], ...more }],
  });
const packWhen = (operator: string, value: ExactJson): PolicyPack =>
  packOf({ conditions: [{ path: "action.n", operator, value }] });

/** The text of the one condition, without the pack's invariants. */
function conditionText(operator: string, value: ExactJson): string | undefined {
  const text = cedarPolicies(packWhen(operator, value));
  return /&& (?<condition>[^\n]*)\n\};\n$/.exec(text)?.groups?.["condition"];
}

const there = `context has "action.n"`;
const found = `context["action.n"]`;
const float = (text: string): JsonFraction => new JsonFraction(text);

describe("a condition becomes Cedar", () => {
  test.each<[string, ExactJson, string]>([
    ["exists", true, there],
    ["exists", false, `!(${there})`],
    ["eq", 1, `(${there} && ${found}.canonical == "1")`],
    ["eq", 'é"\\', `(${there} && ${found}.canonical == "\\"\\\\u00e9\\\\\\"\\\\\\\\\\"")`],
    ["eq", float("-0.0"), `(${there} && ${found}.canonical == "0.0")`],
    ["neq", "a", `(${there} && ${found}.canonical == "\\"a\\"")`.replace("==", "!=")],
    ["in", [1, 1, 2], `(${there} && ["1", "2"].contains(${found}.canonical))`],
    ["in", [], `(${there} && false)`],
    ["not_in", [1], `(${there} && !(["1"].contains(${found}.canonical)))`],
    ["subset_of", [1], `(${there} && ["1"].containsAll(${found}.items))`],
    ["subset_of", [], `(${there} && ${found}.items.isEmpty())`],
    ["contains", 1, `(${there} && ${found}.items.contains("1"))`],
    [
      "contains",
      "a*b\u0001",
      `(${there} && (if ${found} has items then ${found}.items.contains("\\"a*b\\\\u0001\\"") else ${found}.text like "*a\\*b\\u{1}*"))`,
    ],
    ["matches_namespace", "a.b", `(${there} && (${found}.text == "a.b" || ${found}.text like "a.b.*"))`],
    ["lt", 2, `(${there} && ${found}.integer < 2)`],
    ["lte", -2, `(${there} && ${found}.integer <= -2)`],
    ["gt", float("1.0"), `(${there} && ${found}.float > 4607182418800017408)`],
    ["gte", float("-1.0"), `(${there} && ${found}.float >= -4607182418800017408)`],
    ["gte", float("-0.0"), `(${there} && ${found}.float >= 0)`],
  ])("%s %j", (operator, value, text) => {
    expect(conditionText(operator, value)).toBe(text);
  });
});

describe("a rule becomes", () => {
  test.each<[string, readonly string[]]>([
    ["allow", [`@id("r")\n@effect("allow")\npermit`]],
    ["allow_with_obligations", [`@id("r")\n@effect("allow_with_obligations")\npermit`]],
    ["deny", [`@id("r")\n@effect("deny")\nforbid`]],
    [
      "approval_required",
      [
        `@id("r")\n@effect("approval_required")\n@hold("operator")\nforbid`,
        `@id("r/permit")\n@effect("approval_required")\npermit`,
      ],
    ],
  ])("%s: the policies of its effect, behind those of the invariants", (effect, policies) => {
    const texts = cedarPolicies(packOf({ effect })).trimEnd().split("\n\n");
    const heads = texts.map((text) => text.split(" (principal")[0] ?? "");
    expect(heads.slice(0, 3).map((head) => head.split("\n")[0])).toEqual([
      `@id("invariant/denied")`,
      `@id("invariant/critical_mutation")`,
      `@id("invariant/critical_mutation/permit")`,
    ]);
    expect(heads.slice(3)).toEqual(policies);
  });
});

const contextOf = (value: ExactJson): ExactJson | undefined => {
  const request = parsePackRequest({ request_id: "q", subject_ref: "s", action: { n: value } });
  return cedarContext(packOf({}), packInputs(request, {}))["action.n"];
};

describe("a value of the request stands in the context", () => {
  test.each<[ExactJson, ExactJson]>([
    ["a", { canonical: '"a"', text: "a" }],
    [["a", "a", 1], { canonical: '["a","a",1]', items: ['"a"', "1"] }],
    [float("1.0"), { canonical: "1.0", float: 4_607_182_418_800_017_408n }],
    [7, { canonical: "7", integer: 7 }],
    [null, { canonical: "null" }],
    [true, { canonical: "true" }],
    [{ b: 1, a: 2 }, { canonical: '{"a":2,"b":1}' }],
  ])("%j in the forms a policy compares", (value, forms) => {
    expect(contextOf(value)).toEqual(forms);
  });

  test("a whole number of 64 bits as it is, and one beyond not at all", () => {
    const [largest, smallest] = [2n ** 63n - 1n, -(2n ** 63n)];
    expect(contextOf(largest)).toMatchObject({ integer: largest });
    expect(contextOf(smallest)).toMatchObject({ integer: smallest });
    for (const beyond of [largest + 1n, smallest - 1n])
      expect(refusalOf(() => contextOf(beyond))).toBe("untranslatable_policy_number");
  });

  test("only when the pack names its path and the request has it", () => {
    const request = parsePackRequest({ request_id: "q", subject_ref: "s", action: { other: 1 } });
    expect(Object.keys(cedarContext(packOf({}), packInputs(request, {})))).toEqual(["invariants"]);
  });
});

describe("what Cedar has no exact word for is refused", () => {
  const list = (count: number): readonly ExactJson[] =>
    Array.from({ length: count }, (_, index) => String(index).padEnd(200));
  test.each<[string, PolicyPack]>([
    ["untranslatable_policy_rule_id", packOf({ rule_id: "a rule" })],
    ["untranslatable_policy_rule_id", packOf({ rule_id: "invariant/denied" })],
    ["untranslatable_policy_rule_id", packOf({ rule_id: "r/permit" })],
    ["untranslatable_policy_rule_length", packWhen("in", list(1_000))],
    ["untranslatable_policy_text", packWhen("contains", "\ud800")],
  ])("%s of a pack", (reason, pack) => {
    expect(refusalOf(() => cedarPolicies(pack))).toBe(reason);
  });

  test.each<[string, string, ExactJson]>([
    ["untranslatable_policy_operator", "constructor", 1],
    ["untranslatable_policy_number", "lt", "1"],
    ["untranslatable_policy_number", "lt", 2 ** 53],
    ["untranslatable_policy_number", "lt", float("1e999")],
    ["untranslatable_policy_operand", "in", "a"],
    ["untranslatable_policy_operand", "matches_namespace", 1],
  ])("%s of a condition that no compiled pack holds: %s %j", (reason, operator, value) => {
    const pack = packOf({});
    const rules = pack.rules.map((one) => ({ ...one, conditions: [{ path: "action.n", operator, value }] }));
    expect(refusalOf(() => cedarPolicies({ ...pack, rules }))).toBe(reason);
  });

  test.each<[string, ExactJson]>([
    ["untranslatable_policy_text", "\ud800"],
    ["untranslatable_policy_value", [float("1e999")]],
  ])("%s of a request", (reason, value) => {
    expect(refusalOf(() => contextOf(value))).toBe(reason);
  });
});
