import type { Context } from "./context.ts";
import { engineError } from "./errors.ts";
import { expiredPart, planExpiry } from "./expiry.ts";
import { planChange } from "./redecide.ts";
import { settled } from "./errors.ts";
import { goodApprovals, progress } from "./requirements.ts";
import { contractOf } from "./transition.ts";
import type { Plan } from "./transition.ts";
import type { ActionRecord } from "./views/action-record.ts";
import { FINAL_STATES } from "./views/action-record.ts";
import type { StoredAction } from "./views/fold.ts";

/**
 * What must be written before an action may happen: its expiry, or today's decision where governance or policies
 * changed since the last one. Nothing is left to write when it is allowed or released, in time, and decided as of now.
 * Throws `ACTION_SETTLED` and `ACTION_NOT_RELEASED`.
 */
export function planReady(context: Context, action: StoredAction): Plan | undefined {
  const { record } = action;
  requireReady(record);
  const part = expiredPart(record, context.clock.now()) ?? lapsedPart(context, action);
  if (part !== undefined) return planExpiry(record, part);
  const change = planChange(context, action, true);
  return change === undefined ? undefined : { ...change, again: true };
}

/** A release ends with the first approval that its requirements cannot do without, though others live on. */
function lapsedPart(context: Context, action: StoredAction): "approval" | undefined {
  const { state, hold, decision } = action.record;
  if (state !== "released" || hold === null || decision.holds.length === 0) return undefined;
  const good = goodApprovals(hold.approvals, context.clock.now());
  const { satisfied } = progress(decision.holds, good, contractOf(action).contract.on_behalf_of);
  return satisfied ? undefined : "approval";
}

export function requireReady(record: ActionRecord): void {
  const { id, state } = record;
  if (state === "open" || state === "released") return;
  if (state === "running" || (FINAL_STATES.has(state) && state !== "denied" && state !== "not_evaluated")) {
    throw settled(id, state);
  }
  throw engineError({
    code: "ACTION_NOT_RELEASED",
    message: `action \`${id}\` is \`${state}\``,
    reason: "only what was allowed or released may happen",
    next: state === "held" ? "wait until an operator has approved it" : "do something else",
    details: { id, state },
  });
}
