import { expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { compilePolicyPack, explainPolicyPack, type PolicyExplanation } from "@writ/kernel/governance";
import { packSample } from "../governance/request-sample.ts";

const when = (rule_id: string, effect: string, ...conditions: readonly [string, string, ExactJson][]): ExactJson => ({
  rule_id,
  effect,
  conditions: conditions.map(([path, operator, value]) => ({ path, operator, value })),
});
const pack = compilePolicyPack({
  ...packSample,
  rules: [
    when("read", "allow", ["action.mode", "eq", "read"]),
    when("small", "deny", ["action.mode", "eq", "write"], ["action.n", "lt", 10]),
  ],
});
const explained = (action: ExactJson): PolicyExplanation =>
  explainPolicyPack(pack, { request_id: "q", subject_ref: "s", action }, {});

test("the rule that decided is named, and every condition of the others", () => {
  expect(explained({ mode: "read", n: "ten" })).toMatchObject({
    verdict: { decision: "allow" },
    deciding_rule: "read",
    rules: [
      { rule_id: "read", matched: true, conditions: [{ result: "holds" }] },
      { rule_id: "small", matched: false, conditions: [{ result: "fails" }, { result: "incomparable" }] },
    ],
  });
});

test("no rule decided where none matched, or where an invariant did", () => {
  expect(explained({ mode: "other" })).toMatchObject({ deciding_rule: null, invariants: { destructive: false } });
  expect(explained({ mode: "read", destructive: true })).toMatchObject({
    verdict: { decision: "deny" },
    deciding_rule: null,
    invariants: { destructive: true },
  });
});
