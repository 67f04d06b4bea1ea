import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member } from "../compat/exact-record.ts";
import { requiredText } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** One command of a runner request (spec kernel.md §15). */
export interface RunnerStep {
  readonly index: number;
  readonly tool: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** Most steps of one request. */
const STEPS_MAX = 10_000;

/** Steps in their order; the reference runs dry what has none, or none with a tool (§27 no. 12). Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRunnerSteps(value: ExactJson | undefined): readonly RunnerStep[] {
  if (!isExactList(value) || value.length === 0) throw recordRefusal("missing_runner_steps", 12);
  if (value.length > STEPS_MAX) throw recordRefusal("too_many_runner_steps", 12);
  return value.map(parseStep);
}

function parseStep(value: ExactJson, position: number): RunnerStep {
  if (!isExactRecord(value)) throw recordRefusal("invalid_runner_step", 12);
  const index = member(value, "index") ?? position;
  if (typeof index !== "number" || !Number.isSafeInteger(index)) throw recordRefusal("invalid_runner_step", 11);
  const tool = requiredText(value, "tool", "missing_runner_step_tool", 12);
  const args = member(value, "args") ?? [];
  if (!isExactList(args) || !args.every((item) => typeof item === "string"))
    throw recordRefusal("invalid_runner_step_args", 12);
  const stdin = member(value, "stdin") ?? "";
  if (typeof stdin !== "string") throw recordRefusal("invalid_runner_step", 12);
  return { index, tool, args, stdin };
}
