import { describe, expect, test } from "vitest";
import {
  admissionOfGate,
  parseAdmissionDecision,
  parseApprovalRequest,
  parseAuditRecord,
  parsePolicyDecision,
  policyDecisionOfVerdict,
  summarizeAuditRecord,
} from "@writ/kernel/governance";
import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../../src/compat/exact-record.ts";
import { refusalOf } from "../refusal.ts";

const about = { subject_ref: "task:1", subject_kind: "task" };
const admission = { decision_id: "d", ...about, outcome: "allowed" };
const policy = { policy_id: "p", ...about, decision: "deny" };
const approval = { request_id: "r", ...about, state: "requested" };
const audit = { record_id: "a", ...about, record_type: "operator_review", recorded_at: "2026-01-01T00:00:00Z" };

type Read = (value: ExactJson) => object;
type Row = readonly [name: string, read: Read, record: ExactRecord, filled: ExactRecord];

const rows: readonly Row[] = [
  [
    "an admission decision",
    parseAdmissionDecision,
    admission,
    {
      allowed: true,
      reason_code: "allowed",
      detail: "",
      blockers: [],
      context: {},
      signal: {},
      explainability: {},
      metadata: {},
    },
  ],
  ["a policy decision", parsePolicyDecision, policy, { reason_code: "deny", controls: [], blockers: [], metadata: {} }],
  [
    "an approval request",
    parseApprovalRequest,
    approval,
    { reason_code: "operator_approval_required", requested_by: "", approver_ref: "", expires_at: "", policy_refs: [] },
  ],
  [
    "an audit record",
    parseAuditRecord,
    audit,
    { reason_code: "recorded", schema_version: "v0.1", decision_ref: "", event_refs: [], metadata: {} },
  ],
];

describe.each(rows)("%s", (_, read, record, filled) => {
  test("is filled with what the reference's defaults say, and nothing that permits", () => {
    expect(read(record)).toMatchObject({ ...record, ...filled });
  });

  test("is the same when it is read again", () => {
    const once = read(record);
    expect(read(once as ExactRecord)).toEqual(once);
  });

  test("is trimmed", () => {
    expect(read({ ...record, subject_ref: "  task:1 " })).toMatchObject({ subject_ref: "task:1" });
  });

  test("is closed", () => {
    expect(refusalOf(() => read({ ...record, note: "x" }))).toMatch(/^unknown_[a-z]+_[a-z]+_field$/);
  });

  test("carries no forbidden key, however deep", () => {
    expect(refusalOf(() => read({ ...record, metadata: { a: [{ " Token ": 1 }] } }))).toBe(
      "forbidden_admission_metadata:token",
    );
    expect(refusalOf(() => read({ ...record, metadata: [] }))).toBe("invalid_admission_metadata");
  });
});

test.each<[string, Read, ExactJson]>([
  ["invalid_admission_decision", parseAdmissionDecision, []],
  ["missing_admission_decision_id", parseAdmissionDecision, { ...admission, decision_id: " " }],
  ["missing_admission_subject_ref", parseAdmissionDecision, { ...admission, subject_ref: "" }],
  ["unknown_admission_subject_kind:robot", parseAdmissionDecision, { ...admission, subject_kind: "robot" }],
  ["unknown_admission_subject_kind:missing", parseAdmissionDecision, { ...admission, subject_kind: null }],
  ["unknown_admission_outcome:yes", parseAdmissionDecision, { ...admission, outcome: "yes" }],
  ["unknown_admission_outcome:missing", parseAdmissionDecision, { ...admission, outcome: "" }],
  ["admission_allowed_outcome_mismatch", parseAdmissionDecision, { ...admission, outcome: "denied", allowed: true }],
  ["admission_allowed_outcome_mismatch", parseAdmissionDecision, { ...admission, outcome: "deferred", allowed: true }],
  [
    "admission_allowed_outcome_mismatch",
    parseAdmissionDecision,
    { ...admission, outcome: "record_only", allowed: true },
  ],
  ["admission_denied_outcome_mismatch", parseAdmissionDecision, { ...admission, allowed: false }],
  ["invalid_boolean_field:allowed", parseAdmissionDecision, { ...admission, allowed: 1 }],
  ["invalid_admission_sequence", parseAdmissionDecision, { ...admission, blockers: 1 }],
  ["forbidden_admission_metadata:stdout", parseAdmissionDecision, { ...admission, signal: { stdout: "" } }],
  ["forbidden_admission_metadata:url", parseAdmissionDecision, { ...admission, context: { url: "" } }],
  ["invalid_policy_decision", parsePolicyDecision, "text"],
  ["missing_policy_decision_id", parsePolicyDecision, { ...policy, policy_id: "" }],
  ["missing_policy_subject_ref", parsePolicyDecision, { ...policy, subject_ref: null }],
  ["unknown_policy_decision:allowed", parsePolicyDecision, { ...policy, decision: "allowed" }],
  ["unknown_policy_decision:missing", parsePolicyDecision, { ...policy, decision: null }],
  ["unknown_policy_subject_kind:missing", parsePolicyDecision, { policy_id: "p", subject_ref: "s", decision: "allow" }],
  ["invalid_approval_request", parseApprovalRequest, null],
  ["missing_approval_request_id", parseApprovalRequest, about],
  ["missing_approval_subject_ref", parseApprovalRequest, { request_id: "r" }],
  ["unknown_approval_state:granted", parseApprovalRequest, { ...approval, state: "granted" }],
  ["unknown_approval_state:missing", parseApprovalRequest, { request_id: "r", ...about }],
  ["unknown_approval_subject_kind:x", parseApprovalRequest, { ...approval, subject_kind: "x" }],
  ["invalid_approval_expires_at", parseApprovalRequest, { ...approval, expires_at: "2026-01-01T00:00:00" }],
  ["invalid_audit_record", parseAuditRecord, 1],
  ["missing_audit_record_id", parseAuditRecord, about],
  ["missing_audit_subject_ref", parseAuditRecord, { record_id: "a" }],
  ["unknown_audit_record_schema_version:v1", parseAuditRecord, { ...audit, schema_version: "v1" }],
  ["unknown_audit_record_type:log", parseAuditRecord, { ...audit, record_type: "log" }],
  ["unknown_audit_record_type:missing", parseAuditRecord, { record_id: "a", ...about }],
  ["unknown_audit_subject_kind:x", parseAuditRecord, { ...audit, subject_kind: "x" }],
  ["invalid_event_refs", parseAuditRecord, { ...audit, event_refs: 5 }],
  ["invalid_audit_recorded_at", parseAuditRecord, { ...audit, recorded_at: "yesterday" }],
])("%s", (reason, read, value) => {
  expect(refusalOf(() => read(value))).toBe(reason);
});

test("`id` is read for the id, and one text for a list of one", () => {
  expect(parseAdmissionDecision({ id: "x", ...about, outcome: "denied", blockers: "b" })).toMatchObject({
    decision_id: "x",
    allowed: false,
    blockers: ["b"],
  });
});

test("a host gate's answer is allowed or denied, with its reason or the outcome", () => {
  const named = { decision_id: "g", subject_ref: "host:1", subject_kind: "host" } as const;
  expect(admissionOfGate({ allowed: true }, named)).toMatchObject({ outcome: "allowed", reason_code: "allowed" });
  expect(admissionOfGate({ allowed: false, reasonCode: "host_cooldown" }, named)).toMatchObject({
    outcome: "denied",
    allowed: false,
    reason_code: "host_cooldown",
  });
});

describe("a policy verdict as a decision", () => {
  const verdict = { verdict_id: "v", request_id: "q", subject_ref: "s", decision: "deny", reason_code: "no_rule" };
  test.each([
    ["allow", "allow", []],
    ["allow_with_obligations", "allow", []],
    ["approval_required", "require_approval", ["operator_approval_required"]],
    ["deny", "deny", ["no_rule"]],
  ])("%s", (said, decision, blockers) => {
    expect(policyDecisionOfVerdict({ ...verdict, decision: said })).toMatchObject({
      policy_id: "v",
      decision,
      blockers,
      metadata: { policy_verdict_schema_version: "v0.1", policy_request_id: "q" },
    });
  });

  test("lists obligations, then constraints, as controls, and keeps blockers that are said", () => {
    const controls = { obligations: [{ id: "o" }, { id: "n" }], constraints: [{ id: "c" }], blockers: ["b"] };
    expect(policyDecisionOfVerdict({ ...verdict, ...controls })).toMatchObject({
      controls: ["obligation:o", "obligation:n", "constraint:c"],
      blockers: ["b"],
    });
  });

  test.each([
    ["missing_policy_verdict_id", { verdict_id: "" }],
    ["missing_policy_verdict_subject_ref", { subject_ref: "" }],
    ["unknown_policy_verdict_decision:permit", { decision: "permit" }],
    ["unknown_policy_verdict_decision:missing", { decision: null }],
    ["missing_policy_obligation_id", { obligations: [{}] }],
  ])("%s", (reason, change) => {
    expect(refusalOf(() => policyDecisionOfVerdict({ ...verdict, ...change }))).toBe(reason);
  });
});

test("an audit record's public summary counts its events and shows none", () => {
  expect(summarizeAuditRecord(parseAuditRecord({ ...audit, event_refs: ["a", "b"], decision_ref: "d" }))).toEqual({
    schema_version: "v0.1",
    record_id: "a",
    record_type: "operator_review",
    subject_ref: "task:1",
    decision_ref: "d",
    reason_code: "recorded",
    event_ref_count: 2,
  });
});
