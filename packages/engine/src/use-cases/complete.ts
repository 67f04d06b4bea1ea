import { actionView } from "../action-view.ts";
import type { Context } from "../context.ts";
import type { ActionView } from "../documents.ts";
import { engineError, forbidden } from "../errors.ts";
import { NOTE_MAX, optionalText, requireOneOf, requireUuid } from "../limits.ts";
import type { Caller } from "../port.ts";
import { planReady } from "../ready.ts";
import { requireProposer } from "../rights.ts";
import { isProposer, requireVisible, transition } from "../transition.ts";
import type { Plan } from "../transition.ts";
import type { ActionRecord } from "../views/action-record.ts";

export interface Claim {
  readonly outcome: "done" | "failed";
  readonly detail?: string;
}

/** The proposer's word that it carried the action out. It is recorded as a claim; nothing was measured. */
export async function complete(context: Context, caller: Caller, id: string, claim: Claim): Promise<ActionView> {
  requireProposer(caller);
  requireUuid("id", id);
  const outcome = requireOneOf("outcome", claim.outcome, ["done", "failed"]);
  const detail = optionalText("detail", claim.detail, NOTE_MAX);
  const action = await transition(context, { tenant: caller.tenant, id }, (action) => {
    requireVisible(caller, action);
    const { record } = action;
    if (!isProposer(caller, record)) throw forbidden("complete this action", "only its proposer reports on it");
    const before = planReady(context, action);
    if (before !== undefined) return before;
    if (record.ticket !== null) throw ticketed(record);
    return planClaim(caller, record, outcome, detail);
  });
  return actionView(action, context.rules.texts);
}

function planClaim(caller: Caller, record: ActionRecord, outcome: Claim["outcome"], detail: string | undefined): Plan {
  return {
    caller,
    once: [`action:${record.tenant}:${record.id}:completed`],
    drafts: [
      {
        kind: "x.action.completed",
        refs: [{ rel: "decision", id: record.decision.entry }],
        data: { action_id: record.id, action_digest: record.digest, outcome },
        ...(detail !== undefined && { private: { detail } }),
      },
    ],
  };
}

function ticketed(record: ActionRecord) {
  return engineError({
    code: "TICKET_ISSUED",
    message: `action \`${record.id}\` has a ticket`,
    reason: "what runs under a ticket is settled by its receipt, not by a claim",
    next: "redeem the ticket, or let it expire",
    details: { id: record.id },
  });
}
