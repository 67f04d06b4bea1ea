import { recordRefusal } from "../control/record-refusal.ts";

/**
 * The states of a governed run and all ways between them (spec kernel.md §17 and §18): `next` are the transitions a
 * host records, `by` are the actions an operator takes. One table for both vocabularies; `idle` is the shell's word
 * for `new`.
 */
const TABLE = {
  new: { next: ["admitted", "blocked"], by: { stop: "stopped", cancel: "cancelled" } },
  admitted: { next: ["policy_checked", "blocked"], by: { replan: "new", stop: "stopped", cancel: "cancelled" } },
  policy_checked: { next: ["trust_checked", "blocked"], by: { replan: "new", stop: "stopped", cancel: "cancelled" } },
  trust_checked: { next: ["gated", "blocked"], by: { replan: "new", stop: "stopped", cancel: "cancelled" } },
  gated: {
    next: ["running_dry_run", "paused", "blocked"],
    by: {
      start: "running",
      degrade_to_dry_run: "running_dry_run",
      pause: "paused",
      cooldown: "cooldown",
      replan: "new",
      stop: "stopped",
      cancel: "cancelled",
    },
  },
  running: {
    next: ["receipt_recorded", "paused", "blocked"],
    by: {
      pause: "paused",
      cooldown: "cooldown",
      degrade_to_dry_run: "running_dry_run",
      stop: "stopped",
      cancel: "cancelled",
    },
  },
  running_dry_run: {
    next: ["receipt_recorded", "paused", "blocked"],
    by: { pause: "paused", cooldown: "cooldown", stop: "stopped", cancel: "cancelled" },
  },
  receipt_recorded: { next: ["completed", "blocked"], by: { archive: "completed" } },
  // Whatever ran before runs again only through the gate.
  paused: { next: ["gated", "blocked"], by: { resume: "gated", replan: "new", stop: "stopped", cancel: "cancelled" } },
  cooldown: {
    next: ["gated", "blocked"],
    by: { resume: "gated", replan: "new", stop: "stopped", cancel: "cancelled" },
  },
  stopped: { next: ["blocked"], by: { retry: "new", archive: "completed", cancel: "cancelled" } },
  cancelled: { next: [], by: { archive: "completed" } },
  // No action but giving up leaves it: going on needs a resolution of each blocker.
  blocked: { next: ["admitted"], by: { cancel: "cancelled" } },
  completed: { next: [], by: {} },
} as const satisfies Record<
  string,
  { readonly next: readonly string[]; readonly by: Readonly<Record<string, string>> }
>;

export type AnyRunState = keyof typeof TABLE;

export const ANY_RUN_STATES = Object.keys(TABLE) as readonly AnyRunState[];

/** What an operator may do to a run (spec kernel.md §18), and the state each asks for in the shell's words. */
export const RUNTIME_ACTIONS = {
  start: "running",
  pause: "paused",
  resume: "running",
  stop: "stopped",
  cancel: "cancelled",
  replan: "idle",
  degrade_to_dry_run: "running_dry_run",
  cooldown: "cooldown",
  retry: "running",
  archive: "completed",
  record_only: "",
} as const;

export type RuntimeActionName = keyof typeof RUNTIME_ACTIONS;

/** States a recorded transition names (spec kernel.md §17). */
export const RUN_STATES = [
  "new",
  "admitted",
  "policy_checked",
  "trust_checked",
  "gated",
  "running_dry_run",
  "receipt_recorded",
  "paused",
  "blocked",
  "completed",
] as const;

export type RunStateName = (typeof RUN_STATES)[number];

/** The recorded transitions from a state. */
export function nextRunStates(state: AnyRunState): readonly AnyRunState[] {
  return TABLE[state].next;
}

/** The state after an operator's action, or null where it is illegal; recording moves nothing. */
export function stateAfterAction(state: AnyRunState, action: RuntimeActionName): AnyRunState | null {
  if (action === "record_only") return state;
  const by: { readonly [Action in RuntimeActionName]?: AnyRunState } = TABLE[state].by;
  return by[action] ?? null;
}

/** Refuses a step that the table does not have, with `invalid_state_transition:A->B`. */
export function checkRunStep(from: RunStateName, to: RunStateName): void {
  if (!nextRunStates(from).includes(to)) throw recordRefusal(`invalid_state_transition:${from}->${to}`);
}
