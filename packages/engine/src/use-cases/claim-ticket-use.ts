import { canonicalize, sha256Hex } from "@writ/canon";
import { checkTicketUseClaim, describeArtifact, type ExactRecord } from "@writ/kernel";

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
  // A ticket under its tenant's name for it, however it is written, and the same document under any tenant.
  const named = sha256Hex(canonicalize([caller.tenant, ticket_id]));
  const guards = [`scoped-ticket:id:${named}`, `scoped-ticket:digest:${describeArtifact(asked.ticket).digest}`];
  for (let use_count = 1; use_count <= max_uses; use_count++) {
    const once = guards.map((guard) => `${guard}:use:${String(use_count)}`);
    const taken = await Promise.all(once.map((guard) => context.ledger.guard(guard)));
    if (taken.some((index) => index !== undefined)) continue;
    const data = { ticket_id, use_count, max_uses, runtime: asked.runtime };
    const claimed = await claimOnce(context, caller, { kind: "x.scoped-ticket.used", data, once });
    if (claimed.ok) return { status: "claimed", ticket_id, use_count, max_uses };
  }
  return { status: "refused", reason_code: "ticket_uses_exhausted" };
}
