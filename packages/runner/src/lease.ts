import { checkLease, contractDigest, type LeaseRefusal } from "@writ/kernel";
import type { Execution } from "./execution.ts";
import type { Blocked } from "./refusal.ts";

/**
 * Whether this runner still holds the run, asked of the log right before anything starts; null when it does. Nobody
 * who can say counts as no: of two runners at most the one with the highest fence may start.
 */
export async function leaseProblem(execution: Execution, now: () => number): Promise<Blocked | null> {
  const { lease, ticket, contract, intent } = execution;
  const currentFence = await execution.currentFence().catch(() => null);
  const verdict = checkLease(lease, {
    intent,
    ticketId: ticket.id,
    actionId: ticket.action_id,
    actionDigest: contractDigest(contract),
    currentFence,
    now: now(),
  });
  if (verdict.ok) return null;
  const unknown = verdict.refusal === "stale" && currentFence === null;
  return {
    code: "RUNNER_LEASE_STALE",
    reason: unknown ? "the current fencing number of the run could not be learned" : REASONS[verdict.refusal],
    next: "look at the action, and propose it again if it should still happen",
  };
}

const REASONS: { readonly [Refusal in LeaseRefusal]: string } = {
  other_run: "the lease is for another run",
  stale: "somebody else has taken the run over",
  not_yet_valid: "the lease begins later",
  expired: "the lease has expired",
};
