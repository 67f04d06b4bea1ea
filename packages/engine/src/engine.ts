import { setTimeout as pause } from "node:timers/promises";

import type { Context } from "./context.ts";
import { subscribeEvents } from "./engine-events.ts";
import { engineError } from "./errors.ts";
import type { EngineEvent } from "./event.ts";
import type { Caller, Engine } from "./port.ts";
import { approve } from "./use-cases/approve.ts";
import { check } from "./use-cases/check.ts";
import { claimTicketUse } from "./use-cases/claim-ticket-use.ts";
import { complete } from "./use-cases/complete.ts";
import { consumeDecision } from "./use-cases/consume-decision.ts";
import { checkpoint, entries, entry, head, proof } from "./use-cases/entries.ts";
import { erase, planErasure } from "./use-cases/erase.ts";
import { exportRun } from "./use-cases/export-run.ts";
import { getAction, listActions, waitForAction } from "./use-cases/get-action.ts";
import { govern, revokeApproval } from "./use-cases/govern.ts";
import { governance, setGovernance } from "./use-cases/governance.ts";
import { requireRunner } from "./rights.ts";
import { issueTicket } from "./use-cases/issue-ticket.ts";
import { activatePolicies, planPolicies, policies } from "./use-cases/policies.ts";
import { propose } from "./use-cases/propose.ts";
import { rebuildViews } from "./use-cases/rebuild-views.ts";
import { recordReplay } from "./use-cases/record-replay.ts";
import { redeem } from "./use-cases/redeem.ts";
import { reject } from "./use-cases/reject.ts";
import { run } from "./use-cases/run.ts";
import { seal } from "./use-cases/seal.ts";
import { logStatus } from "./use-cases/log-status.ts";
import { planRetention, retain } from "./use-cases/retain.ts";
import { recover, status, unfinished } from "./use-cases/status.ts";
import { sweep } from "./use-cases/sweep.ts";
import { setSystem, systems } from "./use-cases/systems.ts";
import { authenticate, createToken, listTokens, revokeToken } from "./use-cases/tokens.ts";

/** Ties the use cases to one context, and keeps the clockwork: following the log, sweeping what expired. */
export function useCases(context: Context, { sweepMs }: { readonly sweepMs: number }): Engine {
  const life = new Life(context, sweepMs);
  const bound =
    <Args extends readonly unknown[], Result>(
      useCase: (context: Context, caller: Caller, ...args: Args) => Promise<Result>,
    ) =>
    (caller: Caller, ...args: Args): Promise<Result> =>
      life.during(() => useCase(context, caller, ...args));
  return {
    propose: bound(propose),
    check: bound(check),
    approve: bound(approve),
    reject: bound(reject),
    complete: bound(complete),
    issueTicket: bound(issueTicket),
    redeem: bound(async (context, caller, options: Parameters<typeof redeem>[2]) => {
      requireRunner(caller, "redeem tickets");
      return redeem(context, caller, options);
    }),
    seal: bound(async (context, caller, options: Parameters<typeof seal>[2]) => {
      requireRunner(caller, "seal receipts");
      return seal(context, caller, options);
    }),
    run: bound(run),
    recordReplay: bound(recordReplay),
    govern: bound(govern),
    revokeApproval: bound(revokeApproval),
    consumeDecision: bound(consumeDecision),
    claimTicketUse: bound(claimTicketUse),
    getAction: bound(getAction),
    listActions: bound(listActions),
    waitForAction: bound(waitForAction),
    governance: bound(governance),
    setGovernance: bound(setGovernance),
    systems: bound(systems),
    setSystem: bound(setSystem),
    createToken: bound(createToken),
    listTokens: bound(listTokens),
    revokeToken: bound(revokeToken),
    authenticate: (text: string) => life.during(() => authenticate(context, text)),
    policies: bound(policies),
    planPolicies: bound(planPolicies),
    activatePolicies: bound(activatePolicies),
    entries: bound(entries),
    entry: bound(entry),
    exportRun: (caller, options) => {
      life.requireOpen();
      return exportRun(context, caller, options);
    },
    proof: bound(proof),
    head: bound(head),
    checkpoint: bound(checkpoint),
    status: bound(status),
    logStatus: bound(logStatus),
    unfinished: bound(unfinished),
    recover: bound(recover),
    planErasure: bound(planErasure),
    erase: bound(erase),
    planRetention: bound(planRetention),
    retain: bound(retain),
    rebuildViews: bound(rebuildViews),
    subscribe: (listener: (event: EngineEvent) => void) => subscribeEvents(context, listener),
    close: () => life.close(),
  };
}

/** How long closing waits for what is under way; a run that does not end when it is interrupted is unfinished. */
const DRAIN_MS = 10_000;

/** What runs beside the use cases, and their end. */
class Life {
  readonly #context: Context;
  readonly #stops: (() => void)[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;
  #sweeping: Promise<unknown> | undefined;

  constructor(context: Context, sweepMs: number) {
    this.#context = context;
    // A commit that views have not seen is another node's; our own are folded before their answer.
    this.#stops.push(context.ledger.onCommit(() => void context.views.catchUp().catch(() => {})));
    if (sweepMs > 0) {
      const timer = setInterval(() => this.#sweep(), sweepMs);
      timer.unref();
      this.#stops.push(() => clearInterval(timer));
    }
  }

  /** Lets a use case run unless the engine is closed, and has closing wait for it. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    this.requireOpen();
    const running = work();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  requireOpen(): void {
    if (this.#closing === undefined) return;
    throw engineError({
      code: "ENGINE_CLOSED",
      message: "the engine is closed",
      reason: "its process is stopping",
      next: "ask again when it has started",
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #sweep(): void {
    // What fails here fails again at the next use, where somebody is told.
    this.#sweeping ??= sweep(this.#context)
      .catch(() => {})
      .finally(() => {
        this.#sweeping = undefined;
      });
  }

  async #close(): Promise<void> {
    for (const stop of this.#stops) stop();
    this.#context.waiting.close();
    this.#context.stopping.abort();
    await Promise.race([Promise.allSettled(this.#underWay), pause(DRAIN_MS, undefined, { ref: false })]);
    await this.#sweeping;
    await this.#context.views.close();
  }
}
