import type { ExactJson } from "@writ/canon";
import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "./forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, writtenText, writtenTexts } from "./record-fields.ts";
import { recordRefusal } from "./record-refusal.ts";

export const EVENT_TYPES = [
  "artifact_state_changed",
  "policy_decision_recorded",
  "trust_decision_recorded",
  "runner_receipt_recorded",
  "ooda_control_decision_recorded",
  "profile_handoff_requested",
  "profile_handoff_completed",
] as const;

export interface GovernanceEvent {
  readonly event_type: (typeof EVENT_TYPES)[number];
  readonly subject: string;
  readonly status: string;
  readonly profile: string;
  readonly refs: readonly string[];
  readonly payload: ExactRecord;
}

/** An event that was recorded; it says nothing of delivery (spec kernel.md §17). */
export interface EventEnvelope {
  readonly event: GovernanceEvent;
  readonly source: string;
  readonly correlation_id: string;
  readonly sequence: number;
  readonly metadata: ExactRecord;
}

/** Reads an envelope. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseEventEnvelope(value: ExactJson): EventEnvelope {
  const record = recordOf(value, "invalid_event_envelope");
  if (["delivery", "transport", "schedule"].some((key) => member(record, key) !== undefined))
    throw recordRefusal("event_envelope_must_not_claim_delivery_or_schedule");
  const event = member(record, "event");
  if (!isExactRecord(event)) throw recordRefusal("missing_event");
  const metadata = mapField(record, "metadata", "invalid_event_metadata");
  refuseForbiddenKeys("event", metadata);
  const sequence = member(record, "sequence") ?? 0;
  return {
    event: parseEvent(event),
    source: writtenText(record, "source", "host_runtime"),
    correlation_id: writtenText(record, "correlation_id"),
    sequence: sequenceOf(sequence),
    metadata,
  };
}

function parseEvent(record: ExactRecord): GovernanceEvent {
  const type = requiredText(record, ["event_type", "type"], "missing_event_type");
  const eventType = oneOf(EVENT_TYPES, type, "unknown_event_type");
  const subject = requiredText(record, "subject", "missing_event_subject");
  const payload = mapField(record, "payload", "invalid_event_payload");
  refuseForbiddenKeys("event", payload);
  return {
    event_type: eventType,
    subject,
    status: writtenText(record, "status", "recorded"),
    profile: writtenText(record, "profile", "generic"),
    refs: writtenTexts(record, "refs", "invalid_event_refs"),
    payload,
  };
}

function sequenceOf(value: ExactJson): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw recordRefusal("invalid_event_sequence", 11);
  return value;
}
