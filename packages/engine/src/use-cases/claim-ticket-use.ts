import { sha256Hex } from "@writ/canon";
import { checkTicketUseClaim, type ExactRecord } from "@writ/kernel";

import type { Context } from "../context.ts";
import { claimOnce } from "../once-only.ts";
import type { Caller } from "../port.ts";
import { requireRunner } from "../rights.ts";

export type TicketUseClaim =
  | { readonly status: "claimed"; readonly ticket_id: string; readonly use_count: number; readonly max_uses: number }
  | { readonly status: "refused"; readonly reason_code: string };

/** Most uses a ticket is counted for: each use is looked up, so a ticket for more is refused. */
const USES_MAX = 1_000;

/**
 * Claims the next use of a scoped ticket before I/O (spec kernel.md §6.3, §27 no. 7): the counter is guards of the log,
 * never a number in a receipt. INVARIANT: no number is given out twice, and none above the ticket's `max_uses`.
 */
export async function claimTicketUse(
  context: Context,
  caller: Caller,
  asked: { readonly ticket: ExactRecord; readonly contract: ExactRecord; readonly runtime: string },
): Promise<TicketUseClaim> {
  requireRunner(caller, "use tickets");
  const allowed = checkTicketUseClaim({ ...asked, nowMs: context.clock.now() });
  if (!allowed.ok) return { status: "refused", reason_code: allowed.text };
  const { ticketId: ticket_id, maxUses: max_uses } = allowed;
  if (max_uses > USES_MAX) return { status: "refused", reason_code: "ticket_max_uses_not_countable" };
  for (let use_count = 1; use_count <= max_uses; use_count++) {
    const guard = `scoped-ticket:${sha256Hex(ticket_id)}:use:${String(use_count)}`;
    if ((await context.ledger.guard(guard)) !== undefined) continue;
    const data = { ticket_id, use_count, max_uses, runtime: asked.runtime };
    const claimed = await claimOnce(context, caller, { kind: "x.scoped-ticket.used", data, once: [guard] });
    if (claimed.ok) return { status: "claimed", ticket_id, use_count, max_uses };
  }
  return { status: "refused", reason_code: "ticket_uses_exhausted" };
}
