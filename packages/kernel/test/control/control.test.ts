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
