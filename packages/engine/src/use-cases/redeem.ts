import { formatInstant, parseInstant } from "@writ/canon";
import { checkTicket, FIRST_FENCE, grantLease } from "@writ/kernel";

import type { Context } from "../context.ts";
import type { RedeemedTicket } from "../documents.ts";
import { digestMismatch, engineError, forbidden, settled } from "../errors.ts";
import { requireDigest, requireUuid } from "../limits.ts";
import type { Caller } from "../port.ts";
import { planReady } from "../ready.ts";
import { requireProposer } from "../rights.ts";
import { findTicket } from "../tickets.ts";
import { contractOf, isProposer, transition } from "../transition.ts";
import type { Plan } from "../transition.ts";
import type { ActionRecord } from "../views/action-record.ts";
import type { StoredAction } from "../views/fold.ts";

/** How long after its own time limit a run may take to hand in its receipt. */
const RECEIPT_GRACE_MS = 30_000;

/**
 * Spends a ticket. INVARIANT: `ticket.spent` and `execution.intent` are durable, in one group and under the ticket's
 * guard, before this answers; so nothing starts that is not on record, and nothing starts twice.
 */
export async function redeem(
  context: Context,
  caller: Caller,
  options: { readonly ticketId: string; readonly actionDigest: string },
): Promise<RedeemedTicket> {
  requireProposer(caller);
  const ticketId = requireUuid("ticket_id", options.ticketId);
  const digest = requireDigest("action_digest", options.actionDigest);
  await context.refresh();
  const { record } = await findTicket(context, caller, ticketId);
  const intent = context.journal.newId();
  const action = await transition(context, { tenant: caller.tenant, id: record.id }, (action) => {
    if (action.record.intent?.id === intent) return undefined;
    if (!isProposer(caller, action.record) && caller.rights !== "operator") {
      throw forbidden("redeem this ticket", "only the proposer and operators may");
    }
    requireRedeemable(context, action.record, digest);
    return planReady(context, action) ?? planIntent(context, caller, action, intent);
  });
  return redeemed(action);
}

/** The order of kernel's `checkTicket`, which is asked for the verdict. */
function requireRedeemable(context: Context, record: ActionRecord, digest: string): void {
  const { ticket } = record;
  if (ticket === null) throw settled(record.id, record.state);
  if (digest !== record.digest) throw digestMismatch(record.id, record.digest, digest);
  const use = { actionId: record.id, contractDigest: digest, now: context.clock.now(), spent: record.intent !== null };
  const verdict = checkTicket(ticket, use);
  if (!verdict.ok && verdict.refusal !== "expired") throw spent(record);
  if (record.state === "expired" && record.end_reason === "ticket") throw expired(record);
}

function planIntent(context: Context, caller: Caller, action: StoredAction, intent: string): Plan {
  const { record } = action;
  const { contract } = contractOf(action);
  const ticket = record.ticket!;
  const deadline = formatInstant(context.clock.now() + contract.limits.time_ms + RECEIPT_GRACE_MS);
  const named = { ticket_id: ticket.id, action_id: record.id, action_digest: record.digest };
  const issued = record.entries.find(({ kind }) => kind === "ticket.issued");
  const refs = [
    { rel: "decision", id: ticket.decision },
    ...(issued === undefined ? [] : [{ rel: "ticket", id: issued.id }]),
  ];
  return {
    caller,
    once: [`ticket:${ticket.id}:spent`],
    drafts: [
      { kind: "ticket.spent", refs, data: named },
      {
        kind: "execution.intent",
        id: intent,
        refs,
        data: { ...named, mode: ticket.mode, deadline, fence: FIRST_FENCE },
      },
    ],
  };
}

function redeemed(action: StoredAction): RedeemedTicket {
  const [ticket, intent] = [action.record.ticket!, action.record.intent!];
  const named = { ticket_id: ticket.id, action_id: action.record.id, action_digest: action.record.digest };
  const lease = grantLease(
    { id: intent.id, ...named, holder: intent.by, fence: intent.fence },
    { now: parseInstant(intent.at), expiresAt: parseInstant(intent.deadline) },
  );
  return { ticket, contract: contractOf(action).contract, intent: intent.id, deadline: intent.deadline, lease };
}

function spent({ ticket, intent }: ActionRecord) {
  return engineError({
    code: "TICKET_SPENT",
    message: `ticket \`${ticket?.id ?? ""}\` was redeemed`,
    reason: "a ticket is for one run",
    next: "propose the action again",
    details: { ticket: ticket?.id ?? null, intent: intent?.id ?? null },
  });
}

function expired({ ticket }: ActionRecord) {
  return engineError({
    code: "TICKET_EXPIRED",
    message: `ticket \`${ticket?.id ?? ""}\` has expired`,
    reason: "a ticket is good for a stated time",
    next: "propose the action again",
    details: { ticket: ticket?.id ?? null },
  });
}
