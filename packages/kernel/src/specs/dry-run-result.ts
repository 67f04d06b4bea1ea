import type { ExactJson } from "@writ/canon";
import { isExactRecord, member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { onRefusal } from "../on-refusal.ts";
import { checkApprovedSpec } from "./approved-spec.ts";

export interface PlannedRun {
  /** Absent for a direct action, which is only ever planned. */
  readonly approvedSpec?: ExactJson;
  readonly compiledAction: ExactRecord;
  readonly plannedCommands: readonly (readonly string[])[];
  readonly ticketGate?: ExactJson;
}

/** What a run that is not started answers (spec kernel.md §13.5). Throws `GOVERNANCE_RECORD_INVALID`. */
export function dryRunResult({ approvedSpec, compiledAction, plannedCommands, ticketGate }: PlannedRun): ExactRecord {
  const approved = approvedSpec !== undefined;
  const gate = givenGate(ticketGate) ?? (approved ? { status: "not_required" } : undefined);
  return {
    status: "dry-run",
    returncode: 0,
    stdout: "",
    stderr: "",
    reason: "dry_run_requested",
    compiled_action: approved ? compiledOf(approvedSpec) : compiledAction,
    planned_commands: plannedCommands,
    execution_source: approved ? "approved_execution_spec" : "legacy_direct_action_spec",
    ...(gate !== undefined && { execution_ticket_gate: gate }),
  };
}

/** An empty map says nothing of a gate. */
function givenGate(gate: ExactJson | undefined): ExactJson | undefined {
  return isExactRecord(gate) && Object.keys(gate).length === 0 ? undefined : gate;
}

/** The reference takes what calls itself an approved spec for one (§27 no. 4). */
function compiledOf(spec: ExactJson): ExactRecord {
  onRefusal(
    () => {
      checkApprovedSpec(spec);
    },
    ({ details }) => {
      throw recordRefusal(String(details["reason"]), 4);
    },
  );
  return {
    action_type: textOrEmpty(spec, "action_type"),
    capability: textOrEmpty(spec, "capability"),
    compiler_tool_choice: textOrEmpty(spec, "resolved_tool"),
    compiler_tool_choice_source: "approved_execution_spec",
    execution_mode: textOrEmpty(spec, "execution_mode"),
    semantic_loss_policy: member(member(spec, "compiler"), "semantic_loss_policy") ?? {},
  };
}
