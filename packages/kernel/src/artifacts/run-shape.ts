import type { ExactRecord } from "../compat/exact-record.ts";
import type { Contract, Receipt } from "../records.ts";

/** What an artifact says of a contract: where, with what, and its arguments. */
export interface RunShape {
  readonly target: string;
  readonly host: string;
  readonly tool: string;
  readonly args: readonly string[];
}

/** A process is its program and arguments on this machine; a statement is the tool that it names, without its words. */
export function shapeOf({ shape, action, resource }: Contract): RunShape {
  if (shape.kind === "statement")
    return {
      target: shape.target ?? `${resource.type}:${resource.id}`,
      host: "statement",
      tool: shape.tool ?? action,
      args: [],
    };
  const [tool = action, ...args] = shape.argv;
  return { target: shape.cwd, host: "localhost", tool, args };
}

/** Counts and times; whether there was network is what the scope let happen, when anything ran. */
export function executionOf(receipt: Receipt, { scope }: Contract): ExactRecord {
  const ran = receipt.mode === "live" && receipt.outcome !== "not_started";
  return {
    started_at: receipt.started_at,
    ended_at: receipt.ended_at,
    planned_command_count: 1,
    executed_command_count: ran ? 1 : 0,
    network_execution_performed: ran && scope.network !== "none",
    execution_source: "execution_ticket",
  };
}

/** How it ended: never what it printed. */
export function outcomeOf(receipt: Receipt): ExactRecord {
  return {
    status: STATUS[receipt.outcome],
    returncode: receipt.exit_code,
    reason: receipt.outcome,
    stdout_present: receipt.stdout.bytes > 0,
    stderr_present: receipt.stderr.bytes > 0,
  };
}

/** Outcomes in the words by which a lifecycle tells an execution from none. */
const STATUS: { readonly [Outcome in Receipt["outcome"]]: string } = {
  dry_run: "dry_run",
  succeeded: "completed",
  failed: "failed",
  timed_out: "failed",
  output_limit: "failed",
  interrupted: "failed",
  not_started: "not_executed",
  unfinished: "failed",
};
