import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { foldKey, refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, writtenText, writtenTexts } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { checkRunStep, RUN_STATES, type RunStateName } from "./run-states.ts";

/** Where a governed run stands (spec kernel.md §17). */
export interface RunState {
  readonly run_id: string;
  readonly state: RunStateName;
  readonly profile: string;
  readonly event_refs: readonly string[];
  readonly artifact_refs: readonly string[];
  readonly blockers: readonly string[];
  readonly metadata: ExactRecord;
}

export interface RunTransition {
  readonly run_id: string;
  readonly from_state: RunStateName;
  readonly to_state: RunStateName;
  readonly reason_code: string;
  readonly event_ref: string;
  readonly required_decisions: readonly string[];
  readonly metadata: ExactRecord;
}

/** Reads a run state. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRunState(value: ExactJson): RunState {
  const record = recordOf(value, "invalid_run_state");
  const runId = requiredText(record, ["run_id", "id"], "missing_run_id");
  const state = oneOf(RUN_STATES, writtenText(record, "state", "new"), "unknown_run_state");
  const metadata = mapField(record, "metadata", "invalid_state_metadata");
  refuseForbiddenKeys("state", metadata);
  return {
    run_id: runId,
    state,
    profile: writtenText(record, "profile", "generic"),
    event_refs: writtenTexts(record, "event_refs", "invalid_state_sequence"),
    artifact_refs: writtenTexts(record, "artifact_refs", "invalid_state_sequence"),
    blockers: writtenTexts(record, "blockers", "invalid_state_sequence"),
    metadata,
  };
}

/** Reads a transition and holds it against the table of states. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRunTransition(value: ExactJson): RunTransition {
  const record = recordOf(value, "invalid_state_transition");
  if (Object.keys(record).some((key) => ["raw_intent", "prompt"].includes(foldKey(key))))
    throw recordRefusal("raw_intent_not_state_transition");
  const runId = requiredText(record, "run_id", "missing_run_id");
  const from = requiredText(record, "from_state", "missing_state_transition_endpoint");
  const to = requiredText(record, "to_state", "missing_state_transition_endpoint");
  const metadata = mapField(record, "metadata", "invalid_state_metadata");
  refuseForbiddenKeys("state", metadata);
  const parsed = {
    run_id: runId,
    reason_code: writtenText(record, "reason_code", "ok"),
    event_ref: writtenText(record, "event_ref"),
    required_decisions: writtenTexts(record, "required_decisions", "invalid_state_sequence"),
    metadata,
  };
  const from_state = oneOf(RUN_STATES, from, "unknown_run_state");
  const transition = { ...parsed, from_state, to_state: oneOf(RUN_STATES, to, "unknown_run_state") };
  checkTransition(transition);
  return transition;
}

/** The rules between the fields of a transition, in the reference's order. */
export function checkTransition({ from_state, to_state, required_decisions }: RunTransition): void {
  checkRunStep(from_state, to_state);
  if (to_state === "running_dry_run" && !required_decisions.includes("runner_gate_decision"))
    throw recordRefusal("missing_runner_gate_decision");
}

/**
 * The state after the transition. A run with blockers may be blocked or paused; going on needs every blocker in
 * `resolved`, and then clears them (§27 no. 18).
 * Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function applyTransition(
  state: RunState,
  transition: RunTransition,
  resolved: readonly string[] = [],
): RunState {
  if (transition.run_id !== state.run_id) throw recordRefusal("state_transition_run_mismatch");
  if (transition.from_state !== state.state)
    throw recordRefusal(`state_transition_from_mismatch:${state.state}!=${transition.from_state}`);
  checkTransition(transition);
  const { event_ref, to_state } = transition;
  return {
    ...state,
    state: to_state,
    event_refs: event_ref === "" ? state.event_refs : [...state.event_refs, event_ref],
    blockers: blockersAfter(state, transition, resolved),
  };
}

export function isRunBlocked({ state, blockers }: RunState): boolean {
  return state === "blocked" || blockers.length > 0;
}

export function isRunOver({ state }: RunState): boolean {
  return state === "completed";
}

function blockersAfter(
  { blockers }: RunState,
  { to_state, reason_code }: RunTransition,
  resolved: readonly string[],
): readonly string[] {
  if (to_state === "blocked") return reason_code === "ok" ? blockers : [...new Set([...blockers, reason_code])];
  if (to_state === "paused") return blockers;
  const open = blockers.find((blocker) => !resolved.includes(blocker));
  if (open !== undefined) throw recordRefusal(`unresolved_blocker:${open}`, 18);
  return [];
}
