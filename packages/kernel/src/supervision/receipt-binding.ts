import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { mapField, recordOf, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { refuseForbiddenBindingKeys } from "../control/forbidden-keys.ts";
import { runnerRequestDigest, type RunnerRequest } from "./runner-request.ts";

export const RUNNER_RECEIPT_STATUSES = ["dry-run", "succeeded", "blocked", "failed", "interrupted"] as const;

/** What the host knows by itself, to hold a receipt's binding against. */
export interface BindingEvidence {
  readonly request: RunnerRequest;
  /** The admission's own record, whose digest is computed here. */
  readonly admission: { readonly id: string; readonly record: ExactRecord; readonly digest: string };
  readonly ticket: { readonly id: string; readonly digest: string };
  /** Digests as they were recorded when request and receipt were stored. */
  readonly requestDigest: string;
  readonly receiptDigest: string;
}

/**
 * Holds a runner's receipt against admission, ticket and request, in the order of spec kernel.md §15; the first that
 * differs is refused. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function checkRunnerReceipt(value: ExactJson, evidence: BindingEvidence): ReceiptSummary {
  const receipt = recordOf(value, "invalid_runner_receipt");
  const binding = bindingOf(receipt);
  const said = (name: string): string => textField(binding, name);
  const present = (...names: readonly string[]): void => {
    for (const name of names) if (said(name) === "") throw recordRefusal(`missing_${BINDING}_${name}`);
  };
  const same = (holds: boolean, reason: string): void => {
    if (!holds) throw recordRefusal(reason);
  };
  present("admission_id", "admission_digest", "ticket_id", "ticket_digest", "request_id");
  same(said("request_id") === textField(receipt, "request_id"), `${BINDING}_request_mismatch`);
  present("request_digest", "receipt_id", "receipt_digest", "status");
  same(said("status") === textField(receipt, "status"), `${BINDING}_status_mismatch`);
  same(STATUSES.has(said("status")), `unknown_runner_receipt_status:${said("status")}`);
  const { admission, ticket, request, requestDigest, receiptDigest } = evidence;
  same(said("admission_id") === admission.id, `${BINDING}_admission_id_mismatch`);
  same(admissionDigest(admission.record) === admission.digest, "runtime_admission_digest_mismatch");
  same(said("admission_digest") === admission.digest, `${BINDING}_admission_digest_mismatch`);
  same(said("ticket_id") === ticket.id, `${BINDING}_ticket_id_mismatch`);
  same(said("ticket_digest") === ticket.digest, `${BINDING}_ticket_digest_mismatch`);
  same(runnerRequestDigest(request) === requestDigest, "runner_request_digest_mismatch");
  same(said("request_digest") === requestDigest, `${BINDING}_request_digest_mismatch`);
  same(runnerReceiptDigest(receipt) === receiptDigest, "runner_receipt_digest_mismatch");
  same(said("receipt_digest") === receiptDigest, `${BINDING}_receipt_digest_mismatch`);
  return summaryOf(receipt, binding);
}

/** What of a receipt may be shown to everybody: never output. */
export interface ReceiptSummary {
  readonly receipt_id: string;
  readonly request_id: string;
  readonly admission_id: string;
  readonly ticket_id: string;
  readonly status: string;
  readonly reason_code: string;
  readonly step_count: number;
  readonly request_digest: string;
  readonly receipt_digest: string;
  readonly output_digest_count: number;
  readonly evidence_ref_count: number;
}

/** `sha256:` and 64 hex digits over the receipt, its own digest emptied and an empty binding left out. */
export function runnerReceiptDigest(receipt: ExactRecord): string {
  const { binding, ...rest } = receipt;
  const bound = isExactRecord(binding) && Object.values(binding).some((item) => !isBlank(item));
  const record = bound ? { ...rest, binding: { ...binding, receipt_digest: "" } } : rest;
  return kernelRecordDigest({ recordType: "govengine.execution.runner_protocol.GovRunnerReceipt", record });
}

const BINDING = "runner_receipt_binding";
const STATUSES: ReadonlySet<string> = new Set(RUNNER_RECEIPT_STATUSES);

function admissionDigest(record: ExactRecord): string {
  return kernelRecordDigest({ recordType: "govengine.admission.RuntimeAdmissionResult", record });
}

function bindingOf(receipt: ExactRecord): ExactRecord {
  const binding = memberOrNull(receipt, "binding");
  if (!isExactRecord(binding) || Object.keys(binding).length === 0) throw recordRefusal(`missing_${BINDING}`);
  refuseForbiddenBindingKeys(binding);
  for (const ref of Object.values(mapField(binding, "evidence_refs", "invalid_runner_receipt_binding_ref")))
    if (isExactList(ref) || isExactRecord(ref)) throw recordRefusal("invalid_runner_receipt_binding_ref");
  return binding;
}

function summaryOf(receipt: ExactRecord, binding: ExactRecord): ReceiptSummary {
  const steps = member(receipt, "step_results");
  const count = (key: string): number => Object.keys(mapField(binding, key, "invalid_runner_receipt")).length;
  return {
    receipt_id: textField(binding, "receipt_id"),
    request_id: textField(binding, "request_id"),
    admission_id: textField(binding, "admission_id"),
    ticket_id: textField(binding, "ticket_id"),
    status: textField(binding, "status"),
    reason_code: textField(receipt, "reason_code"),
    step_count: isExactList(steps) ? steps.length : 0,
    request_digest: textField(binding, "request_digest"),
    receipt_digest: textField(binding, "receipt_digest"),
    output_digest_count: count("output_digests"),
    evidence_ref_count: count("evidence_refs"),
  };
}

function isBlank(value: ExactJson): boolean {
  if (isExactRecord(value)) return Object.keys(value).length === 0;
  return value === "" || value === null || (isExactList(value) && value.length === 0);
}
