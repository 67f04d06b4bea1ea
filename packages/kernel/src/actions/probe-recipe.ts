import type { ExactJson } from "@writ/canon";
import { countCodePoints } from "../compat/code-points.ts";
import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { ACTION_LIMITS, isActionType } from "./action-types.ts";
import { codesOf, fault, type Fault } from "./fault.ts";

const RANGES: Readonly<Record<string, readonly [low: number, high: number, reason: string]>> = {
  enumeration_probe: [1, ACTION_LIMITS.enumeration, "enumeration_variant_count_out_of_range"],
  differential_probe: [2, ACTION_LIMITS.differential, "differential_variant_count_out_of_range"],
  confirmatory_probe: [1, 2, "confirm_variant_count_out_of_range"],
  variant_probe: [2, ACTION_LIMITS.variants, "variant_count_out_of_range"],
  fingerprint_probe: [1, 2, "fingerprint_variant_count_out_of_range"],
};
/** In code points, without the blanks around it. */
const GOAL_MAX = 240;

/** Everything wrong with a probe's recipe, in order (spec kernel.md §11.2). */
export function probeRecipeErrors(actionType: string, recipe: ExactJson | undefined): readonly string[] {
  return codesOf(probeRecipeFaults(actionType, recipe));
}

/** As `probeRecipeErrors`, with the rule by which each is stricter than the reference. */
export function probeRecipeFaults(actionType: string, recipe: ExactJson | undefined): readonly Fault[] {
  const given = recipe ?? {};
  if (!isExactRecord(given)) return [fault("probe_recipe_must_be_object")];
  return [
    ...(isActionType(actionType) ? [] : [fault(`unknown_action_type:${actionType}`, 10)]),
    ...(actionType === "differential_probe" ? comparisonFaults(given) : []),
    ...countFaults(actionType, member(given, "variant_count") ?? 1),
    ...(actionType === "state_transition_probe" ? sequenceFaults(member(given, "sequence_steps")) : []),
    ...goalFaults(member(given, "evidence_goal") ?? ""),
  ];
}

function comparisonFaults(recipe: ExactRecord): readonly Fault[] {
  const mode = member(recipe, "comparison_mode") ?? "";
  if (typeof mode !== "string") return [fault("comparison_mode_must_be_string", 12)];
  return stripSpace(mode) === "" ? [fault("missing_comparison_mode")] : [];
}

/** No count is one; zero is out of range (§27 no. 27), and what is no whole number is none (§27 no. 12). */
function countFaults(actionType: string, count: ExactJson): readonly Fault[] {
  if (typeof count !== "number" || !Number.isSafeInteger(count)) return [fault("invalid_variant_count", 12)];
  const range = Object.hasOwn(RANGES, actionType) ? RANGES[actionType] : undefined;
  if (range === undefined) return count < 1 ? [fault(`variant_count_out_of_range:${String(count)}`, 27)] : [];
  const [low, high, reason] = range;
  if (count >= low && count <= high) return [];
  return [fault(`${reason}:${String(count)}`, count === 0 ? 27 : undefined)];
}

function sequenceFaults(steps: ExactJson | undefined): readonly Fault[] {
  if (!isExactList(steps) || steps.length < 2) return [fault("state_transition_requires_sequence_steps")];
  if (steps.length <= ACTION_LIMITS.sequence) return [];
  return [fault(`state_transition_sequence_too_long:${String(steps.length)}`)];
}

function goalFaults(goal: ExactJson): readonly Fault[] {
  if (typeof goal !== "string") return [fault("evidence_goal_must_be_string", 12)];
  return countCodePoints(stripSpace(goal)) > GOAL_MAX ? [fault("evidence_goal_too_long")] : [];
}
