import type { Blocker } from "../precondition-chain.ts";

/** What an imported summary says of the links of spec kernel.md §14; the product's own gate takes the artifacts. */
export interface GateSummary {
  readonly contractPrepared: boolean;
  readonly policy: string;
  readonly ticket: string;
  readonly trust: string;
  readonly runnerAllowed: boolean;
  readonly liveBackendEnabled: boolean;
  readonly live: boolean;
  readonly runtimeConsumable: boolean;
  readonly guard: string;
  readonly replay: string;
}

export interface GateSummaryResult {
  readonly allowed: boolean;
  readonly reason_code: string;
  readonly to_state: "runner_allowed_live" | "runner_allowed_dry_run";
  readonly blockers: readonly Blocker[];
  /** Only the steps that are missing (§27 no. 26). */
  readonly next_actions: readonly string[];
}

export const POLICY_PASSES: ReadonlySet<string> = new Set(["allow", "allowed", "passed", "ok"]);
export const TICKET_PASSES: ReadonlySet<string> = new Set([
  "approve",
  "approved",
  "approved_for_dry_run",
  "passed",
  "ok",
]);
export const TRUST_PASSES: ReadonlySet<string> = new Set(["trusted", "passed", "ok"]);
export const GUARD_PASSES: ReadonlySet<string> = new Set(["passed", "ok", "allowed"]);

export const GATE_ACTION: { readonly [B in Blocker]: string } = {
  missing_prepared_execution_contract: "prepare_execution_contract",
  missing_or_invalid_policy_decision: "obtain_policy_decision",
  missing_or_invalid_execution_ticket: "approve_execution_ticket",
  missing_or_invalid_trust_decision: "verify_trust_decision",
  runner_profile_not_allowed: "select_allowed_runner_profile",
  live_backend_disabled: "select_allowed_runner_profile",
  missing_or_invalid_kernel_guard: "verify_guarded_strict_bundle",
  missing_or_replayed_guarded_root: "record_guard_replay_freshness",
};

/** All missing links in the reference's order. */
export function evaluateGateSummary(given: GateSummary): GateSummaryResult {
  const blockers = LINKS.filter(([, holds]) => !holds(given)).map(([blocker]) => blocker);
  return {
    allowed: blockers.length === 0,
    reason_code: reasonOf(blockers, given.replay),
    to_state: given.live ? "runner_allowed_live" : "runner_allowed_dry_run",
    blockers,
    next_actions: [...new Set(blockers.map((blocker) => GATE_ACTION[blocker]))],
  };
}

const LINKS: readonly (readonly [Blocker, (given: GateSummary) => boolean])[] = [
  ["missing_prepared_execution_contract", ({ contractPrepared }) => contractPrepared],
  ["missing_or_invalid_policy_decision", ({ policy }) => POLICY_PASSES.has(policy)],
  ["missing_or_invalid_execution_ticket", ({ ticket }) => TICKET_PASSES.has(ticket)],
  ["missing_or_invalid_trust_decision", ({ trust }) => TRUST_PASSES.has(trust)],
  ["runner_profile_not_allowed", ({ runnerAllowed }) => runnerAllowed],
  ["live_backend_disabled", ({ live, liveBackendEnabled }) => !live || liveBackendEnabled],
  ["missing_or_invalid_kernel_guard", ({ runtimeConsumable, guard }) => !runtimeConsumable || GUARD_PASSES.has(guard)],
  ["missing_or_replayed_guarded_root", ({ runtimeConsumable, replay }) => !runtimeConsumable || replay === "fresh"],
];

function reasonOf(blockers: readonly Blocker[], replay: string): string {
  if (blockers.length === 0) return "ok";
  const guarded = blockers.some((blocker) => blocker.endsWith("_kernel_guard") || blocker.endsWith("_guarded_root"));
  if (guarded) return replay === "replayed" ? "replay_detected" : "kernel_guard_required";
  return blockers.includes("live_backend_disabled") ? "execution_disabled" : "raw_intent_rejected";
}
