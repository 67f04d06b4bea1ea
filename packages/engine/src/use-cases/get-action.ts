import { actionView } from "../action-view.ts";
import type { Context } from "../context.ts";
import type { ActionPage, ActionView } from "../documents.ts";
import { invalidRequest } from "../errors.ts";
import { optionalText, pageLimit, requireOneOf, requireUuid, requireWhole, WAIT_MS_MAX } from "../limits.ts";
import { actionPage } from "../page-sql.ts";
import type { ActionFilter, Caller } from "../port.ts";
import { checkCaller, principalText } from "../principal.ts";
import { ACTION_STATES } from "../request.ts";
import { findAction, requireVisible } from "../transition.ts";
import { FINAL_STATES } from "../views/action-record.ts";
import type { StoredAction } from "../views/fold.ts";
import { storedAction } from "../views/view-tables.ts";

export async function getAction(context: Context, caller: Caller, id: string): Promise<ActionView> {
  checkCaller(caller);
  requireUuid("id", id);
  await context.refresh();
  return actionView(await visible(context, caller, id), context.rules.texts);
}

async function visible(context: Context, caller: Caller, id: string): Promise<StoredAction> {
  const action = await findAction(context, caller.tenant, id);
  requireVisible(caller, action);
  return action;
}

const CURSOR = /^\d{1,15}$/;

/** Newest first; `next` is the log index of the last proposal on the page. */
export async function listActions(context: Context, caller: Caller, filter: ActionFilter = {}): Promise<ActionPage> {
  checkCaller(caller);
  const limit = pageLimit(filter.limit);
  const run = optionalText("run", filter.run, 128);
  const state = filter.state === undefined ? undefined : requireOneOf("state", filter.state, ACTION_STATES);
  const { after } = filter;
  if (after !== undefined && !CURSOR.test(after)) throw invalidRequest("after", "it is the `next` of a page before");
  const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
  const principal = caller.rights === "agent" ? principalText(caller.principal) : undefined;
  await context.refresh();
  const { sql, params } = actionPage({ tenant: caller.tenant, state, run, principal, before, limit: limit + 1 });
  const rows = await context.views.database.read((tx) => tx.all(sql, params));
  const actions = rows.slice(0, limit).map(storedAction);
  return {
    actions: actions.map((action) => actionView(action, context.rules.texts)),
    next: rows.length > limit ? String(actions.at(-1)?.record.index ?? 0) : null,
  };
}

export interface WaitOptions {
  readonly until: "settled" | "answered";
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Looks whenever the action changes, until it is as wished, the time is over, or the caller goes away. */
export async function waitForAction(
  context: Context,
  caller: Caller,
  id: string,
  { until, timeoutMs, signal }: WaitOptions,
): Promise<ActionView> {
  checkCaller(caller);
  requireUuid("id", id);
  requireWhole("timeout_ms", timeoutMs, 0, WAIT_MS_MAX);
  await context.refresh();
  await visible(context, caller, id);
  const isThere = ({ record }: StoredAction): boolean =>
    until === "settled" ? FINAL_STATES.has(record.state) : record.state !== "held";
  await context.waiting.until({
    tenant: caller.tenant,
    id,
    timeoutMs,
    isThere,
    signal,
    now: () => visible(context, caller, id),
  });
  return actionView(await visible(context, caller, id), context.rules.texts);
}
