import type { ExactJson } from "@writ/canon";
import { directHost, inputLines } from "../domain-scope/hosts.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { ActionSpec, AskedStep } from "./action-spec.ts";
import { ACTION_LIMITS } from "./action-types.ts";
import { renderArguments, type CapabilityRecipe } from "./recipes.ts";

/** One command of a plan. */
export interface PlannedStep extends AskedStep {
  /** `previous_output`: what the step before it wrote, which is not known until that has run. */
  readonly input: "given" | "previous_output";
}

/**
 * The commands an action comes to: the chain it asks for, with a probe before it when that begins with another tool;
 * else its recipe's; else one probe. Throws `GOVERNANCE_RECORD_INVALID` for a placeholder that nothing fills.
 */
export function planOf(spec: ActionSpec, recipe: CapabilityRecipe | undefined, tool: string): readonly PlannedStep[] {
  const probe: PlannedStep = { tool, role: "probe", args: spec.args, stdin: spec.stdin, input: "given" };
  if (spec.tool_chain.length > 0) {
    const chain = spec.tool_chain.map((step): PlannedStep => ({ ...step, tool: folded(step.tool), input: "given" }));
    return chain[0]?.tool === tool ? chain : [probe, ...chain];
  }
  if (recipe === undefined) return [probe];
  const values = {
    target: spec.target,
    target_host: directHost(spec.target),
    selected_tool: tool,
    capability: spec.capability,
  };
  return recipe.steps.map((step) => ({
    tool: step.tool,
    role: step.role,
    args: renderArguments(recipe.name, step.args, values),
    stdin: "",
    input: step.input === "none" ? "given" : step.input,
  }));
}

function folded(tool: string): string {
  return tool.trim().toLowerCase();
}

/** What of a compiled action makes a step of it an action. */
export type StepSource = Pick<ActionSpec, "action_type" | "capability" | "target" | "task_family"> & {
  readonly execution_plan: readonly PlannedStep[];
};

/**
 * One step as an action of its own, with the output it waits for, if it does. So a recipe is done: step by step, each gated,
 * prepared and approved with all its input in sight. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function stepAction(source: StepSource, index: number, output?: string): { readonly [key: string]: ExactJson } {
  const planned = source.execution_plan[index];
  if (planned === undefined) throw recordRefusal(`missing_plan_step:${String(index)}`, 16);
  const { tool, args, stdin } = output === undefined ? planned : withInput(planned, output);
  if (output === undefined && planned.input !== "given") throw recordRefusal(`missing_step_input:${String(index)}`, 16);
  const { action_type, capability, target, task_family } = source;
  return { action_type, capability, target, ...(task_family !== "" && { task_family }), tool, args, stdin };
}

/** A step that waited for another's output, with that output as its standard input. Throws `GOVERNANCE_RECORD_INVALID`. */
export function withInput(step: PlannedStep, output: string): PlannedStep {
  if (step.input !== "previous_output") throw recordRefusal("step_input_already_given", 16);
  if (output.includes("\0") || output.length > ACTION_LIMITS.stdinCharacters)
    throw recordRefusal("step_input_refused", 16);
  if (inputLines(output.trimEnd()).length > ACTION_LIMITS.stdinLines) throw recordRefusal("step_input_refused", 16);
  return { ...step, stdin: output, input: "given" };
}
