import type { ActionSpec } from "./action-spec.ts";
import type { COMPILER_STRATEGIES } from "./semantic-loss.ts";

export type CompilerStrategy = (typeof COMPILER_STRATEGIES)[number];

export interface Lowering {
  readonly strategy: CompilerStrategy;
  readonly reason: string;
  readonly lossDetected: boolean;
}

/** How an action's kind is brought down to commands (spec kernel.md §11.6). */
export function loweringOf({
  action_type: type,
  recipe_name: recipe,
  probe_recipe: { comparison_mode: mode },
}: ActionSpec): Lowering {
  const reason = recipe === "" ? "" : `recipe:${recipe}`;
  const lowered = (strategy: CompilerStrategy): Lowering => ({ strategy, reason, lossDetected: false });
  switch (type) {
    case "single_probe":
      return lowered(recipe === "" ? "passthrough" : "recipe_lowering");
    case "enumeration_probe":
      return lowered("enumeration_lowering");
    case "differential_probe":
      return { ...lowered("differential_lowering"), reason: `comparison_mode:${mode || "header_status"}` };
    case "confirmatory_probe":
      return lowered("confirmatory_lowering");
    case "variant_probe":
      return lowered("variant_lowering");
    case "state_transition_probe":
      return lowered("state_transition_lowering");
    case "fingerprint_probe":
      return { strategy: "passthrough", reason: "fingerprint_probe_lowered_to_single_probe", lossDetected: true };
  }
}

/** How many commands the action stands for. */
export function variantCount({ action_type: type, probe_recipe: recipe }: ActionSpec): number {
  return type === "state_transition_probe" ? recipe.sequence_steps.length : recipe.variant_count;
}
