import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, textMember } from "../compat/exact-record.ts";

const RANGES: Readonly<Record<string, readonly [low: number, high: number, reason: string]>> = {
  enumeration_probe: [1, 3, "enumeration_variant_count_out_of_range"],
  differential_probe: [2, 4, "differential_variant_count_out_of_range"],
  confirmatory_probe: [1, 2, "confirm_variant_count_out_of_range"],
  variant_probe: [2, 6, "variant_count_out_of_range"],
  fingerprint_probe: [1, 2, "fingerprint_variant_count_out_of_range"],
};

/** Everything wrong with a probe's recipe, in order (spec kernel.md §11.2). No count is one; zero is out of range (§27 no. 27). */
export function probeRecipeErrors(actionType: string, recipe: ExactJson | undefined): readonly string[] {
  const given = recipe ?? {};
  if (!isExactRecord(given)) return ["probe_recipe_must_be_object"];
  const errors: string[] = [];
  const mode = (textMember(given, "comparison_mode") ?? "").trim();
  if (actionType === "differential_probe" && mode === "") errors.push("missing_comparison_mode");
  const count = member(given, "variant_count") ?? 1;
  const range = Object.hasOwn(RANGES, actionType) ? RANGES[actionType] : undefined;
  if (typeof count !== "number" || !Number.isSafeInteger(count)) errors.push("invalid_variant_count");
  else if (range !== undefined && (count < range[0] || count > range[1])) errors.push(`${range[2]}:${String(count)}`);
  else if (count < 1) errors.push(`variant_count_out_of_range:${String(count)}`);
  if (actionType === "state_transition_probe") errors.push(...sequenceErrors(member(given, "sequence_steps")));
  if ((textMember(given, "evidence_goal") ?? "").length > 240) errors.push("evidence_goal_too_long");
  return errors;
}

function sequenceErrors(steps: ExactJson | undefined): readonly string[] {
  if (!isExactList(steps) || steps.length < 2) return ["state_transition_requires_sequence_steps"];
  return steps.length > 4 ? [`state_transition_sequence_too_long:${String(steps.length)}`] : [];
}
