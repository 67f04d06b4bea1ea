import { describe, expect, test } from "vitest";
import { isWritError } from "@writ/canon";
import {
  applyControlDecision,
  applyRuntimeAction,
  parseControlDecision,
  parseRunState,
  RUN_STATES,
  RUNTIME_ACTIONS,
  type RunState,
  type RuntimeActionName,
} from "@writ/kernel";
import { deadEnds, explore, type Step } from "./explore.ts";

const DEPTH = 8;
const REASONS = ["ok", "x", "y"] as const;
const RESOLUTIONS: readonly (readonly string[])[] = [[], ["x"], ["y"], ["x", "y"]];

interface Run {
  readonly state: RunState["state"];
  readonly blockers: readonly string[];
}

interface Move {
  readonly action: string;
  readonly to: RunState["state"] | null;
  readonly reason: string;
  readonly resolved: readonly string[];
}

/** Every decision there is: each action, each target, each reason, each set of resolved blockers. */
const MOVES: readonly Move[] = [
  { action: "record_only", to: null, reason: "ok", resolved: ["x", "y"] },
  { action: "request_profile_handoff", to: null, reason: "x", resolved: [] },
  ...["advance_state", "pause", "block"].flatMap((action) =>
    RUN_STATES.flatMap((to) =>
      REASONS.flatMap((reason) => RESOLUTIONS.map((resolved) => ({ action, to, reason, resolved }))),
    ),
  ),
];

function decide({ state, blockers }: Run, { action, to, reason, resolved }: Move): Run | null {
  const run = parseRunState({ run_id: "r", state, blockers });
  try {
    const decision = parseControlDecision({
      decision_id: "d",
      run_id: "r",
      action,
      reason_code: reason,
      required_decisions: ["runner_gate_decision"],
      ...(to !== null && { from_state: state, to_state: to }),
    });
    const after = applyControlDecision(run, decision, resolved);
    return { state: after.state, blockers: after.blockers.toSorted() };
  } catch (error) {
    if (isWritError(error)) return null;
    throw error;
  }
}

const stepsOf = (run: Run): readonly Step<Run>[] =>
  MOVES.flatMap((move) => {
    const next = decide(run, move);
    return next === null ? [] : [{ label: JSON.stringify(move), next }];
  });

describe(`a run under every sequence of up to ${String(DEPTH)} control decisions`, () => {
  // The second is a record from elsewhere: the reference lets a run go on with what blocked it.
  const starts: readonly Run[] = [
    { state: "new", blockers: [] },
    { state: "gated", blockers: ["x"] },
  ];
  const explored = explore<Run>(starts, stepsOf, DEPTH);
  const runs = [...explored.states.values()].map(({ state }) => state);
  const taken = runs.flatMap((run) =>
    stepsOf(run).map((step) => ({ run, move: JSON.parse(step.label) as Move, next: step.next })),
  );

  test("is covered whole: all states, with each set of blockers a block can leave", () => {
    expect(explored.complete).toBe(true);
    expect(new Set(runs.map(({ state }) => state))).toEqual(new Set(RUN_STATES));
    const blocked = runs.filter(({ state }) => state === "blocked").map(({ blockers }) => blockers.join());
    expect(blocked.toSorted()).toEqual(["", "x", "x,y", "y"]);
  });

  test("loses a blocker only by a step that resolves every one it had", () => {
    const lost = taken.filter(({ run, next }) => run.blockers.some((blocker) => !next.blockers.includes(blocker)));
    expect(lost.length).toBeGreaterThan(0);
    for (const { run, move, next } of lost) {
      expect(run.blockers.filter((blocker) => !move.resolved.includes(blocker))).toEqual([]);
      expect(next.blockers).toEqual([]);
    }
  });

  test("goes on with no open blocker, and completes with none", () => {
    const halted = new Set(["blocked", "paused"]);
    const moved = taken.filter(({ move, next }) => move.to !== null && !halted.has(next.state));
    expect(moved.length).toBeGreaterThan(0);
    for (const { next } of moved) expect(next.blockers).toEqual([]);
  });

  test("gains a blocker only by being blocked, and is blocked only by `block` or an advance to it", () => {
    for (const { run, move, next } of taken) {
      const gained = next.blockers.filter((blocker) => !run.blockers.includes(blocker));
      if (gained.length > 0) expect([move.to, gained]).toEqual(["blocked", [move.reason]]);
    }
  });

  test("has no dead end, and nothing leaves `completed`", () => {
    expect(deadEnds(runs, stepsOf, ({ state }) => state === "completed")).toEqual([]);
    const left = taken.filter(({ run, move }) => run.state === "completed" && move.to !== null);
    expect(left).toEqual([]);
  });
});

test("no operator's action brings a run with a blocker on, whatever the state", () => {
  for (const state of RUN_STATES) {
    for (const action of Object.keys(RUNTIME_ACTIONS) as RuntimeActionName[]) {
      const run = { run_id: "r", state, blockers: ["x"] };
      try {
        const next = applyRuntimeAction(run, { run_id: "r", action });
        expect([state, "paused", "cooldown", "stopped", "cancelled"]).toContain(next);
      } catch (error) {
        expect(isWritError(error)).toBe(true);
      }
    }
  }
});
