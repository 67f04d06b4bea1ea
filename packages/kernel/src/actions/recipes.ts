import { bannedPattern, restrictedPattern } from "../command/argument-policy.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { ACTION_LIMITS, CHAIN_ROLES, type ActionType, type ChainRole } from "./action-types.ts";
import { CAPABILITY_TOOLS, type Capability } from "./capability-tools.ts";
import { readToolArguments } from "./tool-arguments.ts";

/** One command of a recipe; `{target}`, `{target_host}`, `{selected_tool}` and `{capability}` are filled in. */
export interface RecipeStep {
  readonly tool: string;
  readonly role: ChainRole;
  readonly args: readonly string[];
  /** Where its standard input comes from: nowhere, or what the step before it wrote. */
  readonly input: "none" | "previous_output";
}

/** A known way to a capability (spec kernel.md §11.5). */
export interface CapabilityRecipe {
  readonly name: string;
  readonly capability: Capability;
  readonly actionType: ActionType;
  readonly steps: readonly RecipeStep[];
}

export type Recipes = ReadonlyMap<string, CapabilityRecipe>;

export interface RecipeValues {
  readonly target: string;
  readonly target_host: string;
  readonly selected_tool: string;
  readonly capability: string;
}

/** Most recipes a host loads. */
const RECIPES_MAX = 256;

/**
 * Compiles every recipe once and holds it against the argument policy, before any is used (§27 no. 16). A placeholder
 * nothing fills, a flag that is restricted or not listed, or a tool without the capability: `GOVERNANCE_RECORD_INVALID`.
 */
export function loadRecipes(recipes: readonly CapabilityRecipe[]): Recipes {
  if (recipes.length > RECIPES_MAX) throw recordRefusal("too_many_recipes", 16);
  const loaded = new Map<string, CapabilityRecipe>();
  for (const recipe of recipes) {
    if (loaded.has(recipe.name)) throw recordRefusal(`duplicate_recipe:${recipe.name}`, 16);
    checkRecipe(recipe);
    loaded.set(recipe.name, recipe);
  }
  return loaded;
}

/** The step's arguments with every placeholder filled. Throws `GOVERNANCE_RECORD_INVALID`: what nothing fills is never sent. */
export function renderArguments(key: string, args: readonly string[], values: RecipeValues): readonly string[] {
  return args.map((argument) =>
    argument.replaceAll(/\{([^{}]*)\}/g, (_whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name as keyof RecipeValues] : "";
      if (value === "") throw recordRefusal(`recipe_unresolved_placeholder:${key}:${name}`, 16);
      return value;
    }),
  );
}

const SAMPLE = { target: "https://host.example/", target_host: "host.example" };

function checkRecipe({ name, capability, steps }: CapabilityRecipe): void {
  if (steps.length === 0 || steps.length > ACTION_LIMITS.chain)
    throw recordRefusal(`recipe_step_count:${name}:${String(steps.length)}`, 16);
  for (const [index, step] of steps.entries()) {
    const at = `${name}:${String(index)}`;
    if (!CHAIN_ROLES.includes(step.role)) throw recordRefusal(`recipe_role:${at}:${step.role}`, 16);
    if (index === 0 && step.input !== "none") throw recordRefusal(`recipe_input:${at}`, 16);
    if (index === 0 && !CAPABILITY_TOOLS[capability].some((tool) => tool === step.tool))
      throw recordRefusal(`recipe_tool_without_capability:${at}:${step.tool}`, 16);
    const args = renderArguments(name, step.args, { ...SAMPLE, selected_tool: step.tool, capability });
    checkArguments(at, step.tool, args);
  }
}

function checkArguments(at: string, tool: string, args: readonly string[]): void {
  const pattern = bannedPattern(args) ?? restrictedPattern(tool, args)?.token;
  if (pattern !== undefined) throw recordRefusal(`recipe_refused_by_policy:${at}:${pattern}`, 16);
  const reading = readToolArguments(tool, args);
  if (!reading.ok) throw recordRefusal(`recipe_refused_by_policy:${at}:${reading.reason}`, 16);
}
