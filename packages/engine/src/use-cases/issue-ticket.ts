import { issueTicket as makeTicket } from "@writ/kernel";
import type { JsonValue } from "@writ/canon";
import type { Ticket } from "@writ/kernel";

import type { Context } from "../context.ts";
import { engineError, forbidden } from "../errors.ts";
import { requireOneOf, requireUuid } from "../limits.ts";
import type { Caller } from "../port.ts";
import { planReady } from "../ready.ts";
import { requireProposer } from "../rights.ts";
import { goodApprovals } from "../requirements.ts";
import { isProposer, requireVisible, transition } from "../transition.ts";
import type { Plan } from "../transition.ts";
import { expiryOf } from "../views/action-record.ts";
import type { ActionRecord } from "../views/action-record.ts";

/** One ticket for one action: single-use, expiring, never longer than the approvals behind it. */
export async function issueTicket(
  context: Context,
  caller: Caller,
  id: string,
  options: { readonly mode: "dry" | "live" },
): Promise<Ticket> {
  requireProposer(caller);
  requireUuid("id", id);
  const mode = requireOneOf("mode", options.mode, ["dry", "live"]);
  const ticketId = context.journal.newId();
  const { record } = await transition(context, { tenant: caller.tenant, id }, (action) => {
    requireVisible(caller, action);
    const { record } = action;
    if (record.ticket?.id === ticketId) return undefined;
    if (!isProposer(caller, record) && caller.rights !== "operator") {
      throw forbidden("issue this ticket", "only the proposer and operators may");
    }
    if (record.ticket !== null) throw issuedAlready(record);
    if (mode === "live" && !record.live) throw liveNotRequested(record);
    return planReady(context, action) ?? planTicket(context, caller, record, { id: ticketId, mode });
  });
  if (record.ticket === null) throw issuedAlready(record);
  return record.ticket;
}

function planTicket(
  context: Context,
  caller: Caller,
  record: ActionRecord,
  { id, mode }: { readonly id: string; readonly mode: "dry" | "live" },
): Plan {
  const now = context.clock.now();
  const approvals = goodApprovals(record.hold?.approvals ?? [], now).map(({ entry }) => entry);
  const end = Math.min(now + context.lifetimes.ticket, expiryOf(record)?.ms ?? Number.POSITIVE_INFINITY);
  const ticket = makeTicket(
    { id, action_id: record.id, action_digest: record.digest, decision: record.decision.entry, approvals, mode },
    { now, lifeMs: end - now },
  );
  return {
    caller,
    once: [`action:${record.tenant}:${record.id}:ticket`],
    drafts: [
      {
        kind: "ticket.issued",
        refs: [
          { rel: "decision", id: record.decision.entry },
          ...approvals.map((approval) => ({ rel: "approval", id: approval })),
        ],
        data: { ticket: ticket as unknown as JsonValue },
      },
    ],
  };
}

function issuedAlready(record: ActionRecord) {
  return engineError({
    code: "TICKET_ISSUED",
    message: `action \`${record.id}\` has its ticket already`,
    reason: "one action runs once, under one ticket",
    next: "redeem that ticket, or propose the action again",
    details: { id: record.id, ticket: record.ticket?.id ?? null },
  });
}

function liveNotRequested(record: ActionRecord) {
  return engineError({
    code: "LIVE_NOT_REQUESTED",
    message: `action \`${record.id}\` was proposed as a dry run`,
    reason: "what was decided and approved did not include running it",
    next: "propose it again with `live`",
    details: { id: record.id },
  });
}
