import type { ExactJson } from "@writ/canon";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { applyTransition, checkTransition, type RunState, type RunTransition } from "../run-state/run-state.ts";
import { RUN_STATES } from "../run-state/run-states.ts";
import { refuseForbiddenKeys, refuseNamedKeys } from "./forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, textField, writtenText, writtenTexts } from "./record-fields.ts";
import { recordRefusal } from "./record-refusal.ts";

export const CONTROL_ACTIONS = ["advance_state", "record_only", "pause", "block", "request_profile_handoff"] as const;

export type ControlAction = (typeof CONTROL_ACTIONS)[number];

/** What the control loop decides about a run (spec kernel.md §17). Only the first three kinds carry a transition. */
export interface ControlDecision {
  readonly decision_id: string;
  readonly run_id: string;
  readonly action: ControlAction;
  readonly reason_code: string;
  readonly profile: string;
  readonly event_refs: readonly string[];
  readonly required_decisions: readonly string[];
  readonly metadata: ExactRecord;
  /** Present for `advance_state`, `pause` and `block` alone. */
  readonly transition?: RunTransition;
}

/** Reads a control decision. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseControlDecision(value: ExactJson): ControlDecision {
  const record = recordOf(value, "invalid_control_decision");
  if (member(record, "raw_intent") !== undefined || member(record, "prompt") !== undefined)
    throw recordRefusal("raw_intent_not_control_decision");
  const decisionId = requiredText(record, ["decision_id", "id"], "missing_control_decision_id");
  const runId = requiredText(record, "run_id", "missing_run_id");
  const action = oneOf(CONTROL_ACTIONS, textField(record, "action"), "unknown_control_action");
  const metadata = mapField(record, "metadata", "invalid_control_metadata");
  refuseNamedKeys("control", metadata);
  const decision = {
    decision_id: decisionId,
    run_id: runId,
    action,
    reason_code: writtenText(record, "reason_code", "ok"),
    profile: writtenText(record, "profile", "generic"),
    event_refs: writtenTexts(record, "event_refs", "invalid_control_sequence"),
    required_decisions: writtenTexts(record, "required_decisions", "invalid_control_sequence"),
    metadata,
  };
  const transition = transitionOf(decision, textField(record, "from_state"), textField(record, "to_state"));
  // Whoever moves a run is searched as its state is.
  if (transition !== undefined) refuseForbiddenKeys("state", metadata);
  refuseForbiddenKeys("control", metadata);
  return transition === undefined ? decision : { ...decision, transition };
}

/** The run's state after the decision; one that moves nothing leaves it as it is. */
export function applyControlDecision(
  state: RunState,
  decision: ControlDecision,
  resolved: readonly string[] = [],
): RunState {
  if (decision.transition !== undefined) return applyTransition(state, decision.transition, resolved);
  if (decision.run_id !== state.run_id) throw recordRefusal("control_decision_run_mismatch");
  return state;
}

function transitionOf(
  decision: Omit<ControlDecision, "transition">,
  from: string,
  to: string,
): RunTransition | undefined {
  const { action } = decision;
  if (action === "record_only" || action === "request_profile_handoff") {
    if (from !== "" || to !== "") throw recordRefusal("record_control_must_not_claim_state_transition");
    return undefined;
  }
  if (from === "" || to === "") throw recordRefusal("control_decision_missing_state_transition");
  if (action === "pause" && to !== "paused") throw recordRefusal("pause_control_must_target_paused");
  if (action === "block" && to !== "blocked") throw recordRefusal("block_control_must_target_blocked");
  const transition = {
    run_id: decision.run_id,
    from_state: oneOf(RUN_STATES, from, "unknown_run_state"),
    to_state: oneOf(RUN_STATES, to, "unknown_run_state"),
    reason_code: decision.reason_code,
    event_ref: decision.event_refs.at(-1) ?? "",
    required_decisions: decision.required_decisions,
    metadata: {},
  };
  checkTransition(transition);
  return transition;
}
