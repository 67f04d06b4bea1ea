/** States of an action (spec command.md §21.2). The second group is final. */
export const LIFECYCLE_STATES = [
  "open",
  "held",
  "released",
  "running",
  "executed",
  "failed",
  "rejected",
  "expired",
  "revoked",
  "denied",
  "not_evaluated",
] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

export const LIFECYCLE_EVENTS = [
  "approved",
  "released",
  "rejected",
  "expired",
  "revoked",
  "held_again",
  "redeemed",
  "succeeded",
  "failed",
] as const;
export type LifecycleEvent = (typeof LIFECYCLE_EVENTS)[number];

/** What may follow what; an event that a state does not list is illegal there. */
const TABLE: { readonly [State in LifecycleState]: { readonly [Event in LifecycleEvent]?: LifecycleState } } = {
  // Allowed: its proposer may act, or a ticket may be redeemed. A change of governance may revoke or hold it.
  open: {
    redeemed: "running",
    succeeded: "executed",
    failed: "failed",
    revoked: "revoked",
    held_again: "held",
    expired: "expired",
  },
  held: {
    approved: "held",
    released: "released",
    rejected: "rejected",
    expired: "expired",
    revoked: "revoked",
    held_again: "held",
  },
  released: {
    redeemed: "running",
    succeeded: "executed",
    failed: "failed",
    revoked: "revoked",
    held_again: "held",
    expired: "expired",
  },
  // A spent ticket: it has started, so nothing but a receipt ends it.
  running: { succeeded: "executed", failed: "failed" },
  executed: {},
  failed: {},
  rejected: {},
  expired: {},
  revoked: {},
  denied: {},
  not_evaluated: {},
};

export type Transition =
  | { readonly ok: true; readonly state: LifecycleState }
  | { readonly ok: false; readonly refusal: "final" | "illegal"; readonly from: LifecycleState };

/** The state after an event, or why there is none. */
export function transition(from: LifecycleState, event: LifecycleEvent): Transition {
  const state = TABLE[from][event];
  if (state !== undefined) return { ok: true, state };
  return { ok: false, refusal: isFinal(from) ? "final" : "illegal", from };
}

export function isFinal(state: LifecycleState): boolean {
  return Object.keys(TABLE[state]).length === 0;
}
