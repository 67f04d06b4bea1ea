import { recordRefusal } from "../control/record-refusal.ts";

/** States of a governed run (spec kernel.md §17). */
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

/** The only ways between states; `completed` is the end. */
const NEXT: { readonly [State in RunStateName]: readonly RunStateName[] } = {
  new: ["admitted", "blocked"],
  admitted: ["policy_checked", "blocked"],
  policy_checked: ["trust_checked", "blocked"],
  trust_checked: ["gated", "blocked"],
  gated: ["running_dry_run", "paused", "blocked"],
  running_dry_run: ["receipt_recorded", "paused", "blocked"],
  receipt_recorded: ["completed", "blocked"],
  paused: ["gated", "blocked"],
  blocked: ["admitted"],
  completed: [],
};

export function nextRunStates(state: RunStateName): readonly RunStateName[] {
  return NEXT[state];
}

/** Refuses a step that the table does not have, with `invalid_state_transition:A->B`. */
export function checkRunStep(from: RunStateName, to: RunStateName): void {
  if (!NEXT[from].includes(to)) throw recordRefusal(`invalid_state_transition:${from}->${to}`);
}
