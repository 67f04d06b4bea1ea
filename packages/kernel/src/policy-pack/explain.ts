import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import type { PolicyPack } from "./compile.ts";
import { conditionHolds, type PolicyCondition } from "./condition.ts";
import { evaluatePolicyPack, packInputs, type PackInputs, type PolicyVerdict } from "./evaluate.ts";
import { invariantsOf, type Invariants } from "./invariants.ts";
import { parsePackRequest } from "./policy-request.ts";
import { onRefusal } from "../on-refusal.ts";

export interface ConditionExplanation extends PolicyCondition {
  /** `incomparable`: the value has another type than the condition compares. */
  readonly result: "holds" | "fails" | "incomparable";
}

export interface RuleExplanation {
  readonly rule_id: string;
  readonly effect: string;
  readonly matched: boolean;
  readonly conditions: readonly ConditionExplanation[];
}

/** Why a pack says what it says of a request. */
export interface PolicyExplanation {
  readonly verdict: PolicyVerdict;
  readonly invariants: Invariants;
  /** The rule that gave the verdict; null when an invariant did, or no rule matched. */
  readonly deciding_rule: string | null;
  readonly rules: readonly RuleExplanation[];
}

/** The verdict with every rule and condition behind it (spec kernel.md §22.3). Throws as `evaluatePolicyPack` does. */
export function explainPolicyPack(pack: PolicyPack, request: ExactJson, context: ExactRecord): PolicyExplanation {
  const verdict = evaluatePolicyPack(pack, request, context);
  const inputs = packInputs(parsePackRequest(request), context);
  const invariants = invariantsOf(inputs);
  const rules = pack.rules.map(({ rule_id, effect, conditions }) => {
    const explained = conditions.map((condition) => ({ ...condition, result: resultOf(condition, inputs) }));
    return { rule_id, effect, matched: explained.every(({ result }) => result === "holds"), conditions: explained };
  });
  const fixed = Object.values(invariants).includes(true);
  const deciding = fixed ? undefined : rules.find(({ matched, effect }) => matched && effect === verdict.decision);
  return { verdict, invariants, deciding_rule: deciding?.rule_id ?? null, rules };
}

/** A rule stops at its first condition that fails; behind it, what cannot be compared is only shown. */
function resultOf(condition: PolicyCondition, inputs: PackInputs): ConditionExplanation["result"] {
  return onRefusal(
    () => (conditionHolds(condition, { ...inputs }) ? "holds" : "fails"),
    () => "incomparable",
  );
}
