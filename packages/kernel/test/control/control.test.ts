import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  applyControlDecision,
  CONTROL_ACTIONS,
  EVENT_TYPES,
  parseControlDecision,
  parseEventEnvelope,
  parseRunState,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const decision = (action: string, more: object = {}): ExactJson => ({ decision_id: "d", run_id: "r", action, ...more });
const event = (more: object = {}, envelope: object = {}): ExactJson => ({
  event: { event_type: "artifact_state_changed", subject: "s", ...more },
  ...envelope,
});

describe("a control decision is refused for the first of its faults", () => {
  test.each<[string, ExactJson]>([
    ["invalid_control_decision", []],
    ["raw_intent_not_control_decision", { raw_intent: null }],
    ["missing_control_decision_id", {}],
    ["missing_run_id", { id: "d" }],
    ["unknown_control_action:run", decision("run", { metadata: { queue: 1 } })],
    ["forbidden_control_metadata:delivery", decision("pause", { metadata: { delivery: 1 } })],
    ["control_decision_missing_state_transition", decision("pause")],
    ["pause_control_must_target_paused", decision("pause", { from_state: "gated", to_state: "blocked" })],
    ["block_control_must_target_blocked", decision("block", { from_state: "gated", to_state: "paused" })],
    ["unknown_run_state:x", decision("advance_state", { from_state: "x", to_state: "y" })],
    ["invalid_state_transition:new->paused", decision("pause", { from_state: "new", to_state: "paused" })],
    ["missing_runner_gate_decision", decision("advance_state", { from_state: "gated", to_state: "running_dry_run" })],
    ["record_control_must_not_claim_state_transition", decision("record_only", { to_state: "paused" })],
  ])("%s", (reason, value) => {
    expect(refusalOf(() => parseControlDecision(value))).toBe(reason);
  });
});

describe("a control decision is read", () => {
  const whole = {
    decision_id: "d",
    run_id: "r",
    action: "advance_state",
    reason_code: "why",
    profile: "p",
    event_refs: ["e"],
    required_decisions: ["runner_gate_decision"],
    metadata: { a: 1 },
  };

  test("whole, with the transition it makes", () => {
    expect(parseControlDecision({ ...whole, from_state: "gated", to_state: "running_dry_run" })).toEqual({
      ...whole,
      transition: {
        run_id: "r",
        from_state: "gated",
        to_state: "running_dry_run",
        reason_code: "why",
        event_ref: "e",
        required_decisions: ["runner_gate_decision"],
        metadata: {},
      },
    });
  });

  test("with what stands for the fields it leaves out", () => {
    expect(parseControlDecision({ id: "d", run_id: "r", action: "record_only" })).toEqual({
      decision_id: "d",
      run_id: "r",
      action: "record_only",
      reason_code: "ok",
      profile: "generic",
      event_refs: [],
      required_decisions: [],
      metadata: {},
    });
  });

  test.each([
    ["pause", "gated", "paused"],
    ["block", "new", "blocked"],
    ["advance_state", "gated", "paused"],
    ["advance_state", "new", "blocked"],
  ])("%s may go from %s to %s, of an event or of none", (action, from_state, to_state) => {
    const { transition } = parseControlDecision(decision(action, { from_state, to_state }));
    expect(transition).toMatchObject({ from_state, to_state, event_ref: "" });
  });

  test.each<[string, ExactJson]>([
    ["raw_intent_not_control_decision", decision("pause", { prompt: "x" })],
    ["control_decision_missing_state_transition", decision("block", { from_state: "new" })],
    ["control_decision_missing_state_transition", decision("block", { to_state: "blocked" })],
    ["record_control_must_not_claim_state_transition", decision("record_only", { from_state: "new" })],
    ["record_control_must_not_claim_state_transition", decision("request_profile_handoff", { to_state: "new" })],
    ["unknown_run_state:y", decision("advance_state", { from_state: "new", to_state: "y" })],
    ["invalid_control_metadata", decision("record_only", { metadata: [] })],
    ["invalid_control_sequence", decision("record_only", { event_refs: 1 })],
    ["invalid_control_sequence", decision("record_only", { required_decisions: {} })],
  ])("or refused with %s", (reason, value) => {
    expect(refusalOf(() => parseControlDecision(value))).toBe(reason);
  });
});

test("a decision that moves a run needs its blockers resolved as the run's own step does", () => {
  const state = parseRunState({ run_id: "r", state: "blocked", blockers: ["b"] });
  const moving = parseControlDecision(decision("advance_state", { from_state: "blocked", to_state: "admitted" }));
  expect(refusalOf(() => applyControlDecision(state, moving))).toBe("unresolved_blocker:b");
  expect(applyControlDecision(state, moving, ["b"])).toMatchObject({ state: "admitted", blockers: [] });
});

test.each(["record_only", "request_profile_handoff"])("%s moves nothing, and only on its own run", (action) => {
  const state = parseRunState({ run_id: "r", state: "gated" });
  expect(applyControlDecision(state, parseControlDecision(decision(action)))).toEqual(state);
  expect(refusalOf(() => applyControlDecision({ ...state, run_id: "q" }, parseControlDecision(decision(action))))).toBe(
    "control_decision_run_mismatch",
  );
});

test("a moving decision brings the last of its events", () => {
  const moved = applyControlDecision(
    parseRunState({ run_id: "r" }),
    parseControlDecision(
      decision("advance_state", { from_state: "new", to_state: "admitted", event_refs: ["a", "b"] }),
    ),
  );
  expect(moved).toMatchObject({ state: "admitted", event_refs: ["b"] });
  expect(CONTROL_ACTIONS).toHaveLength(5);
});

describe("an event envelope is refused for the first of its faults", () => {
  test.each<[string, ExactJson]>([
    ["invalid_event_envelope", 1],
    ["event_envelope_must_not_claim_delivery_or_schedule", { schedule: 1 }],
    ["missing_event", {}],
    ["forbidden_event_payload:token", event({ event_type: "" }, { metadata: { TOKEN: 1 } })],
    ["missing_event_type", event({ event_type: "", subject: "" })],
    ["unknown_event_type:x", event({ event_type: "x", subject: "" })],
    ["missing_event_subject", event({ subject: " ", payload: { prompt: 1 } })],
    ["forbidden_event_payload:prompt", event({ payload: { a: { prompt: 1 } } })],
    ["invalid_event_refs", event({ refs: 1 })],
    ["invalid_event_sequence", event({}, { sequence: true })],
  ])("%s", (reason, value) => {
    expect(refusalOf(() => parseEventEnvelope(value))).toBe(reason);
  });

  test.each(EVENT_TYPES)("%s is an event", (event_type) => {
    expect(parseEventEnvelope(event({ event_type })).event.event_type).toBe(event_type);
  });
});
