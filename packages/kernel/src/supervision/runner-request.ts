import type { ExactJson } from "@writ/canon";
import { isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { flagField, recordOf, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { approvedSteps, checkApprovedSpec } from "../specs/approved-spec.ts";
import { parseRunnerSteps, type RunnerStep } from "./runner-step.ts";

/** What a runner is asked to do (spec kernel.md §15). */
export interface RunnerRequest {
  readonly request_id: string;
  readonly source: string;
  readonly schema_version: "v0.1";
  readonly steps: readonly RunnerStep[];
  readonly approved_execution_spec: ExactRecord;
  readonly execution_ticket_gate: ExactRecord;
  readonly dry_run: boolean;
}

/** The request of an approved spec; dry unless said otherwise. Throws `GOVERNANCE_RECORD_INVALID`. */
export function runnerRequestFor(
  spec: ExactJson,
  options: { readonly requestId?: string; readonly ticketGate?: ExactRecord; readonly dryRun?: boolean } = {},
): RunnerRequest {
  checkApprovedSpec(spec);
  return {
    request_id: options.requestId ?? DEFAULT_REQUEST_ID,
    source: DEFAULT_SOURCE,
    schema_version: "v0.1",
    steps: approvedSteps(spec).map(({ tool, args, stdin = "" }, index) => ({ index, tool, args, stdin })),
    approved_execution_spec: spec,
    execution_ticket_gate: options.ticketGate ?? { status: "not_required" },
    dry_run: options.dryRun ?? true,
  };
}

/** Reads a request. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseRunnerRequest(value: ExactJson): RunnerRequest {
  const record = recordOf(value, "invalid_runner_request");
  const version = textField(record, "schema_version", "v0.1");
  if (version !== "v0.1") throw recordRefusal(`unknown_runner_request_schema_version:${version}`, 10);
  return {
    request_id: textField(record, "request_id", DEFAULT_REQUEST_ID),
    source: textField(record, "source", DEFAULT_SOURCE),
    schema_version: "v0.1",
    steps: parseRunnerSteps(member(record, "steps")),
    approved_execution_spec: mapOr(record, "approved_execution_spec", {}),
    execution_ticket_gate: mapOr(record, "execution_ticket_gate", { status: "not_required" }),
    // Absence never means a live run.
    dry_run: flagField(record, "dry_run", true),
  };
}

/** `sha256:` and 64 hex digits over the request as it is stored. */
export function runnerRequestDigest(request: RunnerRequest): string {
  const recordType = "govengine.execution.runner_protocol.GovRunnerRequest";
  return kernelRecordDigest({ recordType, record: { ...request, steps: request.steps.map((step) => ({ ...step })) } });
}

const DEFAULT_REQUEST_ID = "approved-spec-request";
const DEFAULT_SOURCE = "approved_execution_spec";

function mapOr(record: ExactRecord, key: string, fallback: ExactRecord): ExactRecord {
  const found = member(record, key) ?? fallback;
  if (!isExactRecord(found)) throw recordRefusal(`invalid_runner_request_${key}`, 12);
  return found;
}
