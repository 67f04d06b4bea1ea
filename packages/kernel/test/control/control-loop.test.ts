import { describe, expect, test } from "vitest";
import { ARTIFACT_LIFECYCLE_STATES, changeOrder, decideLoop, lifecycleGate, parseArtifactStates } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

describe("the control loop takes the first rule that holds", () => {
  test.each([
    [{ operator_control: "stop", scope_ok: false }, "abort", "operator_stop_requested"],
    [{ operator_control: "pause", scope_ok: false }, "pause", "operator_pause_requested"],
    [{ scope_ok: false, policy_ok: false }, "abort", "scope_drift_detected"],
    [{ policy_ok: false, ticket_ok: false }, "require_owner_review", "policy_mismatch"],
    [{ spec_ok: false, budget_state: "exhausted" }, "require_owner_review", "ticket_or_spec_mismatch"],
    [{ budget_state: "stop_loss", host_health: "cooldown" }, "pause", "budget_stop_loss"],
    [{ host_health: "cooldown", output_shape: "untrusted" }, "cooldown", "host_health_cooldown"],
    [{ output_shape: "untrusted" }, "degrade_to_dry_run", "output_shape_untrusted"],
    [{}, "continue", "ok"],
  ])("%j", (orientation, decision, reason_code) => {
    expect(decideLoop(orientation, [])).toMatchObject({ decision, reason_code });
  });

  test("of several observations the most severe decides", () => {
    const followup = { kind: "step_completed_with_followup" };
    expect(decideLoop({}, [followup])).toMatchObject({ decision: "replan_after_step", interrupting: false });
    expect(decideLoop({}, [followup, { kind: "X", severity: "CRITICAL" }])).toMatchObject({
      decision: "abort",
      reason_code: "critical_observation:x",
      interrupting: true,
    });
  });

  test("what it cannot read it refuses", () => {
    expect(refusalOf(() => decideLoop({ scope_ok: "no" }, []))).toBe("invalid_boolean_field:scope_ok");
    expect(refusalOf(() => decideLoop({}, [{ severity: "odd" }]))).toBe("unknown_observation_severity:odd");
    expect(refusalOf(() => decideLoop({}, {}))).toBe("invalid_observation_sequence");
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
