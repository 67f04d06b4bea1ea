import type { ExactJson } from "@writ/canon";
import { isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { recordOf } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseReplayRecord, type ReplayDecision, type ReplayRecord } from "./replay.ts";

/** Under this key a host's state store keeps the records (spec kernel.md §19.2). */
export const REPLAY_STORE_KEY = "guard_replay_store";

/** Most records of one imported store; the product's own claims are rows of its log. */
const RECORDS_MAX = 100_000;

/** Why a store cannot be used. */
export type StoreFault = "missing" | "unreadable" | "invalid";

/** Reads a store (spec kernel.md §20.5). Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseReplayStore(value: ExactJson): readonly ReplayRecord[] {
  const store = recordOf(value, "invalid_guard_replay_store");
  const known = member(store, "artifact_type") === REPLAY_STORE_KEY && member(store, "schema_version") === "v0.1";
  const records = member(store, "records");
  if (!known || !isExactList(records) || records.length > RECORDS_MAX)
    throw recordRefusal("invalid_guard_replay_store");
  return records.map(parseReplayRecord);
}

export function replayStore(records: readonly ReplayRecord[]): ExactRecord {
  const written = records.map((record) => ({ ...record }));
  return { artifact_type: REPLAY_STORE_KEY, schema_version: "v0.1", records: written };
}

/** A store that cannot be used blocks; its bytes are left for whoever repairs it. */
export function blockedByStore(record: ReplayRecord, fault: StoreFault): ReplayDecision {
  return {
    status: "blocked",
    allowed: false,
    replay_status: "blocked",
    record,
    first_seen: null,
    blocker: `guard_replay_store_${fault}`,
    next_action: "repair_or_replace_local_guard_replay_store",
  };
}
