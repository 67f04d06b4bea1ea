import type { ExactJson } from "@writ/canon";
import { actionContractFaults } from "../../actions/action-contract.ts";
import { codesOf, type Fault } from "../../actions/fault.ts";
import { probeRecipeFaults } from "../../actions/probe-recipe.ts";
import { lossGate, lossPenalty, semanticLoss } from "../../actions/semantic-loss.ts";
import { parseArguments } from "../../command/argv.ts";
import { flagField, recordOf, textField, writtenText } from "../../control/record-fields.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { isExactRecord, member, memberOrNull } from "../exact-record.ts";
import type { Operations, Outcome } from "./operation.ts";
import { attempted } from "./record-operation.ts";

export const operations: Operations = {
  "action.semantic_loss": (input) => attempted(() => loss(input)),
  "action.validate_probe_recipe": (input) =>
    attempted(() => {
      const asked = recordOf(input, "invalid_action");
      return told(probeRecipeFaults(textField(asked, "action_type", "single_probe"), member(asked, "probe_recipe")));
    }),
  "action.validate_contract": (input) =>
    attempted(() =>
      told(actionContractFaults(memberOrNull(input, "spec"), parseArguments(member(input, "capabilities")))),
    ),
};

function loss(input: ExactJson): Outcome {
  const compiled = member(input, "compiled") ?? {};
  if (!isExactRecord(compiled)) throw recordRefusal("invalid_compiled_action", 12);
  const meaning = {
    strategy: textField(compiled, "compiler_strategy"),
    reason: textField(compiled, "normalization_reason"),
    actionType: textField(compiled, "action_type"),
    taskFamily: writtenText(recordOf(input, "invalid_action"), "task_family", writtenText(compiled, "task_family")),
    lossDetected: flagField(compiled, "semantic_loss_detected", false),
  };
  const policy = semanticLoss(meaning);
  const value = { policy: { ...policy }, gate: { ...lossGate(policy) }, penalty: lossPenalty(policy) };
  // The reference takes a recipe's lowering for no loss.
  const recipe = !meaning.lossDetected && meaning.strategy.toLowerCase() === "recipe_lowering";
  return { ok: true, value, ...(recipe && { stricter: 27 }) };
}

/** The faults, and the rule of the first that the reference does not find. */
function told(faults: readonly Fault[]): Outcome {
  const rule = faults.find((found) => found.rule !== undefined)?.rule;
  return { ok: true, value: codesOf(faults), ...(rule !== undefined && { stricter: rule }) };
}
