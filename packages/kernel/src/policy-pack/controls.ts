import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { recordOf, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { packText } from "./pack-text.ts";

export const RISK_CLASSES: ReadonlySet<string> = new Set(["low", "medium", "high", "critical"]);

/** Reads what a rule or a verdict obliges to (spec kernel.md §22.1); each control is closed. */
export function parseControls(rule: ExactRecord, key: "obligations" | "constraints"): readonly ExactRecord[] {
  const found = member(rule, key) ?? [];
  const reason = `invalid_policy_rule_${key}`;
  const id = key === "obligations" ? "obligation_id" : "constraint_id";
  const text = key === "obligations" ? "description" : "value";
  if (!isExactList(found)) throw recordRefusal(reason);
  return found.map((item) => {
    const control = recordOf(item, reason);
    if (Object.keys(control).some((name) => ![id, "kind", "metadata", text].includes(name)))
      throw recordRefusal(reason, 12);
    const metadata = recordOf(member(control, "metadata") ?? {}, reason);
    const common = { [id]: packText(control, id, { reason }), kind: packText(control, "kind", { reason }), metadata };
    if (key === "obligations") return { ...common, description: textField(control, "description") };
    return { ...common, value: memberOrNull(control, "value") };
  });
}

/** A score from 0 to 1, always with a point. */
export function parseRiskScore(value: ExactJson): JsonFraction {
  const score = value instanceof JsonFraction ? value.value : value;
  if (typeof score !== "number" || score < 0 || score > 1) throw recordRefusal("invalid_policy_risk_score");
  return new JsonFraction(Number.isInteger(score) ? `${String(score)}.0` : String(score));
}
