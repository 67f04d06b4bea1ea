import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  ARTIFACT_LIFECYCLE_STATES,
  changeOrder,
  decideLoop,
  lifecycleGate,
  parseArtifactStates,
  parseObservations,
  parseOrientation,
  type LoopDecision,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const SAFE = {
  operator_control: "run",
  scope_ok: true,
  policy_ok: true,
  ticket_ok: true,
  spec_ok: true,
  budget_state: "ok",
  host_health: "ok",
  output_shape: "expected",
};
const decide = (orientation: ExactJson, observations: ExactJson = []): LoopDecision =>
  decideLoop(parseOrientation(orientation), parseObservations(observations));

describe("the control loop takes the first rule that holds", () => {
  test.each([
    [{ operator_control: "stop", scope_ok: false }, "abort", "operator_stop_requested"],
    [{ operator_control: "pause", scope_ok: false }, "pause", "operator_pause_requested"],
    [{ scope_ok: false, policy_ok: false }, "abort", "scope_drift_detected"],
    [{ policy_ok: false, ticket_ok: false }, "require_owner_review", "policy_mismatch"],
    [{ ticket_ok: false }, "require_owner_review", "ticket_or_spec_mismatch"],
    [{ spec_ok: false, budget_state: "exhausted" }, "require_owner_review", "ticket_or_spec_mismatch"],
    [{ budget_state: "stop_loss", host_health: "cooldown" }, "pause", "budget_stop_loss"],
    [{ host_health: "cooldown", output_shape: "untrusted" }, "cooldown", "host_health_cooldown"],
    [{ output_shape: "untrusted" }, "degrade_to_dry_run", "output_shape_untrusted"],
    [{}, "continue", "ok"],
  ])("%j", (orientation, decision, reason_code) => {
    expect(decide({ ...SAFE, ...orientation })).toMatchObject({ decision, reason_code });
    const known = decision === "continue" ? SAFE : orientation;
    expect(decide(known)).toMatchObject({ decision, reason_code });
  });

  test.each([
    [{ kind: "X", severity: "CRITICAL" }, "abort", "critical_observation:x", ""],
    [{ kind: "scope_drift", severity: "warning" }, "require_owner_review", "warning_observation:scope_drift", ""],
    [{ kind: "host_cooldown", subject: "h" }, "cooldown", "observation:host_cooldown", "h"],
    [{ kind: "step_completed_with_followup" }, "replan_after_step", "followup_replan_requested", ""],
    [{ kind: "scope_drift" }, "continue", "ok", ""],
  ])("of the observation %j", (observation, decision, reason_code, cooldown_subject) => {
    const interrupting = !["continue", "replan_after_step"].includes(decision);
    expect(decide(SAFE, [observation])).toEqual({ decision, reason_code, cooldown_subject, interrupting });
  });

  test("a host's cooldown names the first subject that is observed", () => {
    const observations = [{ kind: "x" }, { subject: "h1" }, { subject: "h2" }];
    expect(decide({ host_health: "transport_noise" }, observations)).toMatchObject({ cooldown_subject: "h1" });
  });

  test("what it cannot read it refuses", () => {
    expect(refusalOf(() => decide({ scope_ok: "no" }))).toBe("invalid_boolean_field:scope_ok");
    expect(refusalOf(() => decide({ host_health: "fine" }))).toBe("unknown_host_health:fine");
    expect(refusalOf(() => decide({}, [{ severity: "odd" }]))).toBe("unknown_observation_severity:odd");
    expect(refusalOf(() => decide({}, {}))).toBe("invalid_observation_sequence");
  });
});

describe("the lifecycle gate", () => {
  const pairs = ARTIFACT_LIFECYCLE_STATES.flatMap((from) => ARTIFACT_LIFECYCLE_STATES.map((to) => [from, to] as const));

  test("with no artifact nothing passes, and thirteen ways are legal", () => {
    const results = pairs.map(([from, to]) => lifecycleGate(from, to, []));
    expect(results.every(({ allowed }) => !allowed)).toBe(true);
    expect(results.filter(({ blockers }) => !blockers.includes("transition_not_allowed"))).toHaveLength(13);
  });

  test("lists illegal, blocked and missing in this order", () => {
    const states = parseArtifactStates([{ role: "x", blocked_reasons: ["why"], next_actions: ["fix"] }]);
    expect(lifecycleGate("missing", "lifecycle_verified", states)).toMatchObject({
      to_state: "verified_lifecycle",
      blockers: ["transition_not_allowed", "artifact_blocked:x", "missing_artifact:artifact_chain_manifest"],
      next_actions: ["transition_to:intent_prepared", "fix", "provide_artifact:artifact_chain_manifest"],
    });
  });

  test("a conflict invalidates everything downstream", () => {
    const states = parseArtifactStates([{ role: "evidence_contract", digest: "a" }]);
    expect(changeOrder(states, new Map([["evidence_contract", "a"]])).required).toBe(false);
    expect(changeOrder(states, new Map([["evidence_contract", "b"]]))).toMatchObject({
      required: true,
      invalidated_roles: ["artifact_chain_manifest"],
    });
  });
});

test.each([
  [{ kind: "scope_drift", severity: "warning" }, "require_owner_review", "warning_observation:scope_drift"],
  [{ kind: "policy_mismatch", severity: "warning" }, "require_owner_review", "warning_observation:policy_mismatch"],
  [{ kind: "ticket_mismatch", severity: "warning" }, "require_owner_review", "warning_observation:ticket_mismatch"],
  [{ kind: "scope_drift", severity: "info" }, "continue", "ok"],
  [{ kind: "transport_anomaly" }, "cooldown", "observation:transport_anomaly"],
  [{ kind: "host_cooldown" }, "cooldown", "observation:host_cooldown"],
  [{ kind: "other", severity: "critical" }, "abort", "critical_observation:other"],
])("a safe run that observes %j: %s", (observation, decision, reason_code) => {
  expect(decide(SAFE, [observation])).toMatchObject({ decision, reason_code });
});
