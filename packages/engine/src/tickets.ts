import type { Context } from "./context.ts";
import { ticketNotFound } from "./errors.ts";
import type { Caller } from "./port.ts";
import { findAction, isProposer } from "./transition.ts";
import type { StoredAction } from "./views/fold.ts";
import { SQL } from "./views/schema.ts";

/** The action a ticket was issued for; agents find their own alone. Throws `TICKET_NOT_FOUND`. */
export async function findTicket(context: Context, caller: Caller, ticketId: string): Promise<StoredAction> {
  const row = await context.views.database.read((tx) => tx.get(SQL.ticketGet, [caller.tenant, ticketId]));
  if (row === undefined) throw ticketNotFound(ticketId);
  const action = await findAction(context, caller.tenant, String(row["action"]));
  if (caller.rights === "agent" && !isProposer(caller, action.record)) throw ticketNotFound(ticketId);
  return action;
}
