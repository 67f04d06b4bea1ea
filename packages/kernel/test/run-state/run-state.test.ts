import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  applyTransition,
  isRunBlocked,
  isRunOver,
  nextRunStates,
  parseRunState,
  parseRunTransition,
  RUN_STATES,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const pairs = RUN_STATES.flatMap((from) => RUN_STATES.map((to) => [from, to] as const));
const step = (from: string, to: string, more: object = {}): ExactJson => ({
  run_id: "r",
  from_state: from,
  to_state: to,
  required_decisions: ["runner_gate_decision"],
  ...more,
});

describe("the states of a run", () => {
  test("the table has exactly these ways", () => {
    expect(pairs.filter(([from, to]) => nextRunStates(from).includes(to)).map((pair) => pair.join(">"))).toEqual([
      "new>admitted",
      "new>blocked",
      "admitted>policy_checked",
      "admitted>blocked",
      "policy_checked>trust_checked",
      "policy_checked>blocked",
      "trust_checked>gated",
      "trust_checked>blocked",
      "gated>running_dry_run",
      "gated>paused",
      "gated>blocked",
      "running_dry_run>receipt_recorded",
      "running_dry_run>paused",
      "running_dry_run>blocked",
      "receipt_recorded>blocked",
      "receipt_recorded>completed",
      "paused>gated",
      "paused>blocked",
      "blocked>admitted",
    ]);
  });

  test.each(pairs)("%s to %s happens or is refused by name", (from, to) => {
    const refusal = refusalOf(() =>
      applyTransition(parseRunState({ run_id: "r", state: from }), parseRunTransition(step(from, to))),
    );
    expect(refusal).toBe(nextRunStates(from).includes(to) ? undefined : `invalid_state_transition:${from}->${to}`);
  });

  test("only a completed run is over, and nothing follows it", () => {
    const over = RUN_STATES.filter((state) => isRunOver(parseRunState({ run_id: "r", state })));
    expect(over).toEqual(["completed"]);
    expect(nextRunStates("completed")).toEqual([]);
  });
});

describe("what is read", () => {
  const run = {
    run_id: "r",
    state: "gated",
    profile: "p",
    event_refs: ["e"],
    artifact_refs: ["a"],
    blockers: ["b"],
    metadata: { a: 1 },
  };
  test("of a run is whole, or what stands for the fields it leaves out", () => {
    expect(parseRunState(run)).toEqual(run);
    expect(parseRunState({ id: "r" })).toEqual({
      run_id: "r",
      state: "new",
      profile: "generic",
      event_refs: [],
      artifact_refs: [],
      blockers: [],
      metadata: {},
    });
  });

  test.each<[string, ExactJson]>([
    ["invalid_run_state", []],
    ["missing_run_id", {}],
    ["unknown_run_state:odd", { ...run, state: "odd" }],
    ["invalid_state_metadata", { ...run, metadata: [] }],
    ["forbidden_state_metadata:queue", { ...run, metadata: { queue: 1 } }],
    ["invalid_state_sequence", { ...run, event_refs: 1 }],
    ["invalid_state_sequence", { ...run, artifact_refs: {} }],
    ["invalid_state_sequence", { ...run, blockers: [1] }],
  ])("of a run is refused with %s: %j", (reason, value) => {
    expect(refusalOf(() => parseRunState(value))).toBe(reason);
  });

  test("of a transition is whole, or what stands for the fields it leaves out", () => {
    const made = step("gated", "running_dry_run", { reason_code: "why", event_ref: "e", metadata: { a: 1 } });
    expect(parseRunTransition(made)).toEqual(made);
    expect(parseRunTransition({ run_id: "r", from_state: "new", to_state: "admitted" })).toEqual({
      run_id: "r",
      from_state: "new",
      to_state: "admitted",
      reason_code: "ok",
      event_ref: "",
      required_decisions: [],
      metadata: {},
    });
  });

  test("an event of a step joins the run's, and a step without one adds none", () => {
    const state = parseRunState({ ...run, blockers: [] });
    const after = (event_ref: string) =>
      applyTransition(state, parseRunTransition(step("gated", "paused", { event_ref }))).event_refs;
    expect(after("f")).toEqual(["e", "f"]);
    expect(after("")).toEqual(["e"]);
  });

  test("a run is blocked by its state or by any blocker", () => {
    const isBlocked = (more: object) => isRunBlocked(parseRunState({ ...run, blockers: [], ...more }));
    expect(isBlocked({})).toBe(false);
    expect(isBlocked({ state: "blocked" })).toBe(true);
    expect(isBlocked({ blockers: ["b"] })).toBe(true);
  });
});

describe("a transition is refused for the first of its faults", () => {
  test.each<[string, ExactJson]>([
    ["invalid_state_transition", null],
    ["raw_intent_not_state_transition", { prompt: "x" }],
    ["raw_intent_not_state_transition", { raw_intent: "x" }],
    ["missing_run_id", {}],
    ["missing_state_transition_endpoint", { run_id: "r", from_state: "new" }],
    ["missing_state_transition_endpoint", { run_id: "r", to_state: "new" }],
    ["invalid_state_metadata", step("new", "admitted", { metadata: [] })],
    ["invalid_state_sequence", step("new", "admitted", { required_decisions: 1 })],
    ["forbidden_state_metadata:queue", step("odd", "odd", { metadata: { a: [{ Queue: 1 }] } })],
    ["unknown_run_state:odd", step("odd", "other")],
    ["unknown_run_state:other", step("new", "other")],
    ["invalid_state_transition:new->gated", step("new", "gated")],
    ["missing_runner_gate_decision", step("gated", "running_dry_run", { required_decisions: [] })],
  ])("%s", (reason, value) => {
    expect(refusalOf(() => parseRunTransition(value))).toBe(reason);
  });

  test("of another run or another state", () => {
    const state = parseRunState({ run_id: "r", state: "new" });
    expect(
      refusalOf(() => applyTransition({ ...state, run_id: "q" }, parseRunTransition(step("new", "admitted")))),
    ).toBe("state_transition_run_mismatch");
    expect(refusalOf(() => applyTransition(state, parseRunTransition(step("gated", "paused"))))).toBe(
      "state_transition_from_mismatch:new!=gated",
    );
  });
});

describe("blockers", () => {
  const blocked = parseRunState({ run_id: "r", state: "blocked", blockers: ["a", "b"] });
  const leave = parseRunTransition(step("blocked", "admitted"));

  test("leave with the block once each is resolved", () => {
    expect(refusalOf(() => applyTransition(blocked, leave))).toBe("unresolved_blocker:a");
    expect(refusalOf(() => applyTransition(blocked, leave, ["a"]))).toBe("unresolved_blocker:b");
    expect(applyTransition(blocked, leave, ["a", "b"])).toMatchObject({ state: "admitted", blockers: [] });
  });

  test("stay while the run is paused", () => {
    const run = parseRunState({ run_id: "r", state: "gated", blockers: ["x"] });
    expect(applyTransition(run, parseRunTransition(step("gated", "paused")))).toMatchObject({ blockers: ["x"] });
  });

  test("hold the reason once, and none for ok", () => {
    const run = parseRunState({ run_id: "r", state: "new", blockers: ["x"] });
    const enter = (reason_code: string): object =>
      applyTransition(run, parseRunTransition(step("new", "blocked", { reason_code })));
    expect(enter("x")).toMatchObject({ blockers: ["x"] });
    expect(enter("y")).toMatchObject({ blockers: ["x", "y"] });
    expect(enter("ok")).toMatchObject({ blockers: ["x"] });
  });
});
