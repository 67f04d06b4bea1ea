import { actionContractErrors } from "../../actions/action-contract.ts";
import { probeRecipeErrors } from "../../actions/probe-recipe.ts";
import { lossGate, lossPenalty, semanticLoss } from "../../actions/semantic-loss.ts";
import { parseArguments } from "../../command/argv.ts";
import { flagField, recordOf } from "../../control/record-fields.ts";
import { isExactList, member, textMember } from "../exact-record.ts";
import { answered, type Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

const loss = recordOperation((input) => {
  const compiled = recordOf(member(input, "compiled"), "invalid_compiled_action");
  const policy = semanticLoss({
    strategy: textMember(compiled, "compiler_strategy") ?? "",
    reason: textMember(compiled, "normalization_reason") ?? "",
    actionType: textMember(compiled, "action_type") ?? "",
    taskFamily: (textMember(input, "task_family") ?? "").trim() || (textMember(compiled, "task_family") ?? ""),
    lossDetected: flagField(compiled, "semantic_loss_detected", false),
  });
  return { policy, gate: lossGate(policy), penalty: lossPenalty(policy) };
});

export const operations: Operations = {
  "action.semantic_loss": (input) => {
    const outcome = loss(input);
    const recipe =
      textMember(member(input, "compiled"), "compiler_strategy")?.trim().toLowerCase() === "recipe_lowering";
    return outcome.ok && recipe ? { ...outcome, stricter: 27 } : outcome;
  },
  "action.validate_probe_recipe": (input) => {
    const recipe = member(input, "probe_recipe");
    const value = probeRecipeErrors(textMember(input, "action_type") ?? "single_probe", recipe);
    return { ok: true, value, ...(member(recipe, "variant_count") === 0 && { stricter: 27 }) };
  },
  "action.validate_contract": (input) => {
    const spec = member(input, "spec") ?? null;
    const value = actionContractErrors(spec, parseArguments(member(input, "capabilities")));
    // The reference takes a step that says no role.
    const chain = member(spec, "tool_chain");
    const silent = isExactList(chain) && chain.some((step) => (member(step, "role") ?? "") === "");
    return silent ? { ok: true, value, stricter: 10 } : answered(value);
  },
};
