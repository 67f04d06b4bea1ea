import { canonicalize, formatInstant, parseInstant, sha256Hex, type JsonValue } from "@writ/canon";
import { instant, list, oneOf, record, refuse, sha256, uuid } from "./fields.ts";
import type { Ticket } from "./records.ts";

/** Reads a ticket strictly. @throws WritError `TICKET_INVALID`. */
export function parseTicket(value: JsonValue): Ticket {
  const at = { code: "TICKET_INVALID", path: "" } as const;
  const ticket = readTicket(value, at);
  if (parseInstant(ticket.expires_at) <= parseInstant(ticket.issued_at))
    throw refuse(at, "expires before it is issued");
  if (new Set(ticket.approvals).size !== ticket.approvals.length) throw refuse(at, "spends one approval twice");
  return ticket;
}

/** SHA-256 of the ticket's RFC 8785 bytes, 64 lower-case hex digits. */
export function ticketDigest(ticket: Ticket): string {
  return sha256Hex(canonicalize(ticket as unknown as JsonValue));
}

const readTicket = record<Ticket>({
  schema: oneOf(["writ.ticket.v1"]),
  id: uuid,
  action_id: uuid,
  action_digest: sha256,
  decision: uuid,
  approvals: list(uuid, 64),
  mode: oneOf(["dry", "live"]),
  issued_at: instant,
  expires_at: instant,
});

/** Makes a ticket; `lifeMs` is how long it may be redeemed, from `now` in UTC milliseconds. @throws WritError `TICKET_INVALID`. */
export function issueTicket(
  fields: Pick<Ticket, "id" | "action_id" | "action_digest" | "decision" | "approvals" | "mode">,
  { now, lifeMs }: { readonly now: number; readonly lifeMs: number },
): Ticket {
  return parseTicket({
    schema: "writ.ticket.v1",
    ...fields,
    issued_at: formatInstant(now),
    expires_at: formatInstant(now + lifeMs),
  });
}

/** Why a ticket does not authorise, in the order it is checked: the first that applies is told. */
export type TicketRefusal = "other_action" | "other_digest" | "spent" | "not_yet_valid" | "expired";

/** Whether a ticket authorises exactly this contract now. `spent` comes from the log's guard, never from the ticket. */
export function checkTicket(
  ticket: Ticket,
  use: { readonly actionId: string; readonly contractDigest: string; readonly now: number; readonly spent: boolean },
): { readonly ok: true } | { readonly ok: false; readonly refusal: TicketRefusal } {
  if (ticket.action_id !== use.actionId) return refused("other_action");
  if (ticket.action_digest !== use.contractDigest) return refused("other_digest");
  if (use.spent) return refused("spent");
  if (use.now < parseInstant(ticket.issued_at)) return refused("not_yet_valid");
  if (use.now >= parseInstant(ticket.expires_at)) return refused("expired");
  return { ok: true };
}

function refused(refusal: TicketRefusal): { readonly ok: false; readonly refusal: TicketRefusal } {
  return { ok: false, refusal };
}
