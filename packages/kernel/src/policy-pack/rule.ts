import type { ExactJson, JsonFraction } from "@writ/canon";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { recordOf } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseControls, parseRiskScore, RISK_CLASSES } from "./controls.ts";
import { packText } from "./pack-text.ts";
import { parseConditionMap, parseConditions, type PolicyCondition } from "./condition.ts";

export const POLICY_EFFECTS = ["deny", "approval_required", "allow_with_obligations", "allow"] as const;

export interface PolicyRule {
  readonly rule_id: string;
  readonly effect: (typeof POLICY_EFFECTS)[number];
  readonly conditions: readonly PolicyCondition[];
  readonly priority: number;
  readonly reason_code: string;
  readonly risk_class: string;
  readonly risk_score: JsonFraction;
  readonly obligations: readonly ExactRecord[];
  readonly constraints: readonly ExactRecord[];
}

/** Reads one rule (spec kernel.md §22.2); the aliases `id` and `decision` are of v0.1 alone. */
export function parseRule(value: ExactJson, version: "v1" | "v0.1"): PolicyRule {
  const rule = recordOf(value, "invalid_policy_rule");
  const old = version === "v0.1";
  if (Object.keys(rule).some((key) => !(old ? RULE_V01 : RULE).has(key)))
    throw recordRefusal("invalid_policy_rule", old ? 12 : undefined);
  const rule_id = packText(rule, old ? ["rule_id", "id"] : "rule_id", { reason: "missing_policy_rule_id" });
  const effect = effectOf(
    packText(rule, old ? ["effect", "decision"] : "effect", { reason: "unknown_policy_rule_effect:missing" }),
  );
  const given = member(rule, "conditions");
  const conditions = old ? parseConditionMap(given) : parseConditions(given);
  const priority = said(rule, "priority", 100);
  if (typeof priority !== "number" || !Number.isSafeInteger(priority) || priority < 0 || priority > 1_000_000)
    throw recordRefusal("invalid_policy_rule_priority");
  const obligations = parseControls(rule, "obligations", "invalid_policy_rule_obligations");
  const constraints = parseControls(rule, "constraints", "invalid_policy_rule_constraints");
  if (obligations.length + constraints.length > 64) throw recordRefusal("policy_rule_control_limit_exceeded");
  return { rule_id, effect, conditions, priority, ...risksOf(rule, effect), obligations, constraints };
}

function effectOf(named: string): PolicyRule["effect"] {
  const effect = POLICY_EFFECTS.find((one) => one === named);
  if (effect === undefined) throw recordRefusal(`unknown_policy_rule_effect:${named}`);
  return effect;
}

function risksOf(rule: ExactRecord, effect: string): Pick<PolicyRule, "reason_code" | "risk_class" | "risk_score"> {
  const reason_code = (member(rule, "reason_code") ?? "") === "" ? effect : member(rule, "reason_code");
  if (typeof reason_code !== "string" || !/^[a-z][a-z0-9_]{0,127}$/.test(reason_code))
    throw recordRefusal("invalid_policy_reason_code");
  const risk_class = said(rule, "risk_class", "low");
  if (typeof risk_class !== "string" || !RISK_CLASSES.has(risk_class)) throw recordRefusal("invalid_policy_risk_class");
  return { reason_code, risk_class, risk_score: parseRiskScore(said(rule, "risk_score", 0)) };
}

/** A member, else what stands for it; null is said, and stands for nothing. */
function said(rule: ExactRecord, key: string, otherwise: ExactJson): ExactJson {
  const found = member(rule, key);
  return found === undefined ? otherwise : found;
}

const RULE: ReadonlySet<string> = new Set(
  "rule_id effect conditions priority reason_code risk_class risk_score obligations constraints".split(" "),
);
const RULE_V01: ReadonlySet<string> = new Set([...RULE, "id", "decision"]);
