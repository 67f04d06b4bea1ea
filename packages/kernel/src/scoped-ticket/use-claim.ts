import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import type { ExactRecord } from "../compat/exact-record.ts";
import { checkTicketSemantics } from "./semantics.ts";
import { summarizeTicket } from "./summary.ts";
import { readValidity } from "./window.ts";

export interface TicketUseAsked {
  readonly ticket: ExactRecord;
  readonly contract: ExactRecord;
  /** The runtime that is about to use it. */
  readonly runtime: string;
  readonly nowMs: number;
}

/** How often a ticket may be used; which use this is, only a durable counter knows (spec kernel.md §27 no. 7). */
export interface TicketUseAllowed {
  readonly ok: true;
  readonly ticketId: string;
  readonly maxUses: number;
}

/** Whether a runtime may claim a use of a ticket now: its semantics hold, it is this runtime's, and its time has come. */
export function checkTicketUseClaim(asked: TicketUseAsked): TicketUseAllowed | LegacyFailure {
  const { ticket, contract, runtime, nowMs } = asked;
  const semantics = checkTicketSemantics({ ticket, contract, strict: true });
  if (!semantics.ok) return semantics;
  const { ticket_id: ticketId, max_uses: maxUses, usable_by_runtime: usable } = summarizeTicket(ticket);
  if (runtime === "" || runtime !== usable) return failure("ticket_use", "ticket is not usable by this runtime");
  const validity = readValidity(ticket);
  if (!validity.ok) return validity;
  const now = BigInt(nowMs) * 1_000_000n;
  if (now < validity.notBefore || now > validity.notAfter)
    return failure("ticket_use", "ticket is used outside its validity window");
  return { ok: true, ticketId, maxUses };
}
