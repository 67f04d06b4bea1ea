import { type ExactJson, JsonFraction } from "@writ/canon";
import type { AdmissionDecision } from "../admission/admission-decision.ts";
import { member } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { admit, checkAdmission, type Ruling } from "./admission.ts";
import type { ApprovalPort } from "./approval-port.ts";
import { requestReader, type RequestHead, type RequestReader } from "./request-fields.ts";

export const SUPERVISOR_ACTIONS = [
  "record_health",
  "renew_lease",
  "mark_stale",
  "escalate_operator",
  "move_to_dead_letter",
  "retry_later",
  "block_autostart",
] as const;

/** What a supervisor wants to do to a run it watches (spec kernel.md §24). */
export interface SupervisorAction extends RequestHead {
  readonly action: (typeof SUPERVISOR_ACTIONS)[number];
  readonly reason_code: string;
  /** The person's sign-off, by reference; `""` when nobody signed. */
  readonly signoff_ref: string;
  readonly inbox_item_id: string;
  readonly attempt_count: number;
  /** 0 stands for no limit. */
  readonly max_attempts: number;
  readonly operation_id: string;
  readonly age_seconds: JsonFraction;
  readonly max_age_seconds: JsonFraction;
}

/** Reads a supervisor's request. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseSupervisorAction(value: ExactJson): SupervisorAction {
  const read = requestReader(value, "supervisor_action", FIELDS);
  const action = read.choice("action", SUPERVISOR_ACTIONS, "unknown_supervisor_action");
  const request = {
    ...read.head,
    action,
    reason_code: read.text("reason_code"),
    signoff_ref: read.optionalText("signoff_ref"),
    inbox_item_id: read.optionalText("inbox_item_id"),
    attempt_count: optionalCount(read, "attempt_count"),
    max_attempts: optionalCount(read, "max_attempts"),
    operation_id: read.optionalText("operation_id"),
    age_seconds: seconds(read, "age_seconds"),
    max_age_seconds: seconds(read, "max_age_seconds"),
  };
  if (RETRIES.has(action) && request.inbox_item_id === "")
    throw recordRefusal("missing_supervisor_action_inbox_item_id");
  if (action === "block_autostart" && request.operation_id === "")
    throw recordRefusal("missing_supervisor_action_operation_id");
  return request;
}

/** Whether the supervisor may. A sign-off counts when the host's port says it is of exactly this request (§27 no. 22). */
export function admitSupervisorAction(request: SupervisorAction, isSignedOff?: ApprovalPort): AdmissionDecision {
  const digest = supervisorActionDigest(request);
  return admit("supervisor_action", { ...request, digest }, rulingOf(request, digest, isSignedOff));
}

/** Computes a stored admission again. Throws `supervisor_action_admission_drift`. */
export function checkSupervisorAdmission(
  stored: ExactJson,
  request: SupervisorAction,
  isSignedOff?: ApprovalPort,
): AdmissionDecision {
  return checkAdmission("supervisor_action", stored, admitSupervisorAction(request, isSignedOff));
}

export function supervisorActionDigest(request: SupervisorAction): string {
  const recordType = "govengine.supervisor_actions.SupervisorActionRequest";
  return kernelRecordDigest({ recordType, record: { ...request } });
}

function rulingOf(request: SupervisorAction, digest: string, isSignedOff: ApprovalPort | undefined): Ruling {
  const { action, signoff_ref: signoff } = request;
  if (action === "record_health") return { outcome: "record_only", reason_code: "supervisor_action_record_only" };
  if (SIGNED.has(action) && !(signoff !== "" && isSignedOff?.(signoff, digest) === true))
    return { outcome: "deferred", reason_code: "supervisor_action_requires_human_signoff" };
  const { attempt_count: attempts, max_attempts: most } = request;
  if (RETRIES.has(action) && most > 0 && attempts > most)
    return { outcome: "denied", reason_code: "supervisor_action_retry_budget_exceeded" };
  if (action === "block_autostart" && request.age_seconds.value > request.max_age_seconds.value)
    return { outcome: "denied", reason_code: "supervisor_action_stale_age_exceeded" };
  return { outcome: "allowed", reason_code: "supervisor_action_allowed" };
}

function optionalCount(read: RequestReader, key: string): number {
  return member(read.record, key) === undefined ? 0 : read.count(key);
}

function seconds(read: RequestReader, key: string): JsonFraction {
  const found = member(read.record, key) ?? 0;
  const value = found instanceof JsonFraction ? found.value : found;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0)
    throw recordRefusal(`invalid_supervisor_action_${key}`);
  return new JsonFraction(Number.isInteger(value) ? `${String(value)}.0` : String(value));
}

const SIGNED: ReadonlySet<string> = new Set(["renew_lease", "mark_stale", "escalate_operator"]);
const RETRIES: ReadonlySet<string> = new Set(["move_to_dead_letter", "retry_later"]);
const FIELDS =
  "action reason_code signoff_ref inbox_item_id attempt_count max_attempts operation_id age_seconds max_age_seconds";
