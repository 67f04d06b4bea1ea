import { describe, expect, test } from "vitest";
import { JsonFraction, type ExactJson } from "@writ/canon";
import {
  checkSupervisedReceipt,
  checkSupervisedRequest,
  liveRunnerReadiness,
  LIVE_RUNNER_PREREQUISITES,
  parseRunnerLease,
  parseSupervisionDecision,
  parseSupervisionPlan,
  runnerLeaseFor,
  supervisionPlanFor,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const plan = (more: object = {}): ExactJson => ({ plan_id: "p", request_id: "r", ...more });

describe("a host's lease", () => {
  test("of a request is named after it, active and for dry runs", () => {
    expect(runnerLeaseFor("r")).toEqual({
      lease_id: "r:lease",
      request_id: "r",
      runner_profile: "dry-run",
      state: "active",
      expires_at: "",
      metadata: {},
    });
    expect(parseRunnerLease({ id: "l", request_id: "r", state: "expired" })).toMatchObject({ lease_id: "l" });
  });

  test.each<[string, ExactJson]>([
    ["invalid_runner_lease", 1],
    ["missing_runner_lease_id", { lease_id: "  ", id: "x", request_id: "r" }],
    ["missing_runner_lease_request_id", { id: "l", state: "odd" }],
    ["unknown_runner_lease_state:odd", { id: "l", request_id: "r", state: "odd" }],
    ["invalid_supervision_metadata", { id: "l", request_id: "r", metadata: [] }],
    ["forbidden_supervision_metadata:url", { id: "l", request_id: "r", metadata: { a: [{ " URL ": 1 }] } }],
  ])("is refused with %s", (reason, value) => {
    expect(refusalOf(() => parseRunnerLease(value))).toBe(reason);
  });
});

describe("a supervision plan", () => {
  test("of a request is dry, bounded and with a receipt", () => {
    expect(supervisionPlanFor("r")).toEqual({
      plan_id: "r:supervision",
      request_id: "r",
      runner_profile: "dry-run",
      dry_run: true,
      live_backend_enabled: false,
      timeout_seconds: 30,
      cwd_policy: "none",
      env_policy: "empty",
      stdin_policy: "bounded",
      receipt_required: true,
      metadata: {},
    });
    expect(parseSupervisionPlan(plan({ timeout_seconds: new JsonFraction("0.5") })).timeout_seconds).toBe(0.5);
  });

  test.each<[string, ExactJson]>([
    ["invalid_supervision_plan", null],
    ["missing_supervision_plan_id", { request_id: "r" }],
    ["missing_supervision_request_id", { id: "p" }],
    ["invalid_supervision_timeout", plan({ timeout_seconds: 0, cwd_policy: "odd" })],
    ["invalid_supervision_timeout", plan({ timeout_seconds: -1 })],
    ["invalid_supervision_timeout", plan({ timeout_seconds: true })],
    ["unknown_cwd_policy:odd", plan({ cwd_policy: "odd", env_policy: "odd" })],
    ["unknown_env_policy:odd", plan({ env_policy: "odd", stdin_policy: "odd" })],
    ["unknown_stdin_policy:odd", plan({ stdin_policy: "odd", dry_run: false })],
    ["live_backend_disabled", plan({ dry_run: false, receipt_required: false })],
    ["runner_receipt_required", plan({ receipt_required: false })],
    ["invalid_boolean_field:dry_run", plan({ dry_run: "false" })],
  ])("is refused with %s", (reason, value) => {
    expect(refusalOf(() => parseSupervisionPlan(value))).toBe(reason);
  });

  test("is read whole", () => {
    const whole = {
      plan_id: "p",
      request_id: "r",
      runner_profile: "live",
      dry_run: false,
      live_backend_enabled: true,
      timeout_seconds: 2.5,
      cwd_policy: "explicit_path",
      env_policy: "allowlist",
      stdin_policy: "forbidden",
      receipt_required: true,
      metadata: { a: 1 },
    };
    expect(parseSupervisionPlan(whole)).toEqual(whole);
    expect(parseSupervisionPlan({ ...whole, cwd_policy: "repo_root", stdin_policy: "none" })).toMatchObject({
      cwd_policy: "repo_root",
      stdin_policy: "none",
    });
    expect(parseSupervisionPlan({ id: "p", request_id: "r" }).plan_id).toBe("p");
  });

  test.each<[string, ExactJson]>([
    ["invalid_supervision_metadata", plan({ metadata: [] })],
    ["forbidden_supervision_metadata:url", plan({ metadata: { url: 1 } })],
    ["invalid_supervision_timeout", plan({ timeout_seconds: new JsonFraction("1e999") })],
    ["invalid_boolean_field:live_backend_enabled", plan({ live_backend_enabled: 1 })],
    ["invalid_boolean_field:receipt_required", plan({ receipt_required: 1 })],
  ])("and is refused with %s", (reason, value) => {
    expect(refusalOf(() => parseSupervisionPlan(value))).toBe(reason);
  });

  test("with a live backend takes a live request, and a dry one too", () => {
    const live = supervisionPlanFor("r", { dry_run: false, live_backend_enabled: true });
    for (const dry_run of [true, false])
      expect(
        refusalOf(() => checkSupervisedRequest(live, { request_id: "r", approved_execution_spec: { a: 1 }, dry_run })),
      ).toBeUndefined();
  });

  const supervised = supervisionPlanFor("r");
  const spec = { spec_version: "x" };

  test.each<[string | undefined, ExactJson]>([
    [undefined, { request_id: "r", approved_execution_spec: spec }],
    ["invalid_runner_request", []],
    ["raw_intent_runner_request_not_allowed", { raw_intent: "do it" }],
    ["raw_intent_runner_request_not_allowed", { prompt: null }],
    ["missing_approved_execution_spec", { request_id: "r", approved_execution_spec: {} }],
    ["missing_approved_execution_spec", { request_id: "r", approved_execution_spec: "x" }],
    ["missing_approved_execution_spec", { request_id: "q" }],
    ["supervision_request_mismatch", { request_id: "q", approved_execution_spec: spec, dry_run: false }],
    ["live_backend_disabled", { request_id: "r", approved_execution_spec: spec, dry_run: false }],
  ])("answers a request with %s", (reason, request) => {
    expect(refusalOf(() => checkSupervisedRequest(supervised, request))).toBe(reason);
  });

  const request = { request_id: "r", steps: [{ index: 0, tool: "t", args: [], stdin: "" }] };
  test.each<[string | undefined, ExactJson]>([
    [undefined, { request_id: "r", step_results: [{ index: 0 }] }],
    [undefined, { request_id: "r" }],
    ["missing_runner_receipt", null],
    ["invalid_runner_receipt", []],
    ["runner_receipt_request_mismatch", { request_id: "q", binding: { request_id: "q" } }],
    ["runner_receipt_binding_request_mismatch", { request_id: "r", binding: { request_id: "q" } }],
    ["runner_receipt_step_mismatch", { request_id: "r", step_results: [{ index: 0 }, { index: 1 }] }],
    ["runner_receipt_step_mismatch", { request_id: "r", step_results: [{}] }],
    ["runner_receipt_step_mismatch", { request_id: "r", step_results: [{ index: "0" }] }],
    ["runner_receipt_step_mismatch", { request_id: "r", step_results: [{ index: false }] }],
    ["invalid_runner_receipt", { request_id: "r", step_results: {} }],
    [undefined, { request_id: "r", binding: { request_id: "r" } }],
    [undefined, { request_id: "r", binding: { request_id: "" } }],
  ])("answers a receipt with %s", (reason, receipt) => {
    expect(refusalOf(() => checkSupervisedReceipt(request, receipt))).toBe(reason);
  });
});

describe("a supervision decision", () => {
  test("is read whole, or with what stands for the fields it leaves out", () => {
    const whole = {
      decision_id: "d",
      request_id: "r",
      action: "pause",
      reason_code: "why",
      interrupting: true,
      lease_id: "l",
      metadata: { a: 1 },
    };
    expect(parseSupervisionDecision(whole)).toEqual(whole);
    expect(parseSupervisionDecision({ id: "d", request_id: "r", action: "pause" })).toEqual({
      ...whole,
      reason_code: "ok",
      interrupting: false,
      lease_id: "",
      metadata: {},
    });
  });

  test.each<[string | undefined, ExactJson]>([
    [undefined, { id: "d", request_id: "r", action: "allow" }],
    ["invalid_supervision_decision", "x"],
    ["missing_supervision_decision_id", {}],
    ["missing_supervision_decision_request_id", { id: "d" }],
    ["missing_supervision_decision_action", { id: "d", request_id: "r" }],
    ["forbidden_supervision_metadata:token", { id: "d", request_id: "r", action: "x", metadata: { token: 1 } }],
  ])("is answered with %s", (reason, value) => {
    expect(refusalOf(() => parseSupervisionDecision(value))).toBe(reason);
  });
});

describe("a live runner", () => {
  const all = Object.fromEntries(LIVE_RUNNER_PREREQUISITES.map((name) => [name, `test:${name}`]));

  test("is ready with evidence of all fifteen", () => {
    expect(LIVE_RUNNER_PREREQUISITES).toHaveLength(15);
    expect(liveRunnerReadiness(all)).toMatchObject({
      status: "ready",
      reason_code: "local_subprocess_runner_prerequisites_satisfied",
      blockers: [],
      required_next_actions: [],
      missing_prerequisites: [],
    });
  });

  test("shows each evidence once, and claims nothing by being ready", () => {
    const same = Object.fromEntries(LIVE_RUNNER_PREREQUISITES.map((name, index) => [name, index < 14 ? " a " : "b"]));
    expect(liveRunnerReadiness(same)).toMatchObject({
      satisfied_prerequisites: LIVE_RUNNER_PREREQUISITES,
      evidence_refs: ["a", "b"],
      non_claims: { length: 1 },
    });
    const [first] = LIVE_RUNNER_PREREQUISITES;
    expect(liveRunnerReadiness({ [first]: "a" })).toMatchObject({
      satisfied_prerequisites: [first],
      evidence_refs: ["a"],
      required_next_actions: { length: 3 },
    });
  });

  test.each(LIVE_RUNNER_PREREQUISITES)("without %s is not", (missing) => {
    expect(liveRunnerReadiness({ ...all, [missing]: " " })).toMatchObject({
      status: "not_applicable",
      ready: false,
      reason_code: "local_subprocess_runner_prerequisites_incomplete",
      blockers: [`missing:${missing}`],
      missing_prerequisites: [missing],
    });
  });
});
