import type { JsonValue } from "@writ/canon";
import { list, oneOf, record, text } from "../fields.ts";
import { ACTION_LIMITS, ACTION_TYPES, CHAIN_ROLES, type ActionType } from "./action-types.ts";
import { CAPABILITIES } from "./capability-tools.ts";
import { loadRecipes, type CapabilityRecipe, type RecipeStep, type Recipes } from "./recipes.ts";
import { profileName, toolName } from "./tool-name.ts";

/** Reads a host's own recipes, and loads them. Throws `SECURITY_PROFILE_INVALID`, and as `loadRecipes`. */
export function parseRecipes(value: JsonValue): Recipes {
  return loadRecipes(recipes(value, { code: "SECURITY_PROFILE_INVALID", path: "" }));
}

const step = record<RecipeStep>({
  tool: toolName,
  role: oneOf(CHAIN_ROLES),
  args: list(text({ min: 1, max: 4_096 }), ACTION_LIMITS.argsPerStep),
  input: oneOf(["none", "previous_output"]),
});

const recipes = list(
  record<CapabilityRecipe>({
    name: profileName,
    capability: oneOf(CAPABILITIES),
    actionType: oneOf(Object.keys(ACTION_TYPES) as ActionType[]),
    steps: list(step, ACTION_LIMITS.chain, 1),
  }),
  256,
);
