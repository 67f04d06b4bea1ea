import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { applyTransition, isRunOver, nextRunStates, parseRunState, parseRunTransition, RUN_STATES } from "@writ/kernel";
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

describe("a transition is refused for the first of its faults", () => {
  test.each<[string, ExactJson]>([
    ["invalid_state_transition", null],
    ["raw_intent_not_state_transition", { prompt: "x" }],
    ["missing_run_id", {}],
    ["missing_state_transition_endpoint", { run_id: "r", from_state: "new" }],
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

  test("hold the reason once, and none for ok", () => {
    const run = parseRunState({ run_id: "r", state: "new", blockers: ["x"] });
    const enter = (reason_code: string): object =>
      applyTransition(run, parseRunTransition(step("new", "blocked", { reason_code })));
    expect(enter("x")).toMatchObject({ blockers: ["x"] });
    expect(enter("y")).toMatchObject({ blockers: ["x", "y"] });
    expect(enter("ok")).toMatchObject({ blockers: ["x"] });
  });
});
