import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, recordOf, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import {
  RUNTIME_ACTIONS,
  stateAfterAction,
  type AnyRunState,
  type RuntimeActionName,
} from "../run-state/run-states.ts";

/** States a runtime shell shows (spec kernel.md §18); `idle` is a new run. */
export const RUNTIME_STATES = [
  "idle",
  "admitted",
  "policy_checked",
  "trust_checked",
  "gated",
  "running",
  "running_dry_run",
  "paused",
  "cooldown",
  "stopped",
  "cancelled",
  "blocked",
  "completed",
] as const;

export type RuntimeState = (typeof RUNTIME_STATES)[number];

/** What an operator asks of a run. */
export interface RuntimeAction {
  readonly action_id: string;
  readonly run_id: string;
  readonly action: RuntimeActionName;
  readonly reason_code: string;
  readonly requested_state: RuntimeState | "";
  readonly profile: string;
  readonly event_refs: readonly string[];
  readonly metadata: ExactRecord;
}

/** Reads an action; it asks for the state its name stands for. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRuntimeAction(value: ExactJson): RuntimeAction {
  const record = recordOf(value, "invalid_control_action");
  const said = textField(record, "action");
  const run = textField(record, "run_id");
  const actionId = textField(record, ["action_id", "id"], `${run}:${said}`);
  if (actionId === "") throw recordRefusal("missing_control_action_id");
  if (run === "") throw recordRefusal("missing_run_id");
  const action = oneOf(ACTION_NAMES, said, "unknown_control_action");
  const asked = textField(record, "requested_state", RUNTIME_ACTIONS[action]);
  const requested = asked === "" ? "" : oneOf(RUNTIME_STATES, asked, "unknown_runtime_state");
  if (requested !== RUNTIME_ACTIONS[action]) throw recordRefusal(`requested_state_mismatch:${action}->${asked}`, 19);
  const metadata = mapField(record, "metadata", "invalid_runtime_metadata");
  refuseForbiddenKeys("runtime", metadata);
  return {
    action_id: actionId,
    run_id: run,
    action,
    reason_code: textField(record, "reason_code", "operator_requested"),
    requested_state: requested,
    profile: textField(record, "profile", "generic"),
    event_refs: textsField(record, "event_refs", "invalid_runtime_sequence"),
    metadata,
  };
}

/**
 * The state of the run after an action (§27 no. 19): an illegal one is refused. What asks for `running` after a stop
 * leads to the gate, or to the beginning, not past them; a run with blockers can only be halted (no. 18).
 * Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function applyRuntimeAction(
  run: { readonly run_id: string; readonly state: AnyRunState; readonly blockers: readonly string[] },
  { run_id, action }: Pick<RuntimeAction, "run_id" | "action">,
): AnyRunState {
  if (run_id !== run.run_id) throw recordRefusal("control_action_run_mismatch");
  const next = stateAfterAction(run.state, action);
  if (next === null) throw recordRefusal(`illegal_control_action:${run.state}:${action}`, 19);
  const [blocker] = run.blockers;
  const halts = HALTS.has(action) || run.state === "cancelled";
  if (blocker !== undefined && !halts) throw recordRefusal(`unresolved_blocker:${blocker}`, 18);
  return next;
}

/** The shell's word for a state of a run; what is not completed is not shown as completed. */
export function runtimeStateOf(state: AnyRunState): RuntimeState {
  if (state === "new") return "idle";
  return state === "receipt_recorded" ? "running" : state;
}

const HALTS: ReadonlySet<RuntimeActionName> = new Set(["pause", "cooldown", "stop", "cancel", "record_only"]);

const ACTION_NAMES = Object.keys(RUNTIME_ACTIONS) as readonly RuntimeActionName[];
