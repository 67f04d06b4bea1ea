import { sha256Hex, WritError } from "@writ/canon";
import type { Receipt } from "@writ/kernel";

import type { Context } from "../context.ts";
import type { ActionView, RedeemedTicket } from "../documents.ts";
import { engineError, invalidRequest } from "../errors.ts";
import type { Execution, ExecutionPort } from "../execution-port.ts";
import { requireUuid } from "../limits.ts";
import type { Caller, RunOptions } from "../port.ts";
import { principalText } from "../principal.ts";
import { contractOf, findAction, requireVisible } from "../transition.ts";
import type { ActionRecord } from "../views/action-record.ts";
import type { StoredAction } from "../views/fold.ts";
import { issueTicket } from "./issue-ticket.ts";
import { redeem } from "./redeem.ts";
import { seal } from "./seal.ts";

/** Ticket, redemption, execution, receipt. Of a run that the execution port loses nothing is claimed: it is `unfinished`. */
export async function run(context: Context, caller: Caller, id: string, options: RunOptions): Promise<ActionView> {
  const execution = requireExecution(context);
  requireUuid("id", id);
  await context.refresh();
  const action = await findAction(context, caller.tenant, id);
  requireVisible(caller, action);
  if (action.record.action !== "process.exec") {
    throw invalidRequest("id", "only a process is run here; other actions are carried out by their proposer");
  }
  await requireReady(execution, action, options);
  const ticket = reusable(action.record, options) ?? (await issueTicket(context, caller, id, options));
  const redeemed = await redeem(context, caller, { ticketId: ticket.id, actionDigest: ticket.action_digest });
  const { record } = await findAction(context, caller.tenant, id);
  const receipt = await execute(context, execution, executionOf(context, record, redeemed, options));
  return seal(context, caller, { ticketId: ticket.id, fence: redeemed.lease.fence, receipt });
}

/** A live run that could not start must not spend its ticket. */
async function requireReady(
  port: ExecutionPort,
  action: StoredAction,
  { mode, stdin, environment }: RunOptions,
): Promise<void> {
  if (mode !== "live" || port.preflight === undefined) return;
  const given = { ...(stdin !== undefined && { stdin }), ...(environment !== undefined && { environment }) };
  const readiness = await port.preflight({ contract: contractOf(action).contract, ...given });
  if (readiness.ready) return;
  const { code, reason, next } = readiness;
  throw new WritError({ code, message: `it cannot run here: ${reason}`, reason: "its ticket was not spent", next });
}

function reusable({ ticket, intent }: ActionRecord, { mode }: RunOptions) {
  return ticket !== null && intent === null && ticket.mode === mode ? ticket : undefined;
}

function executionOf(
  context: Context,
  record: ActionRecord,
  { ticket, contract, intent, deadline, lease }: RedeemedTicket,
  { mode: _mode, signal, ...streams }: RunOptions,
): Execution {
  const stopping = context.stopping.signal;
  const indexOf = (kind: string): number => record.entries.find((one) => one.kind === kind)?.index ?? -1;
  return {
    ...streams,
    ticket,
    contract,
    intent,
    deadline,
    lease,
    currentFence: () => currentFence(context, record),
    receiptId: context.journal.newId(),
    signal: signal === undefined ? stopping : AbortSignal.any([signal, stopping]),
    evidence: {
      decision: { entry: ticket.decision, actionDigest: record.digest, outcome: record.decision.outcome },
      trust: {
        issued: indexOf("ticket.issued"),
        intent: indexOf("execution.intent"),
        ticketId: ticket.id,
        proposer: record.principal,
      },
    },
  };
}

async function currentFence(context: Context, { tenant, id }: ActionRecord): Promise<number | null> {
  await context.refresh();
  const { record } = await findAction(context, tenant, id);
  return record.intent?.fence ?? null;
}

async function execute(context: Context, port: ExecutionPort, execution: Execution): Promise<Receipt> {
  const startedAt = context.clock.instant();
  try {
    return await port.run(execution);
  } catch (error) {
    return blankReceipt(execution, {
      outcome: "unfinished",
      startedAt,
      endedAt: context.clock.instant(),
      detail: error instanceof Error ? error.message : "the runner failed",
    });
  }
}

/** A receipt of a run about which nothing was measured. */
export function blankReceipt(
  { receiptId, ticket, intent }: Pick<Execution, "receiptId" | "ticket" | "intent">,
  what: {
    readonly outcome: "not_started" | "unfinished";
    readonly startedAt: string;
    readonly endedAt: string;
    readonly detail: string;
  },
): Receipt {
  const nothing = { sha256: sha256Hex(""), bytes: 0, truncated: false };
  return {
    schema: "writ.receipt.v1",
    id: receiptId,
    ticket_id: ticket.id,
    action_id: ticket.action_id,
    action_digest: ticket.action_digest,
    intent,
    mode: ticket.mode,
    outcome: what.outcome,
    exit_code: null,
    signal: null,
    started_at: what.startedAt,
    ended_at: what.endedAt,
    stdout: nothing,
    stderr: nothing,
    files: [],
    files_truncated: false,
    refusals: [
      { kind: "sandbox", target: principalText({ type: "system", id: "runner" }), detail: oneLine(what.detail) },
    ],
    sandbox: null,
  };
}

const DETAIL_MAX = 512;

function oneLine(text: string): string {
  return text
    .replaceAll(/[\0\r\n]+/gu, " ")
    .slice(0, DETAIL_MAX)
    .toWellFormed();
}

function requireExecution({ execution }: Context): ExecutionPort {
  if (execution !== undefined) return execution;
  throw engineError({
    code: "EXECUTION_UNAVAILABLE",
    message: "this engine runs nothing",
    reason: "it was opened without a runner",
    next: "redeem the ticket where a runner is",
  });
}
