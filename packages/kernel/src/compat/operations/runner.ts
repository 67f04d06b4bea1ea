import type { ExactJson } from "@writ/canon";
import { evaluateGateSummary } from "../../admission/gate-summary.ts";
import { flag } from "../../admission/signal-status.ts";
import { dryRun } from "../../supervision/dry-run.ts";
import { isExactRecord, member, textMember, type ExactRecord } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

const gate = recordOperation((input) => {
  const given = recordOf(member(input, "gate_input"));
  const profile = recordOf(member(given, "runner_profile"));
  const { allowed, ...result } = evaluateGateSummary({
    contractPrepared: flag(given, "has_prepared_execution_contract") ?? false,
    policy: textMember(given, "policy_decision_status") ?? "missing",
    ticket: textMember(given, "execution_ticket_status") ?? "missing",
    trust: textMember(given, "trust_decision_status") ?? "missing",
    runnerAllowed: flag(profile, "allowed") ?? false,
    liveBackendEnabled: flag(profile, "live_backend_enabled") ?? false,
    live: flag(recordOf(input), "live") ?? false,
    runtimeConsumable: flag(given, "runtime_consumable_bundle") ?? false,
    guard: textMember(given, "guarded_bundle_status") ?? "missing",
    replay: textMember(given, "replay_status") ?? "missing",
  });
  return { ...result, status: allowed ? "allowed" : "blocked", allowed, from_state: "execution_gated" };
});

export const operations: Operations = {
  "execution.gate": (input) => {
    const outcome = gate(input);
    return outcome.ok && member(outcome.value, "allowed") === false ? { ...outcome, stricter: 26 } : outcome;
  },
  "runner.dry_run": recordOperation(dryRun),
};

function recordOf(value: ExactJson | undefined): ExactRecord {
  return isExactRecord(value) ? value : {};
}
