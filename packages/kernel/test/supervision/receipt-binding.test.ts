import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  bindRunnerReceipt,
  checkRunnerReceipt,
  dryRun,
  RUNNER_RECEIPT_STATUSES,
  kernelRecordDigest,
  parseRunnerRequest,
  runnerReceiptDigest,
  runnerRequestDigest,
  runnerRequestFor,
  type BindingEvidence,
  type ExactRecord,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const spec = {
  spec_version: "2026-03-18.approved.v1",
  approval: { decision: "approve" },
  execution_truth: { artifact_type: "approved_execution_spec", execution_plan: [{ tool: "curl", args: ["-I"] }] },
};
const request = runnerRequestFor(spec, { requestId: "r" });
const admissionRecord = { admission_id: "a", allowed: true };
const admissionType = "govengine.admission.RuntimeAdmissionResult";
const admission = {
  id: "a",
  record: admissionRecord,
  digest: kernelRecordDigest({ recordType: admissionType, record: admissionRecord }),
};
const ticket = { id: "t", digest: `sha256:${"1".repeat(64)}` };
const requestDigest = runnerRequestDigest(request);
const bound = {
  admission_id: "a",
  admission_digest: admission.digest,
  ticket_id: "t",
  ticket_digest: ticket.digest,
  request_id: "r",
  request_digest: requestDigest,
  receipt_id: "rc",
  status: "succeeded",
  output_digests: { stdout: "sha256:0" },
};

/** A receipt and what the host knows of it; `more` changes the binding before the receipt is digested. */
function told(more: object = {}): { receipt: ExactRecord; evidence: BindingEvidence } {
  const blank = { request_id: "r", status: "succeeded", step_results: [{ index: 0 }], reason_code: "ok" };
  const binding: ExactRecord = { ...bound, receipt_digest: "", ...more };
  const receiptDigest = runnerReceiptDigest({ ...blank, binding });
  const receipt = { ...blank, binding: { ...binding, receipt_digest: receiptDigest, ...more } };
  return { receipt, evidence: { request, admission, ticket, requestDigest, receiptDigest } };
}

test("a receipt that is bound to all it names is summed up without its output", () => {
  const { receipt, evidence } = told();
  expect(checkRunnerReceipt(receipt, evidence)).toEqual({
    receipt_id: "rc",
    request_id: "r",
    admission_id: "a",
    ticket_id: "t",
    status: "succeeded",
    reason_code: "ok",
    step_count: 1,
    request_digest: requestDigest,
    receipt_digest: evidence.receiptDigest,
    output_digest_count: 1,
    evidence_ref_count: 0,
  });
});

test("references that are plain are counted, and a receipt that lists no steps has none", () => {
  const { receipt, evidence } = told({ evidence_refs: { a: "ref", b: 1 } });
  expect(checkRunnerReceipt(receipt, evidence)).toMatchObject({ evidence_ref_count: 2, step_count: 1 });
  const { step_results: _, ...listless } = receipt;
  const receiptDigest = runnerReceiptDigest(listless);
  const rebound = { ...listless, binding: { ...(listless["binding"] as object), receipt_digest: receiptDigest } };
  expect(checkRunnerReceipt(rebound, { ...evidence, receiptDigest })).toMatchObject({ step_count: 0 });
});

test("a binding that says nothing is no part of a receipt's digest, and one that says anything is", () => {
  const blank: ExactRecord = { request_id: "r", status: "succeeded" };
  const bare = runnerReceiptDigest(blank);
  for (const binding of [{}, { a: "", b: null, c: [], d: {} }])
    expect(runnerReceiptDigest({ ...blank, binding })).toBe(bare);
  for (const item of [0, false, [0], { a: "" }, "x"])
    expect(runnerReceiptDigest({ ...blank, binding: { a: item } })).not.toBe(bare);
});

test("a receipt's digest covers all of its binding but the digest itself", () => {
  const digestOf = (binding: ExactRecord) => runnerReceiptDigest({ request_id: "r", binding });
  expect(digestOf({ ...bound, receipt_digest: "x" })).toBe(digestOf({ ...bound, receipt_digest: "" }));
  for (const key of Object.keys(bound)) expect(digestOf({ ...bound, [key]: "other" }), key).not.toBe(digestOf(bound));
});

describe("a binding is refused for the first of its faults", () => {
  const ORDER: readonly [reason: string, fault: object][] = [
    ["missing_runner_receipt_binding_admission_id", { admission_id: "" }],
    ["missing_runner_receipt_binding_admission_digest", { admission_digest: "" }],
    ["missing_runner_receipt_binding_ticket_id", { ticket_id: "" }],
    ["missing_runner_receipt_binding_ticket_digest", { ticket_digest: "" }],
    ["missing_runner_receipt_binding_request_id", { request_id: "" }],
    ["runner_receipt_binding_request_mismatch", { request_id: "q" }],
    ["missing_runner_receipt_binding_request_digest", { request_digest: "" }],
    ["missing_runner_receipt_binding_receipt_id", { receipt_id: "" }],
    ["missing_runner_receipt_binding_receipt_digest", { receipt_digest: "" }],
    ["missing_runner_receipt_binding_status", { status: "" }],
    ["runner_receipt_binding_status_mismatch", { status: "failed" }],
    ["runner_receipt_binding_admission_id_mismatch", { admission_id: "x" }],
    ["runner_receipt_binding_admission_digest_mismatch", { admission_digest: "x" }],
    ["runner_receipt_binding_ticket_id_mismatch", { ticket_id: "x" }],
    ["runner_receipt_binding_ticket_digest_mismatch", { ticket_digest: "x" }],
    ["runner_receipt_binding_request_digest_mismatch", { request_digest: "x" }],
    ["runner_receipt_binding_receipt_digest_mismatch", { receipt_digest: "x" }],
  ];
  const cases = ORDER.map(([reason, fault], at) => {
    const later = ORDER.slice(at + 1).findLast(([, other]) => Object.keys(other)[0] !== Object.keys(fault)[0]);
    return [reason, { ...later?.[1], ...fault }] as const;
  });

  test.each(cases)("%s, whatever is wrong after it", (reason, faults) => {
    const { receipt, evidence } = told(faults);
    expect(refusalOf(() => checkRunnerReceipt(receipt, evidence))).toBe(reason);
  });

  test.each<[string, (given: ReturnType<typeof told>) => [ExactJson, BindingEvidence]]>([
    ["missing_runner_receipt_binding", ({ receipt, evidence }) => [{ ...receipt, binding: {} }, evidence]],
    ["forbidden_runner_receipt_binding:stdout", ({ evidence }) => [told({ STDOUT: 1 }).receipt, evidence]],
    ["invalid_runner_receipt_binding_ref", ({ evidence }) => [told({ evidence_refs: { a: [] } }).receipt, evidence]],
    ["invalid_runner_receipt_binding_ref", ({ evidence }) => [told({ evidence_refs: { a: {} } }).receipt, evidence]],
    [
      "invalid_runner_receipt_binding_ref",
      ({ evidence }) => [told({ evidence_refs: { a: "ref", b: {} } }).receipt, evidence],
    ],
    [
      "runtime_admission_digest_mismatch",
      ({ receipt, evidence }) => [receipt, { ...evidence, admission: { ...admission, record: { allowed: false } } }],
    ],
    [
      "runner_request_digest_mismatch",
      ({ receipt, evidence }) => [receipt, { ...evidence, request: { ...request, dry_run: false } }],
    ],
    ["runner_receipt_digest_mismatch", ({ receipt, evidence }) => [{ ...receipt, reason_code: "other" }, evidence]],
    [
      "unknown_runner_receipt_status:fine",
      ({ evidence }) => [{ ...told({ status: "fine" }).receipt, status: "fine" }, evidence],
    ],
  ])("%s", (reason, change) => {
    const [receipt, evidence] = change(told());
    expect(refusalOf(() => checkRunnerReceipt(receipt, evidence))).toBe(reason);
  });
});

test("a request of a spec reads back as itself, and has one digest", () => {
  expect(parseRunnerRequest({ ...request } as unknown as ExactJson)).toEqual(request);
  expect(request).toMatchObject({ source: "approved_execution_spec", dry_run: true, schema_version: "v0.1" });
  expect(runnerRequestDigest(request)).not.toBe(runnerRequestDigest({ ...request, dry_run: false }));
  expect(refusalOf(() => runnerRequestFor({}))).toBe("invalid_approved_execution_spec_version:missing");
});

describe("a receipt that is bound here", () => {
  const evidence = { request, admission, ticket, requestDigest };
  const dry = { ...dryRun({ ...request } as unknown as ExactJson) } as unknown as ExactRecord;

  test.each(RUNNER_RECEIPT_STATUSES)("holds what it binds, when it is %s", (status) => {
    const outputDigests = { stdout: `sha256:${"2".repeat(64)}` };
    const { receipt, receiptDigest } = bindRunnerReceipt({ ...dry, status }, evidence, {
      receiptId: "rc",
      outputDigests,
    });
    expect(checkRunnerReceipt(receipt, { ...evidence, receiptDigest })).toMatchObject({
      status,
      receipt_digest: receiptDigest,
      output_digest_count: 1,
    });
    const changed = { ...receipt, step_results: [] };
    expect(refusalOf(() => checkRunnerReceipt(changed, { ...evidence, receiptDigest }))).toBe(
      "runner_receipt_digest_mismatch",
    );
  });

  test.each<[string, () => unknown]>([
    ["missing_runner_receipt_binding_receipt_id", () => bindRunnerReceipt(dry, evidence, { receiptId: "" })],
    [
      "runner_receipt_binding_request_mismatch",
      () => bindRunnerReceipt({ ...dry, request_id: "q" }, evidence, { receiptId: "rc" }),
    ],
    [
      "unknown_runner_receipt_status:fine",
      () => bindRunnerReceipt({ ...dry, status: "fine" }, evidence, { receiptId: "rc" }),
    ],
  ])("is refused with %s", (reason, run) => {
    expect(refusalOf(run)).toBe(reason);
  });
});
