import { sha256Hex } from "@writ/canon";
import type { Receipt, Ticket } from "@writ/kernel";

/** What a runner says of a dry run under this ticket and intent. */
export function dryReceipt(ticket: Ticket, intent: string, id: string): Receipt {
  const nothing = { sha256: sha256Hex(""), bytes: 0, truncated: false };
  return {
    schema: "writ.receipt.v1",
    id,
    ticket_id: ticket.id,
    action_id: ticket.action_id,
    action_digest: ticket.action_digest,
    intent,
    mode: ticket.mode,
    outcome: "dry_run",
    exit_code: null,
    signal: null,
    started_at: "2026-11-21T12:00:00.000Z",
    ended_at: "2026-11-21T12:00:01.000Z",
    stdout: nothing,
    stderr: nothing,
    files: [],
    files_truncated: false,
    refusals: [],
    sandbox: null,
  };
}
