import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExactJson, isWritError, JsonFraction } from "@writ/canon";
import {
  cedarContext,
  cedarPolicies,
  compilePolicyPack,
  evaluatePolicyPack,
  matchingRules,
  packInputs,
  parsePackRequest,
  type PolicyPack,
} from "@writ/kernel/governance";
import { authorize, decide, entityStore, loadPolicySet, type CedarJson, type PolicySet } from "@writ/policy";

/** What both engines are asked for: the effect and the rules that matched, or that the question has no answer. */
type Answer = { readonly effect: string; readonly rules: readonly string[] } | "refused";

const entities = entityStore(undefined, []);
const names = { principal: "Principal", action: "Action", resource: "Resource" };
const uid = (type: string): { readonly type: string; readonly id: string } => ({ type, id: "one" });

function kernelAnswer(pack: PolicyPack, request: ExactJson, context: Json): Answer {
  try {
    const { decision, reason_code } = evaluatePolicyPack(pack, request, context);
    const fixed = INVARIANT_REASONS.has(reason_code);
    const matched = fixed ? [] : matchingRules(pack, packInputs(parsePackRequest(request), context));
    return { effect: decision, rules: matched.map(({ rule_id }) => rule_id).toSorted() };
  } catch (error) {
    if (isWritError(error) && error.details["reason"] === "policy_condition_operand_type_mismatch") return "refused";
    throw error;
  }
}

function cedarAnswer(set: PolicySet, pack: PolicyPack, request: ExactJson, context: Json, twice: boolean): Answer {
  const given = cedarContext(pack, packInputs(parsePackRequest(request), context));
  const asked = {
    principal: uid(names.principal),
    action: uid(names.action),
    resource: uid(names.resource),
    context: given as { readonly [key: string]: CedarJson },
  };
  const decision = decide(set, asked, entities);
  // The official engine is a thousand times slower, so it judges some of the questions.
  const official = authorize(set, asked, entities, { engine: twice ? "reference" : "compiled" });
  expect(official.errors).toEqual(decision.erroring);
  if (decision.erroring.length > 0) {
    expect(decision.outcome).not.toBe("allow");
    expect(decision.outcome).not.toBe("hold");
    return "refused";
  }
  expect(official.decision).toBe(decision.outcome === "allow" ? "allow" : "deny");
  const effects = new Map(pack.rules.map(({ rule_id, effect }) => [rule_id, effect]));
  const rules = decision.spoke.filter((id) => effects.has(id));
  if (decision.outcome === "hold") return { effect: "approval_required", rules };
  if (decision.outcome === "deny") return { effect: "deny", rules };
  const obliged = rules.some((id) => effects.get(id) === "allow_with_obligations");
  return { effect: obliged ? "allow_with_obligations" : "allow", rules };
}

type Json = Readonly<Record<string, ExactJson>>;

const INVARIANT_REASONS = new Set([
  "unsafe_execution_shape",
  "destructive_action_without_approval_evidence",
  "critical_mutating_action_requires_approval",
]);

// Few values and few paths, so that rules often match, and every kind of value stands where another is expected.
const scalar = fc.constantFrom<ExactJson>(
  "a",
  "a.b",
  "a.bc",
  "*",
  'é"\\',
  "",
  1,
  2,
  -3,
  true,
  false,
  null,
  new JsonFraction("1.0"),
  new JsonFraction("-0.0"),
  new JsonFraction("0.0"),
  new JsonFraction("-2.5e-7"),
);
const value = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom("x", "y"), scalar, { maxKeys: 2 }),
);
const path = fc.constantFrom("action.a", "action.b", "resource.a.x", "request_context.a", "context.a-b", "principal.a");
const number = fc.constantFrom<ExactJson>(1, 2, new JsonFraction("1.0"), new JsonFraction("-2.5e-7"));
const operand: Readonly<Record<string, fc.Arbitrary<ExactJson>>> = {
  exists: fc.boolean(),
  eq: value,
  neq: value,
  contains: scalar,
  in: fc.array(value, { maxLength: 3 }),
  not_in: fc.array(value, { maxLength: 3 }),
  subset_of: fc.array(value, { maxLength: 3 }),
  matches_namespace: fc.constantFrom("a", "a.b"),
  lt: number,
  lte: number,
  gt: number,
  gte: number,
};
const condition = fc
  .constantFrom(...Object.keys(operand))
  .chain((operator) => fc.record({ path, operator: fc.constant(operator), value: operand[operator] ?? value }));
const rule = fc.record({
  effect: fc.constantFrom("deny", "approval_required", "allow_with_obligations", "allow"),
  priority: fc.integer({ min: 0, max: 3 }),
  conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
});
const packs = fc.array(rule, { minLength: 1, maxLength: 4 }).map((rules) => ({
  policy_id: "p",
  version: "1",
  schema_version: "v1",
  issuer_ref: "i",
  policy_epoch: 0,
  validity: { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" },
  rules: rules.map((one, index) => ({ ...one, rule_id: `r${String(index)}` })),
}));
const fields = fc.dictionary(fc.constantFrom("a", "b", "a-b"), value, { maxKeys: 3 });
const action = fc
  .tuple(fields, fc.constantFrom<Json>({}, {}, {}, { mode: "Apply" }, { destructive: true }))
  .map(([given, more]) => ({ ...given, ...more }));
const resource = fc
  .tuple(fields, fc.constantFrom<Json>({}, {}, { criticality: "high" }))
  .map(([given, more]) => ({ ...given, ...more }));
const question = fc.record({ principal: fields, action, resource, request: fields, host: fields });

/** Two conditions or rules alike are no pack; what is left compiles. */
function compiled(pack: ExactJson): PolicyPack | undefined {
  try {
    return compilePolicyPack(pack);
  } catch (error) {
    if (!isWritError(error)) throw error;
    expect(["duplicate_policy_condition", "conflicting_policy_rules", "redundant_policy_rules"]).toContain(
      error.details["reason"],
    );
    return undefined;
  }
}

describe("a policy pack and its translation to Cedar", () => {
  test("give one verdict, and refuse alike, for any pack and any request", async () => {
    const seen = new Map<string, number>();
    const law = fc.asyncProperty(
      packs,
      fc.array(question, { minLength: 8, maxLength: 8 }),
      async (given, questions) => {
        const pack = compiled(given);
        if (pack === undefined) return;
        const set = await loadPolicySet({ policies: [{ name: "pack.cedar", text: cedarPolicies(pack) }] });
        for (const [index, { principal, action: does, resource: on, request, host }] of questions.entries()) {
          const asked = { request_id: "q", subject_ref: "s", principal, action: does, resource: on, context: request };
          const answer = kernelAnswer(pack, asked, host);
          expect(cedarAnswer(set, pack, asked, host, index < 2)).toEqual(answer);
          const kind = answer === "refused" ? answer : answer.effect;
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
        }
      },
    );
    await fc.assert(law, { numRuns: 400 });
    // A law whose cases never reach an effect would prove nothing of it.
    for (const kind of ["deny", "approval_required", "allow_with_obligations", "allow", "refused"])
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(10);
  });
});

describe("what Cedar has no exact word for is refused, and never approximated", () => {
  const one = (more: object): PolicyPack =>
    compilePolicyPack({
      policy_id: "p",
      version: "1",
      schema_version: "v1",
      issuer_ref: "i",
      policy_epoch: 0,
      validity: { not_before: "2026-01-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" },
      rules: [
        {
          rule_id: "r",
          effect: "allow",
          conditions: [{ path: "action.a", operator: "eq", value: 1 }],
          ...more,
        },
      ],
    });
  const when = (operator: string, operandValue: ExactJson): PolicyPack =>
    one({ conditions: [{ path: "action.a", operator, value: operandValue }] });

  test.each<[string, PolicyPack]>([
    ["untranslatable_policy_rule_id", one({ rule_id: "a rule" })],
    ["untranslatable_policy_rule_id", one({ rule_id: "invariant/denied" })],
    ["untranslatable_policy_rule_id", one({ rule_id: "r/permit" })],
    ["untranslatable_policy_text", when("contains", "\ud800")],
    [
      "untranslatable_policy_rule_length",
      when(
        "in",
        Array.from({ length: 1_000 }, (_, index) => String(index).padEnd(200)),
      ),
    ],
  ])("a pack: %s", (reason, pack) => {
    expect(() => cedarPolicies(pack)).toThrow(expect.objectContaining({ details: { reason } }) as Error);
  });

  test.each<[string, ExactJson]>([
    ["untranslatable_policy_number", 2n ** 64n],
    ["untranslatable_policy_text", "\ud800"],
    ["untranslatable_policy_value", [new JsonFraction("1e999")]],
  ])("a request: %s", (reason, given) => {
    const inputs = packInputs(parsePackRequest({ request_id: "q", subject_ref: "s", action: { a: given } }), {});
    expect(() => cedarContext(one({}), inputs)).toThrow(expect.objectContaining({ details: { reason } }) as Error);
  });
});
