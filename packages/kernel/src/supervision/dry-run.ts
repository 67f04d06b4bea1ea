import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member } from "../compat/exact-record.ts";
import { flagField, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

export interface RunnerStep {
  readonly index: number;
  readonly tool: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

export interface StepResult {
  readonly index: number;
  readonly status: "dry-run" | "blocked";
  readonly returncode: 0;
  readonly stdout: "";
  readonly stderr: "";
  readonly reason_code: string;
}

/** What the dry-run runner answers (spec kernel.md §15): it never executes. */
export interface DryRunReceipt {
  readonly status: "dry-run" | "blocked";
  readonly request_id: string;
  readonly source: string;
  readonly schema_version: "v0.1";
  readonly reason_code: string;
  readonly step_results: readonly StepResult[];
  readonly control_decisions: readonly object[];
}

/** Answers a runner request without running it. Throws `GOVERNANCE_RECORD_INVALID`. */
export function dryRun(value: ExactJson): DryRunReceipt {
  const record = recordOf(value, "invalid_runner_request");
  const steps = parseRunnerSteps(member(record, "steps"));
  // Absence never means a live run, and a live run is never what this runner does.
  const asked = flagField(record, "dry_run", true);
  const [status, reason] = asked ? (["dry-run", "dry_run_requested"] as const) : (["blocked", LIVE] as const);
  return {
    status,
    request_id: textField(record, "request_id", "approved-spec-request"),
    source: textField(record, "source", "approved_execution_spec"),
    schema_version: "v0.1",
    reason_code: reason,
    step_results: steps.map(({ index }) => ({
      index,
      status,
      returncode: 0,
      stdout: "",
      stderr: "",
      reason_code: reason,
    })),
    control_decisions: asked ? [] : [{ status: "blocked", reason_code: LIVE, non_claim: NON_CLAIM }],
  };
}

const LIVE = "live_backend_disabled";
const NON_CLAIM = "DryRunRunner never executes live requests";
const STEPS_MAX = 10_000;

/** Steps in their order. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRunnerSteps(value: ExactJson | undefined): readonly RunnerStep[] {
  if (!isExactList(value) || value.length === 0) throw recordRefusal("missing_runner_steps");
  if (value.length > STEPS_MAX) throw recordRefusal("too_many_runner_steps", 12);
  return value.map(parseStep);
}

function parseStep(value: ExactJson, position: number): RunnerStep {
  if (!isExactRecord(value)) throw recordRefusal("invalid_runner_step");
  const index = member(value, "index") ?? position;
  if (typeof index !== "number" || !Number.isSafeInteger(index)) throw recordRefusal("invalid_runner_step");
  const tool = requiredText(value, "tool", "missing_runner_step_tool");
  const args = member(value, "args") ?? [];
  if (!isExactList(args) || !args.every((item) => typeof item === "string"))
    throw recordRefusal("invalid_runner_step_args");
  const stdin = member(value, "stdin") ?? "";
  if (typeof stdin !== "string") throw recordRefusal("invalid_runner_step");
  return { index, tool, args, stdin };
}
