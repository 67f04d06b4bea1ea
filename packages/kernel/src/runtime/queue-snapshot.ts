import type { ExactJson } from "@writ/canon";
import { isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

export interface QueueLane {
  readonly name: string;
  readonly count: number;
  readonly preview: readonly string[];
}

/** What waits in the queues of one run (spec kernel.md §18). */
export interface QueueSnapshot {
  readonly snapshot_id: string;
  readonly run_id: string;
  readonly lanes: readonly QueueLane[];
  readonly telemetry: ExactRecord;
  readonly saved_at: string;
  readonly profile: string;
  readonly metadata: ExactRecord;
}

/** Reads a snapshot; its lanes keep their order. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseQueueSnapshot(value: ExactJson): QueueSnapshot {
  const record = recordOf(value, "invalid_queue_snapshot");
  const snapshotId = requiredText(record, ["snapshot_id", "id"], "missing_queue_snapshot_id");
  const runId = requiredText(record, "run_id", "missing_run_id");
  const lanes = member(record, "lanes") ?? [];
  if (!isExactList(lanes) || lanes.length > LANES_MAX) throw recordRefusal("invalid_runtime_sequence", 12);
  const snapshot = {
    snapshot_id: snapshotId,
    run_id: runId,
    lanes: lanes.map(parseLane),
    telemetry: mapField(record, "telemetry", "invalid_runtime_metadata"),
    saved_at: textField(record, "saved_at"),
    profile: textField(record, "profile", "generic"),
    metadata: mapField(record, "metadata", "invalid_runtime_metadata"),
  };
  refuseForbiddenKeys("runtime", snapshot.telemetry);
  refuseForbiddenKeys("runtime", snapshot.metadata);
  return snapshot;
}

/** A snapshot of queues as they are: lanes by name, each with the number of its items and the first `preview` of them. */
export function queueSnapshotOf(
  names: { readonly snapshotId: string; readonly runId: string; readonly savedAt?: string },
  queues: ReadonlyMap<string, readonly string[]>,
  preview = 0,
): QueueSnapshot {
  const lanes = [...queues]
    .map(([name, items]) => ({ name, count: items.length, preview: items.slice(0, preview) }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const { snapshotId, runId, savedAt = "" } = names;
  return parseQueueSnapshot({ snapshot_id: snapshotId, run_id: runId, saved_at: savedAt, lanes });
}

/** Most lanes of one run. */
const LANES_MAX = 1_000;

function parseLane(value: ExactJson): QueueLane {
  const record = recordOf(value, "invalid_queue_lane");
  const name = requiredText(record, "name", "missing_queue_lane_name");
  const count = member(record, "count") ?? 0;
  if (typeof count !== "number" || !Number.isSafeInteger(count)) throw recordRefusal("invalid_queue_lane_count", 11);
  if (count < 0) throw recordRefusal("negative_queue_lane_count");
  const preview = textsField(record, "preview", "invalid_runtime_sequence");
  if (preview.length > count) throw recordRefusal("queue_preview_exceeds_count");
  return { name, count, preview };
}
