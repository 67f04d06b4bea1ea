import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { mapField, recordOf, requiredText, writtenText } from "../control/record-fields.ts";

/** One sighting of a guarded bundle (spec kernel.md §20.5). */
export interface ReplayRecord {
  readonly root_tag: string;
  readonly chain_id: string;
  readonly key_id: string;
  readonly root_chain_digest: string;
  readonly ticket_id: string;
  readonly run_id: string;
  readonly guard_profile: string;
  readonly observed_at: string;
  readonly metadata: ExactRecord;
}

export interface ReplayDecision {
  readonly status: "allowed" | "blocked";
  readonly allowed: boolean;
  readonly replay_status: "fresh" | "seen" | "replayed" | "blocked";
  readonly record: ReplayRecord;
  readonly first_seen: ReplayRecord | null;
  readonly blocker: string;
  readonly next_action: string;
}

/** Reads a replay record. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseReplayRecord(value: ExactJson): ReplayRecord {
  const record = recordOf(value, "invalid_guard_replay_record");
  return {
    root_tag: requiredText(record, "root_tag", "missing_root_tag"),
    chain_id: requiredText(record, "chain_id", "missing_chain_id"),
    key_id: requiredText(record, "key_id", "missing_key_id"),
    root_chain_digest: writtenText(record, "root_chain_digest"),
    ticket_id: writtenText(record, "ticket_id"),
    run_id: writtenText(record, "run_id"),
    guard_profile: writtenText(record, ["guard_profile", "profile"], "kernel_guard_hmac_v1"),
    observed_at: writtenText(record, "observed_at"),
    metadata: mapField(record, "metadata", "invalid_replay_metadata"),
  };
}

/**
 * Whether the bundle was seen before; the first prior that matches decides. The same payload under new nonces is still
 * a replay. The host stores the record exactly when the answer is `fresh`, under a guard in the same transaction.
 */
export function evaluateReplay(
  record: ReplayRecord,
  priors: readonly ReplayRecord[],
  requireFresh: boolean,
): ReplayDecision {
  for (const prior of priors) {
    const blocker = matchOf(record, prior);
    if (blocker === undefined) continue;
    if (!requireFresh) return { ...answer(record, prior), status: "allowed", allowed: true, replay_status: "seen" };
    return {
      ...answer(record, prior),
      status: "blocked",
      allowed: false,
      replay_status: "replayed",
      blocker,
      next_action: "reject_or_review_replayed_guarded_bundle",
    };
  }
  return { ...answer(record, null), status: "allowed", allowed: true, replay_status: "fresh" };
}

function matchOf(record: ReplayRecord, prior: ReplayRecord): string | undefined {
  const sameKey = prior.key_id === record.key_id;
  const { root_chain_digest: digest } = record;
  if (digest !== "" && digest === prior.root_chain_digest && sameKey && replaySubject(record) === replaySubject(prior))
    return `replayed_guarded_payload:${digest}`;
  if (prior.root_tag === record.root_tag && prior.chain_id === record.chain_id && sameKey)
    return `replayed_guard_root:${record.root_tag}`;
  return undefined;
}

/** What a payload was guarded for: its ticket, else its chain. */
export function replaySubject({ ticket_id, chain_id }: ReplayRecord): string {
  return ticket_id === "" ? chain_id : ticket_id;
}

function answer(
  record: ReplayRecord,
  first_seen: ReplayRecord | null,
): Pick<ReplayDecision, "record" | "first_seen" | "blocker" | "next_action"> {
  return { record, first_seen, blocker: "", next_action: "" };
}
