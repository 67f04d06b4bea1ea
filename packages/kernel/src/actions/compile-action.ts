import { isWritError } from "@writ/canon";
import type { ActionSpec, AskedStep } from "./action-spec.ts";
import { actionTools, CAPABILITY_TOOLS } from "./capability-tools.ts";
import { heldProfiles, type PlannerProfile } from "./planner-profile.ts";
import { planOf, type PlannedStep } from "./execution-plan.ts";
import { loweringOf, variantCount, type CompilerStrategy } from "./lowering.ts";
import type { CapabilityRecipe, Recipes } from "./recipes.ts";
import { semanticLoss, type LossPolicy } from "./semantic-loss.ts";
import { isPlannerVisible, type ToolRegistry } from "./tool-registry.ts";
import { resolveTool, type ToolChoice, type ToolSource } from "./tool-resolution.ts";

/** A compiled action (spec kernel.md §11.6). */
export interface CompiledAction extends Pick<
  ActionSpec,
  "action_type" | "capability" | "experiment_shape" | "target_cardinality" | "recipe_name"
> {
  readonly execution_mode: "normalized";
  readonly compiler_strategy: CompilerStrategy;
  readonly compiler_tool_choice: string;
  readonly compiler_tool_choice_source: ToolSource;
  readonly compiler_variant_count: number;
  readonly semantic_loss_detected: boolean;
  readonly normalization_reason: string;
  readonly tool: string;
  readonly preferred_tool: string;
  readonly tool_candidates: readonly string[];
  readonly resolved_planner_profiles: readonly PlannerProfile[];
  readonly tool_chain: readonly AskedStep[];
  readonly execution_plan: readonly PlannedStep[];
  readonly args: readonly string[];
  readonly stdin: string;
  readonly target: string;
  readonly task_family: ActionSpec["task_family"];
  readonly semantic_loss_policy: LossPolicy;
}

export interface CompilerSetting {
  readonly registry: ToolRegistry;
  readonly recipes: Recipes;
  readonly profile: PlannerProfile;
  /** The widest profile whose tools a recipe may bring in by itself. */
  readonly autoExpandMaxProfile?: Exclude<PlannerProfile, "lab">;
  readonly allowLabAutoExpand?: boolean;
}

export type Compilation =
  | { readonly ok: true; readonly compiled: CompiledAction }
  | { readonly ok: false; readonly reason: string };

/** Compiles an action into commands. What cannot be compiled is a reason, in the reference's words. */
export function compileAction(spec: ActionSpec, setting: CompilerSetting): Compilation {
  const target = spec.target || (spec.args.find((argument) => /^https?:\/\//i.test(argument)) ?? "");
  const recipe = setting.recipes.get(spec.recipe_name);
  if (spec.recipe_name !== "" && recipe === undefined) return refusal(`unknown_recipe:${spec.recipe_name}`);
  const fault = recipe === undefined ? undefined : recipeFault(recipe, spec, setting);
  if (fault !== undefined) return refusal(fault);
  const choice = choose(spec, recipe, setting);
  if (choice.source === "unresolved") return refusal(`missing_tool_for_action_type:${spec.action_type}`);
  try {
    const plan = planOf({ ...spec, target }, recipe, choice.tool);
    return { ok: true, compiled: compiledOf({ ...spec, target }, choice, plan, setting.profile) };
  } catch (error) {
    // A placeholder that this target leaves open.
    if (!isWritError(error, "GOVERNANCE_RECORD_INVALID")) throw error;
    return refusal(String(error.details["reason"]));
  }
}

function refusal(reason: string): Compilation {
  return { ok: false, reason };
}

function recipeFault(recipe: CapabilityRecipe, spec: ActionSpec, setting: CompilerSetting): string | undefined {
  const { name, actionType, capability } = recipe;
  if (actionType !== spec.action_type) return `recipe_action_type_mismatch:${name}:${actionType}:${spec.action_type}`;
  if (capability !== spec.capability) return `recipe_capability_mismatch:${name}:${capability}:${spec.capability}`;
  const widest = setting.allowLabAutoExpand === true ? "lab" : (setting.autoExpandMaxProfile ?? "specialized");
  const missing = recipe.steps.findIndex(({ tool }) => {
    const entry = setting.registry.get(tool);
    return entry === undefined || !isPlannerVisible(entry, widest);
  });
  return missing === -1 ? undefined : `recipe_missing_tool:${name}:${String(missing)}`;
}

function choose(spec: ActionSpec, recipe: CapabilityRecipe | undefined, setting: CompilerSetting): ToolChoice {
  const first = recipe?.steps[0];
  if (first !== undefined) return { tool: first.tool, source: "capability_recipe" };
  const asked = {
    tool: spec.tool,
    preferredTool: spec.preferred_tool,
    candidates: spec.tool_candidates,
    actionType: spec.action_type,
    capability: spec.capability,
  };
  return resolveTool(asked, setting.registry, setting.profile);
}

function compiledOf(
  spec: ActionSpec,
  choice: ToolChoice,
  plan: readonly PlannedStep[],
  profile: PlannerProfile,
): CompiledAction {
  const lowering = loweringOf(spec);
  const candidates = [
    ...new Set([
      ...spec.tool_candidates,
      ...actionTools(spec.action_type, spec.capability),
      ...CAPABILITY_TOOLS[spec.capability],
    ]),
  ];
  return {
    action_type: spec.action_type,
    capability: spec.capability,
    recipe_name: spec.recipe_name,
    execution_mode: "normalized",
    experiment_shape: spec.experiment_shape,
    target_cardinality: spec.target_cardinality,
    compiler_strategy: lowering.strategy,
    compiler_tool_choice: choice.tool,
    compiler_tool_choice_source: choice.source,
    compiler_variant_count: variantCount(spec),
    semantic_loss_detected: lowering.lossDetected,
    normalization_reason: lowering.reason,
    tool: choice.tool,
    preferred_tool: spec.preferred_tool,
    tool_candidates: candidates,
    resolved_planner_profiles: heldProfiles(profile),
    tool_chain: spec.tool_chain,
    execution_plan: plan,
    args: plan[0]?.args ?? [],
    stdin: plan[0]?.stdin ?? "",
    target: spec.target,
    task_family: spec.task_family,
    semantic_loss_policy: semanticLoss({ ...lowering, actionType: spec.action_type, taskFamily: spec.task_family }),
  };
}
