import { describe, expect, test } from "vitest";
import {
  admissionDigest,
  admissionRecord,
  checkAdmissionProof,
  checkAdmissionResult,
  composeAdmission,
  summarizeAdmission,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const digest = `sha256:${"b".repeat(64)}`;
const good = {
  admission_id: "a",
  subject_ref: "s",
  prepared_execution_contract: { status: "prepared" },
  policy_decision: { decision: "allow" },
  execution_ticket: { status: "passed", ticket_id: "t", digest },
  trust_decision: { trust_status: "trusted" },
  runner_profile: { name: "dry-run", allowed: true },
  receipt_obligation: { required: true, binds: ["admission", "ticket"] },
  runtime_consumable: true,
  sclite_guarded_strict: { verification_status: "passed", root_chain_digest: digest, replay_status: "fresh" },
};
const composed = (more: object): ReturnType<typeof composeAdmission> => composeAdmission({ ...good, ...more });

test("all links hold: allowed, and proof enough", () => {
  expect(composed({})).toMatchObject({ status: "allowed", blockers: [], reason_code: "all_required_gates_passed" });
  checkAdmissionProof(composed({}));
});

describe("one missing link blocks with its own code and step", () => {
  test.each<[object, string, string, string]>([
    [{ policy_decision: { decision: "Deny" } }, "blocked", "policy_denied", "revise_request_or_policy"],
    [{ policy_decision: { status: "deferred" } }, "needs_review", "policy_deferred", "resolve_policy_deferral"],
    [{ policy_decision: { decision: "dry_run_only" } }, "dry_run_only", "policy_dry_run_only", "use_dry_run_only_path"],
    [{ policy_decision: { decision: "record_only" } }, "record_only", "policy_record_only", "record_without_execution"],
    [{ policy_decision: {} }, "blocked", "missing_or_invalid_policy_decision", "obtain_policy_decision"],
    [{ policy_decision: { decision: "maybe" } }, "blocked", "unknown_policy_decision", "obtain_valid_policy_decision"],
    [{ execution_ticket: { status: "expired" } }, "blocked", "execution_ticket_stale", "refresh_execution_ticket"],
    [{ execution_ticket: { allowed: false } }, "blocked", "execution_ticket_not_approved", "approve_execution_ticket"],
    [{ execution_ticket: { x: 1 } }, "blocked", "unknown_execution_ticket_status", "obtain_valid_execution_ticket"],
    [
      { trust_decision: { trusted: true, reason_code: "wrong_key" } },
      "blocked",
      "trust_verification_failed",
      "rerun_trust_verification",
    ],
    [{ trust_decision: {} }, "blocked", "missing_or_invalid_trust_decision", "verify_trust_decision"],
    [{ runner_profile: {} }, "blocked", "missing_runner_profile", "select_allowed_runner_profile"],
    [{ runner_profile: { name: "x" } }, "blocked", "runner_profile_not_allowed", "select_allowed_runner_profile"],
    [{ live: true }, "blocked", "live_backend_disabled", "use_dry_run_or_select_host_enabled_live_profile"],
    [{ receipt_obligation: {} }, "blocked", "receipt_obligation_required", "require_runner_receipt_obligation"],
  ])("%j", (more, status, code, action) => {
    expect(composed(more)).toMatchObject({
      status,
      allowed: false,
      reason_code: code,
      blockers: [code],
      required_next_actions: [action],
    });
  });

  test.each<[object, string]>([
    [{ sclite_guarded_strict: { ...good.sclite_guarded_strict, strict: false } }, "kernel_guard_required"],
    [{ sclite_guarded_strict: { ...good.sclite_guarded_strict, allowed: false } }, "kernel_guard_required"],
    [{ replay_freshness: { status: "stale" } }, "kernel_guard_required"],
    [{ replay_freshness: { status: "replayed" } }, "replay_detected"],
  ])("guard %j", (more, reason_code) => {
    expect(composed(more)).toMatchObject({ allowed: false, reason_code });
  });

  test("the reason is the policy's before the ticket's", () => {
    expect(composed({ policy_decision: { decision: "deny" }, execution_ticket: {} }).reason_code).toBe("policy_denied");
  });
});

test("a live run needs a backend that is enabled, and says nothing of itself by default", () => {
  const live = composed({ live: true, runner_profile: { ...good.runner_profile, live_backend_enabled: true } });
  expect(live).toMatchObject({ allowed: true, runner_profile: { name: "dry-run", live_backend_enabled: true } });
  const bare = composed({ runner_profile: { metadata: { room: 1 } } });
  expect(bare.runner_profile).toEqual({
    name: "missing",
    allowed: false,
    live_backend_enabled: false,
    metadata: { room: 1 },
  });
  expect(bare.schema_version).toBe("v0.1");
});

test.each(["defer", "deferred", "require_approval"])("policy that says %s needs a review", (decision) => {
  expect(composed({ policy_decision: { decision } }).status).toBe("needs_review");
});

test.each([{ status: "required" }, { status: "passed" }, { status: "ok" }, { obligation_status: "required" }])(
  "%j obliges to a receipt",
  (receipt_obligation) => {
    expect(composed({ receipt_obligation }).allowed).toBe(true);
  },
);

test.each<[string, object]>([
  ["missing_runtime_admission_id", { admission_id: "" }],
  ["missing_runtime_admission_subject_ref", { subject_ref: "" }],
  ["invalid_admission_metadata", { metadata: [] }],
  ["invalid_admission_artifact_refs", { artifact_refs: "x" }],
  ["forbidden_admission_metadata:command", { sclite_guarded_strict: { more: [{ Command: "x" }] } }],
  ["invalid_admission_metadata", { runner_profile: { ...good.runner_profile, metadata: "x" } }],
])("an admission is refused with %s: %j", (reason, more) => {
  expect(refusalOf(() => composed(more))).toBe(reason);
});

test("an admission that is no record is refused", () => {
  expect(refusalOf(() => composeAdmission([]))).toBe("invalid_runtime_admission");
});

test("a text is no boolean, and a text is no signal", () => {
  expect(refusalOf(() => composed({ policy_decision: { allowed: "yes" } }))).toBe("invalid_boolean:yes");
  expect(refusalOf(() => composed({ policy_decision: "allow" }))).toBe("invalid_runtime_admission_signal");
});

describe("proof", () => {
  test.each<[string, object]>([
    ["not_allowed", { policy_decision: {} }],
    ["guarded_strict_missing", { runtime_consumable: false, sclite_guarded_strict: {} }],
    ["guarded_strict_missing", { sclite_guarded_strict: { ...good.sclite_guarded_strict, verification_status: "ok" } }],
    ["replay_freshness_missing", { runtime_consumable: false, replay_freshness: { status: "replayed" } }],
    ["runner_profile_missing", { runner_profile: { allowed: true } }],
    ["live_backend_not_allowed", { runner_profile: { ...good.runner_profile, live_backend_enabled: true } }],
    ["guard_digest_missing", { sclite_guarded_strict: { ...good.sclite_guarded_strict, root_chain_digest: "" } }],
    ["ticket_ref_missing", { execution_ticket: { status: "ok" } }],
    ["ticket_digest_missing", { execution_ticket: { status: "ok", ticket_id: "t" } }],
    ["receipt_binding_incomplete", { receipt_obligation: { required: true, binds: ["ticket"] } }],
  ])("%s", (what, more) => {
    expect(refusalOf(() => checkAdmissionProof(composed(more)))).toBe(`runtime_admission_proof_${what}`);
  });
});

describe("an imported result", () => {
  const result = { admission_id: "a", subject_ref: "s", status: "allowed", allowed: true };
  test.each<[string | undefined, object]>([
    [undefined, {}],
    ["missing_runtime_admission_id", { admission_id: "" }],
    ["missing_runtime_admission_subject_ref", { subject_ref: "" }],
    ["unknown_runtime_admission_schema_version:v9", { schema_version: "v9" }],
    ["unknown_runtime_admission_status:missing", { status: "" }],
    ["unknown_runtime_admission_status:odd", { status: "odd" }],
    ["runtime_admission_allowed_status_mismatch", { status: "blocked", blockers: ["x"] }],
    ["runtime_admission_blocked_status_mismatch", { allowed: false }],
    ["runtime_admission_allowed_with_blockers", { blockers: ["x"] }],
    ["runtime_admission_blocked_without_evidence", { status: "blocked", allowed: false }],
    ["invalid_boolean:true", { allowed: "true" }],
    ["status_spelled_otherwise:Allowed", { status: "Allowed" }],
    ["forbidden_admission_metadata:stdout", { status: "blocked", policy_decision: { stdout: "x" } }],
    ["runtime_admission_allowed_with_blockers", { required_next_actions: ["x"] }],
    ["missing_runtime_admission_allowed", { allowed: undefined }],
  ])("%s", (reason, more) => {
    expect(refusalOf(() => checkAdmissionResult({ ...result, ...more }))).toBe(reason);
  });
});

test("the public summary counts and names no signal", () => {
  expect(summarizeAdmission(composed({ policy_decision: {} }))).toMatchObject({
    blocker_count: 1,
    receipt_obligation: "required",
  });
});

test.each([
  [{ required: true }, "required"],
  [{}, "missing"],
  [{ required: false }, "missing"],
  [{ required: false, obligation_status: "waived" }, "missing"],
  [{ required: false, status: " Waived " }, "Waived"],
])("the public summary tells of a receipt %j: %s", (receipt_obligation, told) => {
  expect(summarizeAdmission(composed({ receipt_obligation })).receipt_obligation).toBe(told);
});

describe("an admission as a record", () => {
  test("holds its eight summaries, and is a result that its own check takes", () => {
    const record = admissionRecord(composed({}));
    expect(record).toMatchObject({ policy_decision: { decision: "allow" }, replay_freshness: {}, status: "allowed" });
    expect(record["runner_profile"]).toEqual({
      name: "dry-run",
      allowed: true,
      live_backend_enabled: false,
      metadata: {},
    });
    expect(refusalOf(() => checkAdmissionResult(record))).toBeUndefined();
    expect(refusalOf(() => checkAdmissionResult(admissionRecord(composed({ policy_decision: {} }))))).toBeUndefined();
  });

  test("has another digest for any other content", () => {
    const changes = [
      { admission_id: "b" },
      { subject_ref: "t" },
      { metadata: { a: 1 } },
      { live: true },
      { artifact_refs: { path: "p" } },
    ];
    const digests = [{}, ...changes].map((change) => admissionDigest(composed(change)));
    expect(new Set(digests).size).toBe(digests.length);
  });
});
