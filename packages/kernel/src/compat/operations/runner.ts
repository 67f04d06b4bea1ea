import type { ExactJson } from "@writ/canon";
import { evaluateGateSummary, type GateSummary, type GateSummaryResult } from "../../admission/gate-summary.ts";
import { flagField, mapField, recordOf } from "../../control/record-fields.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { dryRun } from "../../supervision/dry-run.ts";
import { member, type ExactRecord } from "../exact-record.ts";
import { answeredStricter, type Operation, type Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "execution.gate": gate,
  "runner.dry_run": recordOperation(dryRun),
};

/** A profile that does not say it is allowed is not (§27 no. 11), and only missing steps are named (no. 26). */
function gate(input: ExactJson): ReturnType<Operation> {
  const outcome = answer(input);
  if (!outcome.ok) return outcome;
  const [given, reference] = [summaryOf(input, false), summaryOf(input, true)];
  if (given.runnerAllowed !== reference.runnerAllowed)
    return answeredStricter(outcome.value, 11, Object.keys(resultOf(given)));
  return given.runnerAllowed && resultOf(given).allowed
    ? outcome
    : answeredStricter(outcome.value, 26, ["next_actions"]);
}

const answer = recordOperation((input) => resultOf(summaryOf(input, false)));

function resultOf(given: GateSummary): GateSummaryResult & { readonly status: string; readonly from_state: string } {
  const result = evaluateGateSummary(given);
  return { ...result, status: result.allowed ? "allowed" : "blocked", from_state: "execution_gated" };
}

/** A summary as the reference's gate input has it. Words are compared as they stand. */
function summaryOf(input: ExactJson, runnerAllowed: boolean): GateSummary {
  const record = recordOf(input, "invalid_execution_gate_input");
  const given = mapField(record, "gate_input", "invalid_execution_gate_input");
  const profile = mapField(given, "runner_profile", "invalid_runner_profile");
  return {
    contractPrepared: flagField(given, "has_prepared_execution_contract", false),
    policy: word(given, "policy_decision_status"),
    ticket: word(given, "execution_ticket_status"),
    trust: word(given, "trust_decision_status"),
    runnerAllowed: flagField(profile, "allowed", runnerAllowed),
    liveBackendEnabled: flagField(profile, "live_backend_enabled", false),
    live: flagField(record, "live", false),
    runtimeConsumable: flagField(given, "runtime_consumable_bundle", false),
    guard: word(given, "guarded_bundle_status"),
    replay: word(given, "replay_status"),
  };
}

function word(source: ExactRecord, key: string): string {
  const said = member(source, key) ?? "missing";
  if (typeof said !== "string") throw recordRefusal(`invalid_text_field:${key}`, 12);
  return said;
}
