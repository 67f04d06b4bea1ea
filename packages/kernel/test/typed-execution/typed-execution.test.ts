import { describe, expect, test } from "vitest";
import { type GovernanceDecision } from "@writ/kernel";
import {
  admitTypedExecution,
  checkTypedExecutionAdmission,
  evaluateGovernance,
  parseTypedExecution,
  typedExecutionControls,
} from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import {
  activationSample,
  approvedSample,
  digit,
  requestSample,
  without,
  type Json,
} from "../governance/request-sample.ts";

const reading: Json = {
  request_id: "q",
  subject_ref: "run:1",
  operation_id: "op",
  step_id: "step",
  operation_mode: "read_only",
  side_effect_class: "read_only",
  backend_class: "http_api",
  planned_backend_class: "http_api",
  network_egress: "outbound_http",
  identity_need: "api_token_optional",
  posture: "live_backend",
  capability_descriptor_digest: digit("1"),
  step_execution_spec_digest: digit("1"),
  payload_digest: digit("2"),
  receipt_required: true,
  output_digest_ref: "output:1",
  secret_refs: [],
  required_capabilities: ["a"],
  capability_descriptors: ["a", "b"],
};
const mutating = { operation_mode: "apply", side_effect_class: "mutation" };
const admitted = (more: Json, decision: GovernanceDecision | null = null): object =>
  admitTypedExecution(parseTypedExecution({ ...reading, ...more }), decision);
const decided = evaluateGovernance(approvedSample(requestSample("mutation")), {
  activation: activationSample,
  evaluatedAt: "2026-07-15T12:05:00Z",
  context: {},
  approval: {
    trustPolicy: { policy_id: "p", trusted_roles: ["admin"], trusted_domains: ["organization:example"] },
    isRevoked: () => false,
    isSigned: () => true,
  },
  authorization: { nonce: "n", expires_at: "2026-07-15T12:05:30Z" },
}).decision;

test("a read that meets every control is allowed", () => {
  expect(admitted({})).toMatchObject({ outcome: "allowed", reason_code: "typed_execution_allowed" });
  expect(typedExecutionControls(parseTypedExecution(reading), null).map(({ control_id }) => control_id)).toEqual([
    "backend_class_supported",
    "no_raw_shell",
    "read_only_posture",
    "capability_descriptor_digest_present",
    "step_execution_spec_digest_present",
    "payload_digest_present",
    "receipt_required",
    "output_digest_required",
    "network_boundary_match",
    "secret_ref_requirements_met",
    "mutation_requires_approval",
    "capability_coverage",
  ]);
});

describe("a control that fails denies, and names why", () => {
  const ssh = {
    backend_class: "ssh_readonly",
    planned_backend_class: "ssh_readonly",
    network_egress: "outbound_ssh",
    identity_need: "ssh_identity",
  };
  test.each<[readonly string[], Json, ...missing: string[]]>([
    [["read_only_side_effect_required", "mutation_requires_approval_evidence"], { side_effect_class: "mutation" }],
    [["missing_typed_execution_digest_binding"], {}, "payload_digest", "capability_descriptor_digest"],
    [["receipt_required"], { receipt_required: false }],
    [["missing_output_digest_ref"], {}, "output_digest_ref"],
    [["network_boundary_mismatch"], { network_egress: "plugin_undeclared" }],
    [["missing_required_capability_descriptors"], { required_capabilities: ["z"] }],
    [["missing_required_secret_refs"], ssh],
    [["unsupported_backend_class"], { posture: "mock" }],
    [
      [
        "unsupported_backend_class",
        "raw_shell_backend_blocked",
        "network_boundary_mismatch",
        "missing_required_secret_refs",
      ],
      { backend_class: "shell", planned_backend_class: "shell" },
    ],
    [
      ["unsupported_backend_class", "network_boundary_mismatch", "missing_required_secret_refs"],
      { backend_class: "toString", planned_backend_class: "toString" },
    ],
    [["mutation_requires_approval_evidence"], mutating],
  ])("%j", (blockers, more, ...missing) => {
    const given = without({ ...reading, ...more }, ...missing);
    const admission = admitTypedExecution(parseTypedExecution(given), null);
    expect(admission).toMatchObject({ outcome: "denied", allowed: false, reason_code: blockers[0], blockers });
  });

  test("a secret by reference meets an identity that needs one", () => {
    expect(admitted({ ...ssh, secret_refs: ["vault:1"] })).toMatchObject({ outcome: "allowed" });
  });
});

describe("a mutation", () => {
  test("is allowed by a decision that is bound to it", () => {
    expect(admitted(mutating, decided)).toMatchObject({ outcome: "allowed" });
  });

  test.each<[string, Json]>([
    ["another operation", { operation_id: "other" }],
    ["another step", { step_id: "other" }],
    ["another spec", { step_execution_spec_digest: digit("9") }],
    ["another payload", { payload_digest: digit("9") }],
  ])("is not by a decision about %s", (_what, more) => {
    expect(admitted({ ...mutating, ...more }, decided)).toMatchObject({ outcome: "denied" });
  });

  test("is not by a decision that allows nothing", () => {
    const waiting = evaluateGovernance(requestSample("mutation"), {
      activation: activationSample,
      evaluatedAt: "2026-07-15T12:05:00Z",
      context: {},
    }).decision;
    expect(admitted(mutating, waiting)).toMatchObject({ outcome: "denied" });
  });
});

test.each<[string, Json]>([
  ["unsupported_typed_execution_operation_mode:live", { operation_mode: "live" }],
  ["unsupported_side_effect_class:delete", { side_effect_class: "delete" }],
  ["typed_execution_backend_class_mismatch", { planned_backend_class: "mock" }],
  ["unsupported_typed_execution_network_egress:any", { network_egress: "any" }],
  ["unsupported_typed_execution_identity_need:root", { identity_need: "root" }],
  ["unsupported_typed_execution_posture:odd", { posture: "odd" }],
  ["invalid_typed_execution_payload_digest", { payload_digest: "2" }],
  ["invalid_typed_execution_receipt_required", { receipt_required: "yes" }],
  ["forbidden_typed_execution_metadata:argv", { metadata: { a: { ARGV: [] } } }],
  ["unknown_typed_execution_request_field", { argv: [] }],
])("is refused: %s", (reason, more) => {
  expect(refusalOf(() => parseTypedExecution({ ...reading, ...more }))).toBe(reason);
});

test("a stored admission is computed again", () => {
  const request = parseTypedExecution(reading);
  const stored = { ...admitTypedExecution(request, null) };
  expect(refusalOf(() => checkTypedExecutionAdmission(stored, request, null))).toBeUndefined();
  const other = parseTypedExecution({ ...reading, receipt_required: false });
  expect(refusalOf(() => checkTypedExecutionAdmission(stored, other, null))).toBe("typed_execution_admission_drift");
});
