/** States of a runner's lease (spec kernel.md §15). The last two are final. */
export const LEASE_STATES = ["active", "blocked", "released", "expired"] as const;

export type LeaseState = (typeof LEASE_STATES)[number];

export const LEASE_EVENTS = ["released", "expired", "superseded"] as const;

export type LeaseEvent = (typeof LEASE_EVENTS)[number];

/** What may follow what. Nothing makes a lease active again: who needs one is granted a new one, with a higher fence. */
const WAYS: { readonly [State in LeaseState]: { readonly [Event in LeaseEvent]?: LeaseState } } = {
  active: { released: "released", expired: "expired", superseded: "blocked" },
  // Somebody else holds the fence; all that is left is to let go.
  blocked: { released: "released", expired: "expired" },
  released: {},
  expired: {},
};

/** The state after an event, or null where the event is illegal. */
export function leaseTransition(state: LeaseState, event: LeaseEvent): LeaseState | null {
  return WAYS[state][event] ?? null;
}
