import { compileExpression } from "./compile-expression.ts";
import { conjunctsOf, negation } from "./compile-logic.ts";
import { conditionKey, type ConditionKey } from "../lookup/condition-key.ts";
import type { Expression } from "./expression.ts";
import { type Evaluate, type Frame, kindFault } from "./frame.ts";
import type { HoldRequirement } from "../hold.ts";
import { isPlainObject } from "../input/plain-json.ts";
import { policyRefusal } from "../refusal.ts";
import { compileScope, matchesScope, type ScopeTest, type Slots } from "./scope.ts";

/** One conjunct of a policy's condition. */
export interface Conjunct {
  readonly run: Evaluate;
  readonly expression: Expression;
  /** The clause it came from, counted from 0, and whether that is an `unless`. */
  readonly clause: number;
  readonly unless: boolean;
}

export interface CompiledPolicy {
  readonly id: string;
  /** Place in the order of ids; answers are sorted by it. */
  rank: number;
  readonly effect: "permit" | "forbid";
  readonly principal: ScopeTest;
  readonly action: ScopeTest;
  readonly resource: ScopeTest;
  /** All clauses in order, as one conjunction. */
  readonly conjuncts: readonly Conjunct[];
  /** What the condition index finds it by. */
  readonly key: ConditionKey | undefined;
  /** Set for a holding forbid. */
  readonly hold: HoldRequirement | undefined;
  readonly advice: string | undefined;
  /** The template it was linked from. */
  readonly template?: string;
}

/** What the official form does not say of a policy. */
export interface PolicyIdentity {
  readonly id: string;
  readonly hold: HoldRequirement | undefined;
  readonly advice: string | undefined;
  readonly template?: string;
}

/** A policy of the official JSON form as closures; a template with its slots filled. */
export function compilePolicy(json: unknown, identity: PolicyIdentity, slots: Slots = {}): CompiledPolicy {
  if (!isPlainObject(json)) throw unknownForm();
  const { effect, conditions } = json;
  if ((effect !== "permit" && effect !== "forbid") || !Array.isArray(conditions)) throw unknownForm();
  const conjuncts = conditions.flatMap((clause, index) => compileClause(clause, index));
  return {
    ...identity,
    rank: 0,
    effect,
    principal: compileScope(json["principal"], slots),
    action: compileScope(json["action"], slots),
    resource: compileScope(json["resource"], slots),
    conjuncts,
    key: conditionKey(conjuncts),
  };
}

/** The verdict of one policy without any index: whether it is satisfied, or that it errs. */
export function evaluatePolicy(frame: Frame, policy: CompiledPolicy): boolean | undefined {
  if (!matchesScope(frame, policy.action, frame.action)) return false;
  if (!matchesScope(frame, policy.principal, frame.principal)) return false;
  if (!matchesScope(frame, policy.resource, frame.resource)) return false;
  return evaluateConjuncts(frame, policy.conjuncts);
}

/** `undefined` is an error: of an operator, or a conjunct that is no boolean. */
export function evaluateConjuncts(frame: Frame, conjuncts: readonly Conjunct[]): boolean | undefined {
  for (const conjunct of conjuncts) {
    const value = conjunct.run(frame);
    if (value === true) continue;
    if (value === false) return false;
    kindFault(frame, "bool", value);
    return undefined;
  }
  return true;
}

function compileClause(clause: unknown, index: number): Conjunct[] {
  if (!isPlainObject(clause)) throw unknownForm();
  const { kind, body } = clause;
  if ((kind !== "when" && kind !== "unless") || !isPlainObject(body)) throw unknownForm();
  if (kind === "unless") {
    return [{ run: negation(compileExpression(body).run), expression: body, clause: index, unless: true }];
  }
  return conjunctsOf(body).map((expression) => ({
    run: compileExpression(expression).run,
    expression,
    clause: index,
    unless: false,
  }));
}

function unknownForm(): Error {
  return policyRefusal("POLICY_UNSUPPORTED", "the compiler does not know this form of a policy", "rewrite the policy");
}
