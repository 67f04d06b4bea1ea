import {
  blockedReason,
  missingLinks,
  missingSteps,
  type BlockedReason,
  type Blocker,
  type LinkChecks,
} from "../precondition-links.ts";

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
  readonly reason_code: BlockedReason | "ok";
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

/** All missing links in the reference's order. */
export function evaluateGateSummary(given: GateSummary): GateSummaryResult {
  const blockers = missingLinks(CHECKS, given);
  const isReplayed = given.runtimeConsumable && given.replay === "replayed";
  return {
    allowed: blockers.length === 0,
    reason_code: blockers.length === 0 ? "ok" : blockedReason(blockers, isReplayed),
    to_state: given.live ? "runner_allowed_live" : "runner_allowed_dry_run",
    blockers,
    next_actions: missingSteps(blockers),
  };
}

const CHECKS: LinkChecks<GateSummary> = {
  missing_prepared_execution_contract: ({ contractPrepared }) => contractPrepared,
  missing_or_invalid_policy_decision: ({ policy }) => POLICY_PASSES.has(policy),
  missing_or_invalid_execution_ticket: ({ ticket }) => TICKET_PASSES.has(ticket),
  missing_or_invalid_trust_decision: ({ trust }) => TRUST_PASSES.has(trust),
  runner_profile_not_allowed: ({ runnerAllowed }) => runnerAllowed,
  live_backend_disabled: ({ live, liveBackendEnabled }) => !live || liveBackendEnabled,
  missing_or_invalid_kernel_guard: ({ runtimeConsumable, guard }) => !runtimeConsumable || GUARD_PASSES.has(guard),
  missing_or_replayed_guarded_root: ({ runtimeConsumable, replay }) => !runtimeConsumable || replay === "fresh",
};
