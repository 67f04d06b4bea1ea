import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { canonicalValue, cedarText, floatKey } from "./cedar-value.ts";
import type { PolicyPack } from "./compile.ts";
import type { PolicyCondition } from "./condition.ts";
import type { PolicyRule } from "./rule.ts";

/**
 * A compiled pack as Cedar policies over the context that `cedarContext` makes of a request. Both give one verdict: a
 * rule that denies is a `forbid`, one that waits for an approval a `forbid` with `@hold` beside a `permit` of its own,
 * one that allows a `permit`; where the evaluator refuses to compare, the policy errs. Throws `GOVERNANCE_RECORD_INVALID`
 * with `untranslatable_policy_*` for what Cedar has no exact word for.
 */
export function cedarPolicies(pack: PolicyPack): string {
  const policies = [...INVARIANTS, ...pack.rules.flatMap(policiesOf)];
  const long = policies.find(({ length }) => length > POLICY_CHARS_MAX);
  if (long !== undefined) throw recordRefusal("untranslatable_policy_rule_length");
  return `${policies.join("\n\n")}\n`;
}

/** What the policy room reads of one policy. */
const POLICY_CHARS_MAX = 65_536;
/** Ids of the policy room. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,119}$/;

const CRITICAL = "context.invariants.critical_mutation";
const DENIED = "context.invariants.unsafe_execution_shape || context.invariants.destructive";

const INVARIANTS: readonly string[] = [
  policy("invariant/denied", { effect: "deny", word: "forbid", when: DENIED }),
  ...held("invariant/critical_mutation", `${CRITICAL} && !(${DENIED})`),
];

function policiesOf({ rule_id: id, effect, conditions }: PolicyRule): readonly string[] {
  if (!ID.test(id) || id.startsWith("invariant/") || id.endsWith("/permit"))
    throw recordRefusal("untranslatable_policy_rule_id");
  const when = [`!(${CRITICAL} || ${DENIED})`, ...conditions.map(conditionText)].join("\n  && ");
  if (effect === "approval_required") return held(id, when);
  return [policy(id, { effect, word: effect === "deny" ? "forbid" : "permit", when })];
}

/** A hold frees what is permitted otherwise, so it brings its own permit. */
function held(id: string, when: string): readonly string[] {
  const effect = "approval_required";
  return [
    policy(id, { effect, word: '@hold("operator")\nforbid', when }),
    policy(`${id}/permit`, { effect, word: "permit", when }),
  ];
}

function policy(id: string, of: { readonly effect: string; readonly word: string; readonly when: string }): string {
  return `@id("${id}")\n@effect("${of.effect}")\n${of.word} (principal, action, resource)\nwhen {\n  ${of.when}\n};`;
}

/** Every path is an attribute of its own, so a step through what is no map is simply not there. */
function conditionText({ path, operator, value }: PolicyCondition): string {
  const there = `context has "${path}"`;
  if (operator === "exists") return value === true ? there : `!(${there})`;
  return `(${there} && ${comparison(`context["${path}"]`, operator, value)})`;
}

function comparison(found: string, operator: string, value: ExactJson): string {
  const canonical = `${found}.canonical`;
  switch (operator) {
    case "eq":
      return `${canonical} == ${literal(value)}`;
    case "neq":
      return `${canonical} != ${literal(value)}`;
    case "in":
      return oneOf(canonical, value);
    case "not_in":
      return `!(${oneOf(canonical, value)})`;
    case "contains":
      return containsText(found, value);
    case "subset_of":
      return subset(`${found}.items`, value);
    case "matches_namespace":
      return `(${found}.text == ${cedarText(textOf(value))} || ${found}.text like "${pattern(textOf(value))}.*")`;
    default:
      return ordered(found, operator, value);
  }
}

const SIGNS: Readonly<Record<string, string>> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };

/** Numbers of two kinds are never compared: each kind has its own attribute, and the other kind lacks it. */
function ordered(found: string, operator: string, value: ExactJson): string {
  const sign = Object.hasOwn(SIGNS, operator) ? SIGNS[operator] : undefined;
  if (sign === undefined) throw recordRefusal("untranslatable_policy_operator");
  if (value instanceof JsonFraction) return `${found}.float ${sign} ${String(floatKey(value.value))}`;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw recordRefusal("untranslatable_policy_number");
  return `${found}.integer ${sign} ${String(value)}`;
}

function containsText(found: string, value: ExactJson): string {
  const among = `${found}.items.contains(${literal(value)})`;
  if (typeof value !== "string") return among;
  return `(if ${found} has items then ${among} else ${found}.text like "*${pattern(value)}*")`;
}

function oneOf(found: string, value: ExactJson): string {
  const items = literals(value);
  return items.length === 0 ? "false" : `[${items.join(", ")}].contains(${found})`;
}

function subset(found: string, value: ExactJson): string {
  const items = literals(value);
  return items.length === 0 ? `${found}.isEmpty()` : `[${items.join(", ")}].containsAll(${found})`;
}

function literals(value: ExactJson): readonly string[] {
  if (!isExactList(value)) throw recordRefusal("untranslatable_policy_operand");
  return [...new Set(value.map(literal))];
}

function literal(value: ExactJson): string {
  return cedarText(canonicalValue(value));
}

/** The inside of a `like` pattern: a star stands for itself. */
function pattern(text: string): string {
  return cedarText(text).slice(1, -1).replaceAll("*", "\\*");
}

function textOf(value: ExactJson): string {
  if (typeof value !== "string") throw recordRefusal("untranslatable_policy_operand");
  return value;
}
