import { type ExactJson, JsonFraction } from "@writ/canon";
import { isExactList, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { pythonFloat } from "../compat/python-number.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { recordOf, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { packText, ruleIfNothing } from "./pack-text.ts";

export const RISK_CLASSES: ReadonlySet<string> = new Set(["low", "medium", "high", "critical"]);

/** Reads what a rule or a verdict obliges to (spec kernel.md §22.1); each control is closed, and `reason` refuses the list. */
export function parseControls(
  rule: ExactRecord,
  key: "obligations" | "constraints",
  reason: string,
): readonly ExactRecord[] {
  const found = member(rule, key) ?? [];
  if (!isExactList(found)) throw recordRefusal(reason, ruleIfNothing(found));
  const name = key === "obligations" ? "obligation" : "constraint";
  return found.map((item) => {
    const control = recordOf(item, `invalid_policy_${name}`);
    const parsed = name === "obligation" ? obligationOf(control) : constraintOf(control);
    const { metadata } = parsed;
    if (Object.keys(control).some((field) => !Object.hasOwn(parsed, field) && !ALIASES.has(field)))
      throw recordRefusal(reason, 12);
    refuseForbiddenKeys("policy", metadata);
    return parsed;
  });
}

interface Control extends ExactRecord {
  readonly metadata: ExactRecord;
}

function obligationOf(control: ExactRecord): Control {
  const head = headOf(control, "obligation");
  return { ...head, description: textField(control, "description"), metadata: metadataOf(control, "obligation") };
}

function constraintOf(control: ExactRecord): Control {
  const head = headOf(control, "constraint");
  return { ...head, value: memberOrNull(control, "value"), metadata: metadataOf(control, "constraint") };
}

/** The id under its name and the kind, with their older names. */
function headOf(control: ExactRecord, name: "obligation" | "constraint"): ExactRecord {
  const id = packText(control, [`${name}_id`, "id"], { reason: `missing_policy_${name}_id` });
  return { [`${name}_id`]: id, kind: packText(control, ["kind", "type"], { reason: `missing_policy_${name}_kind` }) };
}

function metadataOf(control: ExactRecord, name: "obligation" | "constraint"): ExactRecord {
  return recordOf(member(control, "metadata") ?? {}, `invalid_policy_${name}_metadata`);
}

const ALIASES: ReadonlySet<string> = new Set(["id", "type"]);

/** A score from 0 to 1, always with a point. */
export function parseRiskScore(value: ExactJson): JsonFraction {
  const score = value instanceof JsonFraction ? value.value : value;
  if (typeof score !== "number" || score < 0 || score > 1) throw recordRefusal("invalid_policy_risk_score");
  return new JsonFraction(pythonFloat(score));
}
