import { parseArguments } from "../../command/argv.ts";
import { recordOf } from "../../control/record-fields.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { approvedSteps } from "../../specs/approved-spec.ts";
import { dryRunResult } from "../../specs/dry-run-result.ts";
import { isExactList, member } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "approved_spec.steps": recordOperation(approvedSteps),
  "runner.dry_run_result": recordOperation((input) => {
    const commands = member(input, "planned_commands") ?? [];
    if (!isExactList(commands)) throw recordRefusal("invalid_planned_commands", 12);
    const spec = member(input, "approved_execution_spec") ?? undefined;
    const compiled = recordOf(member(input, "compiled_action") ?? {}, "invalid_compiled_action");
    const gate = member(input, "execution_ticket_gate") ?? undefined;
    return dryRunResult({
      ...(spec !== undefined && { approvedSpec: spec }),
      compiledAction: compiled,
      plannedCommands: commands.map(parseArguments),
      ...(gate !== undefined && { ticketGate: gate }),
    });
  }),
};
