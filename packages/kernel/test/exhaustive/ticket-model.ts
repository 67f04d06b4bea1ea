import {
  checkLease,
  checkTicket,
  FIRST_FENCE,
  grantLease,
  isCurrentFence,
  issueTicket,
  transition,
  type Lease,
  type LifecycleEvent,
  type LifecycleState,
  type Ticket,
} from "@writ/kernel";
import { AGENT, NOW } from "../samples.ts";

/** One minute of the model. */
const TICK_MS = 60_000;
const DIGEST = "a".repeat(64);
const id = (n: number): string => `01890a5d-ac96-774b-bcce-${n.toString(16).padStart(12, "0")}`;
const ACTION = id(1);

/** What the log holds, and the guards it keeps; the only thing that survives a crash. */
export interface Log {
  readonly state: LifecycleState;
  /** Counts the entries of the action; every writer claims the next one. */
  readonly version: number;
  readonly issued: boolean;
  readonly fence: number;
  /** What happened, in order. */
  readonly entries: readonly string[];
}

export type Wish = "issue" | "use" | "revoke" | "expire" | "seal" | "take_over";
export const WISHES: readonly Wish[] = ["issue", "use", "revoke", "expire", "seal", "take_over"];

/** What an actor has planned on the log as it read it, and has not written yet. */
export interface Planned {
  readonly wish: Wish;
  readonly version: number;
  readonly log: Log;
}

export const EMPTY: Log = { state: "open", version: 0, issued: false, fence: 0, entries: [] };

/**
 * Plans one step on the log as it is now, by the kernel's gates alone; null where they refuse. `held` is the fence the
 * actor was given, 0 when none.
 */
export function plan(log: Log, wish: Wish, at: { readonly now: number; readonly held: number }): Planned | null {
  const next = NEXT[wish](log, at);
  return next === null ? null : { wish, version: log.version, log: { ...next, version: log.version + 1 } };
}

/** What the store does: the entry is there when nobody wrote since the plan was made, else nothing is. */
export function append(log: Log, planned: Planned): Log | null {
  return planned.version === log.version ? planned.log : null;
}

type Rule = (log: Log, at: { readonly now: number; readonly held: number }) => Log | null;

const NEXT: { readonly [W in Wish]: Rule } = {
  issue: (log, { now }) =>
    log.issued || log.state !== "open" ? null : wrote({ ...log, issued: true }, `issue@${String(now)}`),
  use: (log, { now }) => {
    if (!log.issued) return null;
    const use = { actionId: ACTION, contractDigest: DIGEST, now: instantOf(now), spent: log.fence > 0 };
    if (!checkTicket(ticketOf(log), use).ok) return null;
    return after(log, "redeemed", { fence: FIRST_FENCE }, `use@${String(now)}`);
  },
  revoke: (log) => after(log, "revoked", {}, "revoke"),
  expire: (log, { now }) => {
    const isOver = log.issued && instantOf(now) >= Date.parse(ticketOf(log).expires_at);
    return isOver ? after(log, "expired", {}, "expire") : null;
  },
  // The runner's receipt: under the current fence, however late it comes.
  seal: (log, { held }) =>
    isCurrentFence(held, log.fence === 0 ? null : log.fence)
      ? after(log, "succeeded", {}, `seal:${String(held)}`)
      : null,
  // An operator gives the runner up: from here on its fence is an old one, and what it says comes too late.
  take_over: (log, { now }) => {
    if (log.state !== "running") return null;
    const use = { intent: id(3), ticketId: id(2), actionId: ACTION, actionDigest: DIGEST, currentFence: log.fence };
    const verdict = checkLease(leaseOf(log), { ...use, now: instantOf(now) });
    if (verdict.ok || verdict.refusal !== "expired") return null;
    return after(log, "failed", { fence: log.fence + 1 }, `take_over:${String(log.fence + 1)}`);
  },
};

function after(log: Log, event: LifecycleEvent, change: Partial<Log>, entry: string): Log | null {
  const moved = transition(log.state, event);
  return moved.ok ? wrote({ ...log, ...change, state: moved.state }, entry) : null;
}

function wrote(log: Log, entry: string): Log {
  return { ...log, entries: [...log.entries, entry] };
}

function instantOf(now: number): number {
  return NOW + now * TICK_MS;
}

function timeOf(log: Log, name: string): number {
  return Number(log.entries.find((entry) => entry.startsWith(`${name}@`))?.split("@")[1] ?? 0);
}

/** The ticket of the log: good for one minute from its issue. */
function ticketOf(log: Log): Ticket {
  const names = {
    id: id(2),
    action_id: ACTION,
    action_digest: DIGEST,
    decision: id(4),
    approvals: [],
    mode: "live",
  } as const;
  return issueTicket(names, { now: instantOf(timeOf(log, "issue")), lifeMs: TICK_MS });
}

/** The lease of the log: for one minute from the use. */
function leaseOf(log: Log): Lease {
  const names = {
    id: id(3),
    ticket_id: id(2),
    action_id: ACTION,
    action_digest: DIGEST,
    holder: AGENT,
    fence: log.fence,
  };
  const used = instantOf(timeOf(log, "use"));
  return grantLease(names, { now: used, expiresAt: used + TICK_MS });
}
