import { toHex } from "@writ/canon";
import type { Contract } from "@writ/kernel";

import { summarise } from "../action-view.ts";
import { actionView } from "../action-view.ts";
import type { Context } from "../context.ts";
import type { ActionView, StatusView, UnfinishedView } from "../documents.ts";
import { engineError } from "../errors.ts";
import { PAGE_MAX, requireUuid } from "../limits.ts";
import { actionPage } from "../page-sql.ts";
import type { Caller } from "../port.ts";
import { checkCaller } from "../principal.ts";
import { requireOperator, requireReader } from "../rights.ts";
import { findTicket } from "../tickets.ts";
import { transition } from "../transition.ts";
import type { StoredAction } from "../views/fold.ts";
import { parseDocument } from "../views/fold-entry.ts";
import { SQL } from "../views/schema.ts";
import { storedAction } from "../views/view-tables.ts";
import { policyState } from "./policies.ts";
import { blankReceipt } from "./run.ts";
import { planReceipt } from "./seal.ts";

/** How the installation stands, as tried and not as configured. */
export async function status(context: Context, caller: Caller): Promise<StatusView> {
  checkCaller(caller);
  await context.refresh();
  const { ledger, views } = context;
  const [{ size, root }, refused, counts, policies] = await Promise.all([
    ledger.head(),
    ledger.trial(),
    countStates(context, caller),
    policyState(context),
  ]);
  return {
    log: { origin: ledger.origin, size, root: toHex(root) },
    writable: refused === undefined,
    not_writable: refused ?? null,
    views: { position: views.position },
    governance: views.projection.governance(caller.tenant),
    policies,
    holds: counts.get("held") ?? 0,
    unfinished: counts.get("running") ?? 0,
    signer: context.signer,
    execution: context.execution !== undefined,
    trial: context.trial,
  };
}

async function countStates({ views }: Context, caller: Caller): Promise<ReadonlyMap<string, number>> {
  const rows = await views.database.read((tx) => tx.all(SQL.counts, [caller.tenant]));
  return new Map(rows.map((row) => [String(row["state"]), Number(row["n"])]));
}

/** Redeemed tickets without a receipt: something may have happened that nobody has measured. */
export async function unfinished(context: Context, caller: Caller): Promise<readonly UnfinishedView[]> {
  requireReader(caller, "list unfinished runs");
  await context.refresh();
  const nowMs = context.clock.now();
  return (await running(context, caller.tenant)).map((action) => unfinishedView(action, nowMs));
}

async function running({ views }: Context, tenant: string): Promise<readonly StoredAction[]> {
  const page = { tenant, state: "running", run: undefined, principal: undefined } as const;
  const { sql, params } = actionPage({ ...page, before: Number.MAX_SAFE_INTEGER, limit: PAGE_MAX });
  const rows = await views.database.read((tx) => tx.all(sql, params));
  return rows.map(storedAction).toReversed();
}

function unfinishedView({ record, contract }: StoredAction, nowMs: number): UnfinishedView {
  const { ticket, intent } = record;
  return {
    action_id: record.id,
    ticket_id: ticket?.id ?? "",
    intent: intent?.id ?? "",
    summary: summarise(contract === null ? null : (parseDocument(contract) as unknown as Contract)),
    mode: ticket?.mode ?? "dry",
    started_at: intent?.at ?? "",
    deadline: intent?.deadline ?? "",
    overdue: isOverdue(record, nowMs),
  };
}

function isOverdue({ intent }: StoredAction["record"], nowMs: number): boolean {
  return intent !== null && nowMs >= Date.parse(intent.deadline);
}

/**
 * Settles runs that left no receipt with one that says `unfinished`. Without a ticket named, those past their deadline;
 * a named one is settled at once, because the operator says that its runner is gone.
 */
export async function recover(
  context: Context,
  caller: Caller,
  options: { readonly ticketId?: string } = {},
): Promise<readonly ActionView[]> {
  requireOperator(caller, "settle unfinished runs");
  await context.refresh();
  const chosen = await toSettle(context, caller, options.ticketId);
  const views: ActionView[] = [];
  for (const { record } of chosen) {
    const settled = await transition(context, { tenant: caller.tenant, id: record.id }, (action) =>
      action.record.state === "running" ? planUnfinished(context, caller, action) : undefined,
    );
    views.push(actionView(settled, context.rules.texts));
  }
  return views;
}

async function toSettle(
  context: Context,
  caller: Caller,
  ticketId: string | undefined,
): Promise<readonly StoredAction[]> {
  if (ticketId === undefined) {
    const nowMs = context.clock.now();
    return (await running(context, caller.tenant)).filter(({ record }) => isOverdue(record, nowMs));
  }
  const action = await findTicket(context, caller, requireUuid("ticket_id", ticketId));
  if (action.record.state === "running") return [action];
  throw engineError({
    code: "RECEIPT_REFUSED",
    message: `action \`${action.record.id}\` is \`${action.record.state}\``,
    reason: "only a redeemed ticket without receipt is unfinished",
    next: "list the unfinished runs",
    details: { id: action.record.id, state: action.record.state },
  });
}

function planUnfinished(context: Context, caller: Caller, { record }: StoredAction) {
  const { ticket, intent } = record;
  const receipt = blankReceipt(
    { receiptId: context.journal.newId(), ticket: ticket!, intent: intent!.id },
    {
      outcome: "unfinished",
      startedAt: intent!.at,
      endedAt: context.clock.instant(),
      detail: "settled by an operator",
    },
  );
  // Taken over: whoever ran it seals nothing any more.
  return planReceipt(caller, record, { receipt, fence: intent!.fence + 1 });
}
