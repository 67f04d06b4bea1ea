import { freshness, guardHolds, type BundleEvidence } from "./bundle-evidence.ts";
import { contractDigest } from "./contract.ts";
import {
  blockedReason,
  missingLinks,
  missingSteps,
  type BlockedReason,
  type Blocker,
  type LinkChecks,
} from "./precondition-links.ts";
import type { Contract, PrincipalRef, Ticket } from "./records.ts";
import { checkTicket } from "./ticket.ts";

/**
 * What a runner must be shown before it starts anything (spec kernel.md §14). Each link is an artifact that is
 * checked here; a word that says "checked" is not an input. `null` is a missing artifact.
 */
export interface Preconditions {
  readonly contract: Contract | null;
  readonly decision: DecisionEvidence | null;
  readonly ticket: Ticket | null;
  readonly trust: TrustEvidence | null;
  readonly profile: RunnerProfile;
  /** Present when the run consumes a bundle of artifacts; then links 7 and 8 must hold too. */
  readonly bundle?: BundleEvidence;
  /** Whether a live run is asked for. */
  readonly live: boolean;
  /** UTC milliseconds. */
  readonly now: number;
}

/** The recorded decision that allows or released the action. */
export interface DecisionEvidence {
  /** Entry id of the decision, as the ticket names it. */
  readonly entry: string;
  readonly actionDigest: string;
  readonly outcome: "allow" | "hold" | "deny" | "not_evaluated";
}

/** The durable facts behind the ticket: its entries are in the log, and it was spent for this run and for no other. */
export interface TrustEvidence {
  /** Index of `ticket.issued`. */
  readonly issued: number;
  /** Index of the `execution.intent` that spent the ticket for this very run. */
  readonly intent: number;
  readonly ticketId: string;
  readonly proposer: PrincipalRef;
}

export interface RunnerProfile {
  readonly name: string;
  readonly allowed: boolean;
  /** True when a sandbox was tried and works. */
  readonly liveBackendEnabled: boolean;
}

export type { Blocker } from "./precondition-links.ts";

export type GateResult =
  | { readonly allowed: true; readonly to: "runner_allowed_live" | "runner_allowed_dry_run" }
  | {
      readonly allowed: false;
      readonly reason: BlockedReason;
      readonly blockers: readonly Blocker[];
      /** Only the steps that are actually missing (spec kernel.md §27 no. 26). */
      readonly nextActions: readonly string[];
    };

/**
 * Checks every link and reports all that are missing, in order. Of several reasons the first of this order is given:
 * `replay_detected`, `kernel_guard_required`, `execution_disabled`, `raw_intent_rejected`.
 */
export function evaluatePreconditions(given: Preconditions): GateResult {
  const blockers = missingLinks(CHECKS, given);
  if (blockers.length === 0)
    return { allowed: true, to: given.live ? "runner_allowed_live" : "runner_allowed_dry_run" };
  return {
    allowed: false,
    reason: blockedReason(blockers, isReplayed(given)),
    blockers,
    nextActions: missingSteps(blockers),
  };
}

const CHECKS: LinkChecks<Preconditions> = {
  missing_prepared_execution_contract: ({ contract }) => contract !== null,
  missing_or_invalid_policy_decision: decisionHolds,
  missing_or_invalid_execution_ticket: ticketHolds,
  missing_or_invalid_trust_decision: trustHolds,
  runner_profile_not_allowed: ({ profile }) => profile.allowed,
  live_backend_disabled: ({ live, profile }) => !live || profile.liveBackendEnabled,
  missing_or_invalid_kernel_guard: ({ bundle }) => bundle === undefined || guardHolds(bundle),
  missing_or_replayed_guarded_root: ({ bundle, trust }) =>
    bundle === undefined || (trust !== null && freshness(bundle, trust.intent) === "fresh"),
};

function isReplayed({ bundle, trust }: Preconditions): boolean {
  return bundle !== undefined && trust !== null && freshness(bundle, trust.intent) === "replayed";
}

function decisionHolds({ contract, decision }: Preconditions): boolean {
  return (
    contract !== null &&
    decision !== null &&
    decision.outcome === "allow" &&
    decision.actionDigest === contractDigest(contract)
  );
}

function ticketHolds({ contract, decision, ticket, live, now }: Preconditions): boolean {
  if (contract === null || ticket === null || decision === null) return false;
  const use = { actionId: ticket.action_id, contractDigest: contractDigest(contract), now, spent: false };
  return checkTicket(ticket, use).ok && ticket.decision === decision.entry && (ticket.mode === "live") === live;
}

function trustHolds({ ticket, trust }: Preconditions): boolean {
  return (
    ticket !== null &&
    trust !== null &&
    trust.ticketId === ticket.id &&
    trust.issued >= 0 &&
    trust.intent > trust.issued
  );
}
