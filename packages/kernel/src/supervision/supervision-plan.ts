import { JsonFraction, type ExactJson } from "@writ/canon";
import {
  integerMember,
  isExactList,
  isExactRecord,
  member,
  textOrEmpty,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { flagField, mapField, oneOf, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { RunnerRequest } from "./runner-request.ts";

/** Under what limits a host lets a request run (spec kernel.md §15). */
export interface SupervisionPlan {
  readonly plan_id: string;
  readonly request_id: string;
  readonly runner_profile: string;
  readonly dry_run: boolean;
  readonly live_backend_enabled: boolean;
  readonly timeout_seconds: number;
  readonly cwd_policy: "none" | "repo_root" | "explicit_path";
  readonly env_policy: "empty" | "allowlist";
  readonly stdin_policy: "none" | "bounded" | "forbidden";
  readonly receipt_required: true;
  readonly metadata: ExactRecord;
}

/** Reads a plan; an unknown policy is refused, never the default. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseSupervisionPlan(value: ExactJson): SupervisionPlan {
  const record = recordOf(value, "invalid_supervision_plan");
  const planId = requiredText(record, ["plan_id", "id"], "missing_supervision_plan_id");
  const requestId = requiredText(record, "request_id", "missing_supervision_request_id");
  const metadata = mapField(record, "metadata", "invalid_supervision_metadata");
  refuseForbiddenKeys("supervision", metadata);
  const plan = {
    plan_id: planId,
    request_id: requestId,
    runner_profile: textField(record, "runner_profile", "dry-run"),
    dry_run: flagField(record, "dry_run", true),
    live_backend_enabled: flagField(record, "live_backend_enabled", false),
    timeout_seconds: timeoutOf(member(record, "timeout_seconds") ?? 30),
    cwd_policy: policy(record, "cwd_policy", ["none", "repo_root", "explicit_path"]),
    env_policy: policy(record, "env_policy", ["empty", "allowlist"]),
    stdin_policy: policy(record, "stdin_policy", ["bounded", "none", "forbidden"]),
    metadata,
  } as const;
  if (!plan.dry_run && !plan.live_backend_enabled) throw recordRefusal("live_backend_disabled");
  if (!flagField(record, "receipt_required", true)) throw recordRefusal("runner_receipt_required");
  return { ...plan, receipt_required: true };
}

/** The plan of a request when its host says nothing else. */
export function supervisionPlanFor(
  requestId: string,
  more: Partial<Omit<SupervisionPlan, "request_id" | "receipt_required">> = {},
): SupervisionPlan {
  return parseSupervisionPlan({ plan_id: `${requestId}:supervision`, ...more, request_id: requestId });
}

/** Whether a request may run under the plan. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkSupervisedRequest(plan: SupervisionPlan, value: ExactJson): void {
  const record = recordOf(value, "invalid_runner_request");
  if (member(record, "raw_intent") !== undefined || member(record, "prompt") !== undefined)
    throw recordRefusal("raw_intent_runner_request_not_allowed");
  const spec = member(record, "approved_execution_spec");
  if (!isExactRecord(spec) || Object.keys(spec).length === 0) throw recordRefusal("missing_approved_execution_spec");
  if (textField(record, "request_id") !== plan.request_id) throw recordRefusal("supervision_request_mismatch");
  if (!flagField(record, "dry_run", true) && !plan.live_backend_enabled) throw recordRefusal("live_backend_disabled");
}

/** Whether a receipt belongs to the request that was supervised. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkSupervisedReceipt(request: Pick<RunnerRequest, "request_id" | "steps">, value: ExactJson): void {
  if (value === null) throw recordRefusal("missing_runner_receipt");
  const receipt = recordOf(value, "invalid_runner_receipt");
  if (textField(receipt, "request_id") !== request.request_id) throw recordRefusal("runner_receipt_request_mismatch");
  const bound = textOrEmpty(member(receipt, "binding"), "request_id");
  if (bound !== "" && bound !== request.request_id) throw recordRefusal("runner_receipt_binding_request_mismatch");
  const results = member(receipt, "step_results") ?? [];
  if (!isExactList(results)) throw recordRefusal("invalid_runner_receipt", 12);
  const known = new Set(request.steps.map(({ index }) => index));
  const strange = results.some((result) => !known.has(integerMember(result, "index") ?? Number.NaN));
  if (strange) throw recordRefusal("runner_receipt_step_mismatch");
}

function timeoutOf(value: ExactJson): number {
  const seconds = value instanceof JsonFraction ? value.value : value;
  if (typeof seconds !== "number") throw recordRefusal("invalid_supervision_timeout", 11);
  if (!(seconds > 0) || !Number.isFinite(seconds)) throw recordRefusal("invalid_supervision_timeout");
  return seconds;
}

function policy<Word extends string>(record: ExactRecord, key: string, words: readonly [Word, ...Word[]]): Word {
  return oneOf(words, textField(record, key, words[0]), `unknown_${key}`, 10);
}
