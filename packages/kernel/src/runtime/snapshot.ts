import type { ExactJson } from "@writ/canon";
import { isExactList, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseQueueSnapshot, type QueueSnapshot } from "./queue-snapshot.ts";
import { parseRuntimeAction, RUNTIME_STATES, type RuntimeAction, type RuntimeState } from "./runtime-action.ts";

/** What a runtime shell shows of one run (spec kernel.md §18). */
export interface RuntimeSnapshot {
  readonly snapshot_id: string;
  readonly run_id: string;
  readonly state: RuntimeState;
  readonly control_actions: readonly RuntimeAction[];
  readonly queue_snapshot: QueueSnapshot | null;
  readonly updated_at: string;
  readonly profile: string;
  readonly non_claims: readonly string[];
  readonly metadata: ExactRecord;
}

/** Reads a snapshot; queue and actions are those of its run. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRuntimeSnapshot(value: ExactJson): RuntimeSnapshot {
  const record = recordOf(value, "invalid_runtime_snapshot");
  const snapshotId = requiredText(record, ["snapshot_id", "id"], "missing_runtime_snapshot_id");
  const runId = requiredText(record, "run_id", "missing_run_id");
  const state = oneOf(RUNTIME_STATES, textField(record, "state", "idle"), "unknown_runtime_state");
  const queue = memberOrNull(record, "queue_snapshot");
  const snapshot = queue === null ? null : parseQueueSnapshot(queue);
  if (snapshot !== null && snapshot.run_id !== runId) throw recordRefusal("queue_snapshot_run_mismatch");
  const actions = actionsOf(member(record, "control_actions") ?? []);
  if (actions.some((action) => action.run_id !== runId)) throw recordRefusal("control_action_run_mismatch");
  const metadata = mapField(record, "metadata", "invalid_runtime_metadata");
  refuseForbiddenKeys("runtime", metadata);
  return {
    snapshot_id: snapshotId,
    run_id: runId,
    state,
    control_actions: actions,
    queue_snapshot: snapshot,
    updated_at: textField(record, "updated_at"),
    profile: textField(record, "profile", "generic"),
    non_claims: textsField(record, "non_claims", "invalid_runtime_sequence"),
    metadata,
  };
}

/** A scheduler's report about one run: what is due, never what to do. */
export interface SchedulerTick {
  readonly tick_id: string;
  readonly run_id: string;
  readonly due_action_refs: readonly string[];
  readonly heartbeat_status: string;
  readonly metadata: ExactRecord;
}

/** Reads a tick. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseSchedulerTick(value: ExactJson): SchedulerTick {
  const record = recordOf(value, "invalid_scheduler_tick");
  const tick = {
    tick_id: requiredText(record, ["tick_id", "id"], "missing_scheduler_tick_id"),
    run_id: requiredText(record, "run_id", "missing_run_id"),
    due_action_refs: textsField(record, "due_action_refs", "invalid_runtime_sequence"),
    heartbeat_status: textField(record, "heartbeat_status", "unknown"),
    metadata: mapField(record, "metadata", "invalid_runtime_metadata"),
  };
  refuseForbiddenKeys("runtime", tick.metadata);
  return tick;
}

/** Most actions one snapshot lists. */
const ACTIONS_MAX = 10_000;

function actionsOf(value: ExactJson): readonly RuntimeAction[] {
  if (!isExactList(value) || value.length > ACTIONS_MAX) throw recordRefusal("invalid_runtime_sequence", 12);
  return value.map(parseRuntimeAction);
}
