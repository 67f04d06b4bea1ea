import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { kernelRecordDigest } from "@writ/kernel";
import { checkReceiptBinding, evaluateGovernance, receiptConformance } from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import { activationSample, digit, requestSample, type Json } from "./request-sample.ts";

const lease = digit("b");
const request = { ...requestSample(), lease_id: lease };
const { decision } = evaluateGovernance(request, {
  activation: activationSample,
  evaluatedAt: "2026-07-15T12:05:00Z",
  context: {},
  authorization: { nonce: "n", expires_at: "2026-07-15T12:05:30Z" },
});
const { authorization } = decision;
const permit = digit("c");
const facts =
  "operation_id step_id attempt_id runtime_instance_id lease_id lease_epoch fencing_token_digest execution_spec_digest " +
  "payload_digest requested_scope_digest capability_inventory_digest inventory_epoch policy_pack_digest policy_epoch";
const receipt: Json = {
  schema_version: "v1",
  receipt_id: "receipt",
  ...Object.fromEntries(facts.split(" ").map((key) => [key, authorization?.[key] ?? null])),
  decision_digest: decision.decision_digest,
  runtime_permit_digest: permit,
  terminal_status: "completed",
  output_digests: { stdout: digit("d") },
  output_bytes: 10,
};
const sealed = (more: Json): ExactJson => {
  const record = { ...receipt, ...more, receipt_digest: "" };
  const recordType = "govengine.receipt_conformance.RuntimeReceiptBinding";
  return { ...record, receipt_digest: kernelRecordDigest({ recordType, record }) };
};
const failuresOf = (more: Json): readonly string[] =>
  receiptConformance(decision, checkReceiptBinding(sealed(more)), permit).failures;

test("a receipt of exactly what was decided conforms", () => {
  const result = receiptConformance(decision, checkReceiptBinding(sealed({})), permit);
  expect(result).toMatchObject({ status: "conformant", reason_code: "receipt_conforms", failures: [] });
  expect(result.checks).toContain("optional_output_digest_present");
});

describe("a receipt of something else does not, and says in what", () => {
  test.each(facts.split(" "))("%s", (key) => {
    const other = typeof receipt[key] === "number" ? 99 : digit("9");
    expect(failuresOf({ [key]: other })).toEqual([`receipt_${key}_mismatch`]);
  });

  test("of another permit than was given out, and names its own", () => {
    const result = receiptConformance(decision, checkReceiptBinding(sealed({})), digit("9"));
    expect(result).toMatchObject({
      failures: ["receipt_runtime_permit_digest_mismatch"],
      runtime_permit_digest: permit,
    });
  });

  test("of another decision and another permit", () => {
    expect(failuresOf({ decision_digest: digit("9"), runtime_permit_digest: digit("9") })).toEqual([
      "receipt_decision_digest_mismatch",
      "receipt_runtime_permit_digest_mismatch",
    ]);
  });
});

describe("the output of a receipt", () => {
  const verdictOn = (controls: object, more: Json) => {
    const limited = { ...decision, controls: { ...decision.controls, ...controls } };
    return receiptConformance(limited, checkReceiptBinding(sealed(more)), permit);
  };
  test.each<[object, Json, string[]]>([
    [{ max_output_bytes: 10 }, { output_bytes: 10 }, []],
    [{ max_output_bytes: 10 }, { output_bytes: 11 }, ["receipt_output_limit_exceeded"]],
    [{ max_output_bytes: 0 }, { output_bytes: 11 }, []],
    [{ output_digest_required: true }, {}, []],
    [{ output_digest_required: true }, { output_digests: {} }, ["required_output_digest_missing"]],
    [{ output_digest_required: false }, { output_digests: {} }, []],
  ])("under %j with %j: %j", (controls, more, failures) => {
    expect(verdictOn(controls, more).failures).toEqual(failures);
  });

  test("that nobody asked for is a check of its own only when it is there", () => {
    const check = "optional_output_digest_present";
    expect(verdictOn({}, {}).checks).toContain(check);
    expect(verdictOn({}, { output_digests: {} }).checks).not.toContain(check);
    expect(verdictOn({ output_digest_required: true }, {}).checks).toContain("required_output_digest_present");
  });
});

test("a receipt of what was not allowed does not conform, and is held against no authorization", () => {
  const denied = { ...decision, authorization: null };
  const { failures, checks } = receiptConformance(
    denied,
    checkReceiptBinding(sealed({ payload_digest: digit("9") })),
    permit,
  );
  expect(failures).toEqual(["receipt_governance_decision_not_allowed"]);
  expect(checks).not.toContain("receipt_payload_bound");
});

describe("a receipt is refused for the first of its faults", () => {
  test.each<[string, Json]>([
    ["unknown_runtime_receipt_binding_field", { extra: 1 }],
    ["unknown_runtime_receipt_schema_version", { schema_version: "v2" }],
    ["invalid_runtime_receipt_schema_version", { schema_version: null }],
    ["missing_runtime_receipt_id", { receipt_id: "" }],
    ["invalid_runtime_receipt_permit_digest", { runtime_permit_digest: "" }],
    ["missing_runtime_receipt_operation_id", { operation_id: 1 }],
    ["invalid_runtime_receipt_decision_digest", { decision_digest: "x" }],
    ["invalid_runtime_receipt_lease_id", { lease_id: "lease" }],
    ["invalid_runtime_receipt_lease_epoch", { lease_epoch: true }],
    ["invalid_runtime_receipt_policy_epoch", { policy_epoch: -1 }],
    ["unknown_runtime_receipt_terminal_status", { terminal_status: "running" }],
    ["invalid_runtime_receipt_output_digests", { output_digests: null }],
    ["invalid_runtime_receipt_output_digest_name", { output_digests: { ["n".repeat(65)]: digit("d") } }],
    ["duplicate_runtime_receipt_output_digest_name", { output_digests: { a: digit("d"), " a": digit("d") } }],
    ["invalid_runtime_receipt_output_digest", { output_digests: { stdout: "d" } }],
    [
      "runtime_receipt_output_digests_too_large",
      { output_digests: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [String(n), digit("d")])) },
    ],
    ["invalid_runtime_receipt_output_bytes", { output_bytes: -1 }],
  ])("%s", (reason, more) => {
    expect(refusalOf(() => checkReceiptBinding(sealed(more)))).toBe(reason);
  });

  test("an expectation that names no permit", () => {
    const binding = checkReceiptBinding(sealed({}));
    expect(refusalOf(() => receiptConformance(decision, binding, "permit"))).toBe(
      "invalid_expected_runtime_permit_digest",
    );
  });

  test("a digest of something else", () => {
    expect(refusalOf(() => checkReceiptBinding({ ...receipt, receipt_digest: digit("0") }))).toBe(
      "runtime_receipt_digest_mismatch",
    );
  });
});
