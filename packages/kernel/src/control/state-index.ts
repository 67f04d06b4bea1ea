import { type ArtifactState } from "./artifact-lifecycle.ts";
import { changeOrder } from "./deconfliction.ts";

/** What a chain's artifacts amount to, for a list of chains (spec kernel.md §16). */
export interface StateIndexSummary {
  readonly status: "ready" | "blocked";
  readonly artifact_count: number;
  /** Sorted, each once. */
  readonly roles: readonly string[];
  readonly missing_roles: readonly string[];
  readonly blocked_roles: readonly string[];
  readonly change_order_required: boolean;
  readonly invalidated_roles: readonly string[];
  readonly next_actions: readonly string[];
}

/** Summarises artifacts against the roles that must be there and the digests they must have. */
export function summarizeStates(
  states: readonly ArtifactState[],
  required: readonly string[],
  expected: ReadonlyMap<string, string>,
): StateIndexSummary {
  const roles = new Set(states.map(({ role }) => role));
  const missing = [...new Set(required)].filter((role) => !roles.has(role));
  const blocked = states.filter((state) => state.blocked.length > 0);
  const order = changeOrder(states, expected);
  const next = [
    ...missing.map((role) => `provide_artifact:${role}`),
    ...blocked.flatMap(({ role, nextActions }) => (nextActions.length > 0 ? nextActions : [`repair_artifact:${role}`])),
    ...order.required_actions,
  ];
  return {
    status: missing.length > 0 || blocked.length > 0 || order.required ? "blocked" : "ready",
    artifact_count: states.length,
    roles: [...roles].toSorted(),
    missing_roles: missing,
    blocked_roles: [...new Set(blocked.map(({ role }) => role))],
    change_order_required: order.required,
    invalidated_roles: order.invalidated_roles,
    next_actions: [...new Set(next)],
  };
}
