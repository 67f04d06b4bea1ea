import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  applyRuntimeAction,
  checkLease,
  checkTicket,
  evaluatePreconditions,
  grantLease,
  liveRunnerReadiness,
  parseRunnerLease,
  parseRuntimeAction,
  parseSupervisionDecision,
  parseSupervisionPlan,
  parseTaskContract,
  RUNTIME_ACTIONS,
  stateAfterAction,
  type Preconditions,
} from "@writ/kernel";
import { runConformance, verdictText } from "@writ/kernel/conformance";
import { refusalOf } from "./refusal.ts";
import { AGENT, NOW, processContract, ticket } from "./samples.ts";

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

describe("§27 no. 4: a gate takes artifacts, not words about them", () => {
  test("words that would pass the reference's gate open nothing", () => {
    const words = {
      contract: "prepared",
      decision: { status: "allowed", outcome: "allowed" },
      ticket: null,
      trust: { status: "trusted" },
      profile: { name: "live", allowed: true, liveBackendEnabled: true },
      live: false,
      now: NOW,
    };
    const given = { ...words, contract: processContract } as unknown as Preconditions;
    expect(evaluatePreconditions(given)).toMatchObject({
      allowed: false,
      blockers: [
        "missing_or_invalid_policy_decision",
        "missing_or_invalid_execution_ticket",
        "missing_or_invalid_trust_decision",
      ],
    });
  });
});

test("§27 no. 7: whether a ticket was used is told by the log, and a used one never authorises again", () => {
  const use = { actionId: ticket.action_id, contractDigest: ticket.action_digest, now: Date.parse(ticket.issued_at) };
  expect(checkTicket(ticket, { ...use, spent: false })).toEqual({ ok: true });
  expect(checkTicket(ticket, { ...use, spent: true })).toEqual({ ok: false, refusal: "spent" });
});

test("§27 no. 8: a live runner that lacks one of the fifteen is not ready, and the reference lacks six", () => {
  const { missing_prerequisites: missing } = liveRunnerReadiness({});
  expect(missing).toHaveLength(15);
  const six = missing.filter((name) => /profile_enabled|_allowlist_|max_output|output_digests|redaction/.test(name));
  const reference = Object.fromEntries(missing.filter((name) => !six.includes(name)).map((name) => [name, "ref"]));
  expect(liveRunnerReadiness(reference)).toMatchObject({ ready: false, missing_prerequisites: six });
});

describe("§27 no. 10: a word that nobody knows is an error where the reference takes its default", () => {
  test.each<[string, () => unknown]>([
    ["unknown_runner_lease_state:odd", () => parseRunnerLease({ id: "l", request_id: "r", state: "odd" })],
    ["unknown_cwd_policy:odd", () => parseSupervisionPlan({ id: "p", request_id: "r", cwd_policy: "odd" })],
    ["unknown_env_policy:odd", () => parseSupervisionPlan({ id: "p", request_id: "r", env_policy: "odd" })],
    ["unknown_stdin_policy:odd", () => parseSupervisionPlan({ id: "p", request_id: "r", stdin_policy: "odd" })],
    ["missing_supervision_decision_action", () => parseSupervisionDecision({ id: "d", request_id: "r" })],
    ["unknown_priority_tier:odd", () => parseTaskContract({ id: "c", priority_tier: "odd" })],
    ["invalid_activation_phase", () => parseTaskContract({ id: "c", activation_phase: 9 })],
  ])("%s", (reason, run) => {
    expect(refusalOf(run)).toBe(reason);
  });
});

describe("§27 no. 12: a field of another type is no default", () => {
  const state = { run_id: "r", state: "new" };
  const transition = { run_id: "r", from_state: "new", to_state: "admitted" };
  const moved = { ok: true, value: { state: "admitted" } };

  test.each([
    [{ ...state, metadata: ["secret"] }, transition],
    [
      { ...state, run_id: 5 },
      { ...transition, run_id: 5 },
    ],
    [{ ...state, event_refs: { a: 1 } }, transition],
    [state, { ...transition, required_decisions: [1] }],
  ])("%j, %j", (given, step) => {
    expect(verdict("run_state.apply", { state: given, transition: step }, moved)).toBe("stricter: §27 no. 12");
  });

  test("an expected digest that is no text is not overlooked", () => {
    const input = { artifact_states: [{ role: "execution_contract", digest: "a" }], expected_digests: { x: 1 } };
    expect(verdict("deconfliction.evaluate", input, { required: false })).toBe("stricter: §27 no. 12");
  });
});

describe("§27 no. 18: going on needs a resolution of each blocker", () => {
  const transition = { run_id: "r", from_state: "blocked", to_state: "admitted" };
  const kept = { ok: true, value: { state: "admitted", blockers: ["policy_denied"], blocked: true } };

  test("a run does not leave `blocked` with what blocked it", () => {
    const state = { run_id: "r", state: "blocked", blockers: ["policy_denied"] };
    expect(verdict("run_state.apply", { state, transition }, kept)).toBe("stricter: §27 no. 18");
  });

  test("and one that left it elsewhere goes no further", () => {
    const state = { run_id: "r", state: "admitted", blockers: ["policy_denied"] };
    const on = { ...transition, from_state: "admitted", to_state: "policy_checked" };
    expect(verdict("run_state.apply", { state, transition: on }, kept)).toBe("stricter: §27 no. 18");
    const back = { ...transition, from_state: "admitted", to_state: "blocked" };
    const value = { state: "blocked", blockers: ["policy_denied"] };
    expect(verdict("run_state.apply", { state, transition: back }, { ok: true, value })).toBe("same");
  });

  test("a run that nothing blocks leaves as the reference lets it", () => {
    const state = { run_id: "r", state: "blocked" };
    const value = { state: "admitted", blockers: [], blocked: false };
    expect(verdict("run_state.apply", { state, transition }, { ok: true, value })).toBe("same");
  });
});

describe("§27 no. 19: one table of states, and an illegal action is refused", () => {
  const run = { run_id: "r", blockers: [] };

  test.each(["start", "resume", "retry"] as const)("a new run does not %s into `running`", (action) => {
    expect(refusalOf(() => applyRuntimeAction({ ...run, state: "new" }, { run_id: "r", action }))).toBe(
      `illegal_control_action:new:${action}`,
    );
  });

  test("a completed run takes no action but a note", () => {
    const taken = Object.keys(RUNTIME_ACTIONS) as (keyof typeof RUNTIME_ACTIONS)[];
    expect(taken.filter((action) => stateAfterAction("completed", action) !== null)).toEqual(["record_only"]);
  });

  test("an action does not ask for another action's state", () => {
    const asked = { run_id: "r", action: "pause", requested_state: "running" };
    expect(refusalOf(() => parseRuntimeAction(asked))).toBe("requested_state_mismatch:pause->running");
  });
});

test("§27 no. 24: a lease has a fence, and an old or unknown one starts nothing", () => {
  const names = { ticket_id: ticket.id, action_id: ticket.action_id, action_digest: ticket.action_digest };
  const granted = { now: NOW, expiresAt: NOW + 1_000 };
  const lease = grantLease({ id: ticket.decision, ...names, holder: AGENT, fence: 1 }, granted);
  const use = {
    intent: lease.id,
    ticketId: lease.ticket_id,
    actionId: lease.action_id,
    actionDigest: lease.action_digest,
    now: NOW,
  };
  expect(checkLease(lease, { ...use, currentFence: 1 })).toEqual({ ok: true });
  expect(checkLease(lease, { ...use, currentFence: 2 })).toEqual({ ok: false, refusal: "stale" });
  expect(checkLease(lease, { ...use, currentFence: null })).toEqual({ ok: false, refusal: "stale" });
});

describe("§27 no. 21: a word opens both gates as it is spelled, or neither", () => {
  const summaries = {
    prepared_execution_contract: { status: "prepared" },
    policy_decision: { decision: "allow" },
    execution_ticket: { status: "passed" },
    trust_decision: { status: "trusted" },
    runner_profile: { allowed: true },
    receipt_obligation: { status: "required" },
  };
  const allowed = { ok: true, value: { status: "allowed", allowed: true } };

  test.each<object>([
    { prepared_execution_contract: { status: "Prepared" } },
    { policy_decision: { decision: "ALLOW" } },
    { execution_ticket: { status: "Passed" } },
    { trust_decision: { status: "Trusted" } },
    { receipt_obligation: { status: "REQUIRED" } },
  ])("the composer refuses %j", (said) => {
    expect(verdict("admission.compose", summaries, allowed)).toBe("same");
    expect(verdict("admission.compose", { ...summaries, ...said }, allowed)).toBe("stricter: §27 no. 21");
  });

  test("the gate is closed by the same spelling, as the reference's is", () => {
    const input = { gate_input: { ...GATE, trust_decision_status: "Trusted" }, live: false };
    const expected = { allowed: false, blockers: ["missing_or_invalid_trust_decision"] };
    expect(verdict("execution.gate", input, expected)).toBe("same");
  });

  test("a word that closes is understood in any spelling", () => {
    const denied = { ...summaries, policy_decision: { decision: "DENY" } };
    const value = { status: "blocked", reason_code: "policy_denied", blockers: ["policy_denied"] };
    expect(verdict("admission.compose", denied, { ok: true, value })).toBe("same");
  });
});
