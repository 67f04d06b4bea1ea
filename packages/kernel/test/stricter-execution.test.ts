import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { runConformance, verdictText } from "@writ/kernel/conformance";

/** The verdict on one case: `expected` is what the reference answers. */
function verdict(operation: string, input: ExactJson, expected: ExactJson): string | undefined {
  const report = runConformance([{ id: "one", operation, input, expected }]);
  return report.results.map(verdictText)[0];
}

const ALL_FIVE = [
  "prepare_execution_contract",
  "obtain_policy_decision",
  "approve_execution_ticket",
  "verify_trust_decision",
  "select_allowed_runner_profile",
];
const GATE = {
  has_prepared_execution_contract: true,
  policy_decision_status: "allowed",
  execution_ticket_status: "approved",
  trust_decision_status: "trusted",
  runner_profile: { name: "dry-run", allowed: true },
};
const denied = { gate_input: { ...GATE, policy_decision_status: "deny" }, live: false };
const blocked = {
  status: "blocked",
  allowed: false,
  reason_code: "raw_intent_rejected",
  blockers: ["missing_or_invalid_policy_decision"],
  next_actions: ALL_FIVE,
};

describe("§27 no. 26: a blocked gate names only the steps that are missing", () => {
  test("and differs from the reference in nothing else", () => {
    expect(verdict("execution.gate", denied, blocked)).toBe("stricter: §27 no. 26");
    expect(verdict("execution.gate", denied, { ...blocked, next_actions: ["obtain_policy_decision"] })).toBe("same");
  });

  test.each([{ reason_code: "execution_disabled" }, { blockers: [] }, { allowed: true }, { status: "allowed" }])(
    "the rule covers no other difference: %j",
    (other) => {
      expect(verdict("execution.gate", denied, { ...blocked, ...other })).toBe("DIFFERENT");
    },
  );
});

describe("§27 no. 11: a safety fact that is missing or no boolean is no yes", () => {
  test("a runner profile that does not say it is allowed is not", () => {
    const { runner_profile: _, ...silent } = GATE;
    const input = { gate_input: silent, live: false };
    expect(verdict("execution.gate", input, { allowed: true })).toBe("stricter: §27 no. 11");
    expect(verdict("execution.gate", input, { allowed: false, blockers: ["runner_profile_not_allowed"] })).toBe("same");
  });

  test.each(["true", 1, [true]])("a prepared contract is not a truthy %j", (prepared) => {
    const input = { gate_input: { ...GATE, has_prepared_execution_contract: prepared } };
    expect(verdict("execution.gate", input, { allowed: true })).toBe("stricter: §27 no. 11");
  });

  test("a loop does not go on while a fact is missing", () => {
    const goesOn = { decision: "continue", reason_code: "ok", cooldown_subject: "" };
    expect(verdict("control_loop.decide", { orientation: {}, observations: [] }, goesOn)).toBe("stricter: §27 no. 11");
    expect(verdict("control_loop.decide", { orientation: { scope_ok: "true" } }, goesOn)).toBe("stricter: §27 no. 11");
  });

  test("a loop that stops for a fact it has stops as the reference does", () => {
    const orientation = { budget_state: "exhausted" };
    const expected = { decision: "pause", reason_code: "budget_exhausted" };
    expect(verdict("control_loop.decide", { orientation, observations: [] }, expected)).toBe("same");
  });
});

test("§27 no. 10: an unknown word of an orientation or a severity is an error", () => {
  const goesOn = { decision: "continue" };
  expect(verdict("control_loop.decide", { orientation: { host_health: "burning" } }, goesOn)).toBe(
    "stricter: §27 no. 10",
  );
  expect(verdict("control_loop.decide", { observations: [{ severity: "fatal" }] }, goesOn)).toBe(
    "stricter: §27 no. 10",
  );
});

describe("§27 no. 20: of several observations the most severe decides", () => {
  const followup = { kind: "step_completed_with_followup" };
  const critical = { kind: "x", severity: "critical" };
  const safe = { operator_control: "run", scope_ok: true, policy_ok: true, ticket_ok: true, spec_ok: true };
  const orientation = { ...safe, budget_state: "ok", host_health: "ok", output_shape: "expected" };

  test("also when the first one asks for less", () => {
    const first = { decision: "replan_after_step", reason_code: "followup_replan_requested" };
    const input = { orientation, observations: [followup, critical] };
    expect(verdict("control_loop.decide", input, first)).toBe("stricter: §27 no. 20");
    expect(verdict("control_loop.decide", input, { decision: "abort", reason_code: "critical_observation:x" })).toBe(
      "same",
    );
  });

  test("and where the first is the most severe the rule covers nothing", () => {
    const input = { orientation, observations: [critical, followup] };
    expect(verdict("control_loop.decide", input, { decision: "replan_after_step" })).toBe("DIFFERENT");
  });
});
