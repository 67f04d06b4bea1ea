import { canonicalize, parseJson } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import { FIRST_FENCE, isCurrentFence, parseReceipt } from "@writ/kernel";
import type { Receipt } from "@writ/kernel";

import { actionView } from "../action-view.ts";
import type { Context } from "../context.ts";
import type { ActionView } from "../documents.ts";
import { engineError, forbidden } from "../errors.ts";
import { requireUuid, requireWhole } from "../limits.ts";
import type { Caller } from "../port.ts";
import { samePrincipal } from "../principal.ts";
import { requireProposer } from "../rights.ts";
import { findTicket } from "../tickets.ts";
import { transition } from "../transition.ts";
import type { Plan } from "../transition.ts";
import type { ActionRecord } from "../views/action-record.ts";

/** Records what happened, as the runner measured it. One receipt for each intent, under its current fencing number. */
export async function seal(
  context: Context,
  caller: Caller,
  options: { readonly ticketId: string; readonly fence: number; readonly receipt: unknown },
): Promise<ActionView> {
  requireProposer(caller);
  const ticketId = requireUuid("ticket_id", options.ticketId);
  const fence = requireWhole("fence", options.fence, FIRST_FENCE, Number.MAX_SAFE_INTEGER);
  const receipt = parseReceipt(detached(options.receipt));
  await context.refresh();
  const { record } = await findTicket(context, caller, ticketId);
  const action = await transition(context, { tenant: caller.tenant, id: record.id }, ({ record }) => {
    if (record.receipt?.id === receipt.id) return undefined;
    requireSealable(caller, record, { receipt, fence });
    return planReceipt(caller, record, { receipt, fence });
  });
  return actionView(action, context.rules.texts);
}

/** A plain copy of what came in: what is checked is what is stored. */
function detached(value: unknown): JsonValue {
  return parseJson(canonicalize(value as JsonValue));
}

function requireSealable(caller: Caller, record: ActionRecord, { receipt, fence }: Sealing): void {
  const { intent, ticket } = record;
  if (intent === null || ticket === null) throw refused(record);
  if (!isCurrentFence(fence, intent.fence)) throw stale(record, fence);
  if (record.state !== "running") throw refused(record);
  if (!samePrincipal(caller.principal, intent.by) && caller.rights !== "operator") {
    throw forbidden("seal this receipt", "only who redeemed the ticket, and operators, may");
  }
  const bound =
    receipt.ticket_id === ticket.id &&
    receipt.action_id === record.id &&
    receipt.action_digest === record.digest &&
    receipt.intent === intent.id &&
    receipt.mode === ticket.mode;
  if (!bound) throw unbound(record);
}

interface Sealing {
  readonly receipt: Receipt;
  /** The fencing number the receipt counts under. */
  readonly fence: number;
}

/** The entry of a receipt; also used where an operator settles a run that left none. */
export function planReceipt(caller: Caller, record: ActionRecord, { receipt, fence }: Sealing): Plan {
  const intent = record.intent!;
  return {
    caller,
    once: [`intent:${intent.id}:receipt`],
    drafts: [
      {
        kind: "execution.receipt",
        refs: [{ rel: "intent", id: intent.id }],
        data: { receipt: receipt as unknown as JsonValue, fence },
      },
    ],
  };
}

function refused({ id, state, receipt }: ActionRecord) {
  return engineError({
    code: "RECEIPT_REFUSED",
    message: `action \`${id}\` is \`${state}\` and takes no receipt`,
    reason: receipt === null ? "its ticket was not redeemed" : "one run has one receipt",
    next: "look at the action's state",
    details: { id, state },
  });
}

function stale({ id, intent }: ActionRecord, fence: number) {
  return engineError({
    code: "LEASE_STALE",
    message: `the run of action \`${id}\` is not held under fence \`${fence}\``,
    reason: "a runner whose run was taken over does not speak for it any more",
    next: "look at the action's receipt",
    details: { id, fence: intent?.fence ?? null },
  });
}

function unbound({ id }: ActionRecord) {
  return engineError({
    code: "RECEIPT_INVALID",
    message: `the receipt is not that of action \`${id}\``,
    reason: "ticket, action, digest, intent and mode are those of the redeemed ticket",
    next: "seal the receipt under its own ticket",
    details: { id },
  });
}
