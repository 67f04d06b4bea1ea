import type { PolicySet } from "@writ/policy";

import type { Context } from "./context.ts";
import { DecisionMaker } from "./decision-maker.ts";
import { useCases } from "./engine.ts";
import { Journal } from "./journal.ts";
import { offeredPolicies } from "./offered-policies.ts";
import type { Engine, EngineOptions } from "./port.ts";
import { RuleBook } from "./rule-texts.ts";
import { SteadyClock } from "./steady-clock.ts";
import { loadSource, pinPolicies, readPinnedSet } from "./use-cases/policies.ts";
import { Views } from "./views/views.ts";
import { Waiting } from "./waiting.ts";

const HOLD_MS = 24 * 60 * 60 * 1_000;
const APPROVAL_MS = 15 * 60 * 1_000;
const TICKET_MS = 60 * 1_000;
const SWEEP_MS = 10 * 1_000;

/**
 * Opens the engine over an open log: views are caught up, and the policies pinned in the log decide. In a fresh log
 * the set given here pins itself. Later a set that is not the pinned one decides nothing: it is `pending` in status
 * until an operator activates it. Throws what loading the set throws, and `POLICY_NOT_PINNED` where the text of the
 * pinned set is gone.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { ledger, views: database, random, trial = false } = options;
  const clock = new SteadyClock(options.clock);
  const views = new Views({ ledger, database, clock });
  try {
    await views.open();
    const journal = new Journal({ ledger, views, clock, random, trial });
    const given = await loadSource(options.policySet);
    if (views.projection.policyPin() === undefined) {
      // Where another node was first, its set is the pinned one.
      await pinPolicies({ views, journal }, undefined, given, options.policySet);
    }
    const set = await pinnedSet({ ledger, views }, given);
    const context = compose(options, { clock, views, journal, given, set });
    return useCases(context, { sweepMs: options.sweepMs ?? SWEEP_MS });
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Made extends Pick<Context, "clock" | "views" | "journal"> {
  readonly given: PolicySet;
  readonly set: PolicySet;
}

function compose(options: EngineOptions, { clock, views, journal, given, set }: Made): Context {
  const { ledger, random, execution, trial = false } = options;
  const sandboxed = (): boolean => execution?.sandboxed === true;
  const decisions = new DecisionMaker({ projection: views.projection, set, sandboxed });
  const rules = new RuleBook();
  rules.add(given);
  rules.add(set);
  const adopt = (next: PolicySet): void => {
    rules.add(next);
    decisions.use(next);
  };
  return {
    ledger,
    views,
    journal,
    waiting: new Waiting(views),
    clock,
    decisions,
    rules,
    execution,
    random,
    trial,
    signer: options.signer ?? null,
    lifetimes: {
      hold: options.holdMs ?? HOLD_MS,
      approval: options.approvalMs ?? APPROVAL_MS,
      ticket: options.ticketMs ?? TICKET_MS,
    },
    stopping: new AbortController(),
    offered: offeredPolicies(given, options.offeredPolicies),
    adopt,
    truncateViews: options.truncateViews ?? (() => Promise.resolve()),
    refresh: async () => {
      await views.catchUp();
      const pin = views.projection.policyPin();
      if (pin !== undefined && pin.policy_digest !== decisions.set.digest)
        adopt(await readPinnedSet({ ledger }, pin.index));
    },
  };
}

/** The set that was activated last, which may be another than the one on disk. */
async function pinnedSet(parts: Pick<Context, "ledger" | "views">, given: PolicySet): Promise<PolicySet> {
  const pin = parts.views.projection.policyPin();
  if (pin === undefined || pin.policy_digest === given.digest) return given;
  return readPinnedSet(parts, pin.index);
}
