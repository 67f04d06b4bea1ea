import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  applyRuntimeAction,
  parseQueueSnapshot,
  parseRuntimeAction,
  parseRuntimeSnapshot,
  parseSchedulerTick,
  queueSnapshotOf,
  RUNTIME_ACTIONS,
  runtimeStateOf,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const action = (more: object = {}): ExactJson => ({ run_id: "r", action: "pause", ...more });

describe("an operator's action", () => {
  test.each(Object.entries(RUNTIME_ACTIONS))("%s asks for the state %j", (name, requested_state) => {
    expect(parseRuntimeAction({ run_id: "r", action: name })).toEqual({
      action_id: `r:${name}`,
      run_id: "r",
      action: name,
      reason_code: "operator_requested",
      requested_state,
      profile: "generic",
      event_refs: [],
      metadata: {},
    });
  });

  test.each<[string, ExactJson]>([
    ["invalid_control_action", []],
    ["missing_control_action_id", action({ action_id: " ", run_id: "" })],
    ["missing_run_id", { action: "odd" }],
    ["unknown_control_action:odd", action({ action: "odd", requested_state: "odd" })],
    ["unknown_runtime_state:odd", action({ requested_state: "odd", metadata: { token: 1 } })],
    ["requested_state_mismatch:pause->running", action({ requested_state: "running" })],
    ["forbidden_runtime_metadata:storage_path", action({ metadata: { storage_path: "/" } })],
    ["invalid_runtime_metadata", action({ metadata: "x" })],
    ["invalid_runtime_sequence", action({ event_refs: 1 })],
  ])("is refused with %s", (reason, value) => {
    expect(refusalOf(() => parseRuntimeAction(value))).toBe(reason);
  });

  const run = { run_id: "r", state: "paused", blockers: [] } as const;
  test("moves its own run, through the gate", () => {
    expect(applyRuntimeAction(run, { run_id: "r", action: "resume" })).toBe("gated");
    expect(refusalOf(() => applyRuntimeAction(run, { run_id: "q", action: "resume" }))).toBe(
      "control_action_run_mismatch",
    );
    expect(refusalOf(() => applyRuntimeAction(run, { run_id: "r", action: "start" }))).toBe(
      "illegal_control_action:paused:start",
    );
    const barred = { ...run, blockers: ["b"] };
    expect(refusalOf(() => applyRuntimeAction(barred, { run_id: "r", action: "resume" }))).toBe("unresolved_blocker:b");
  });

  test("a new run is shown as idle, and one that is not completed never as completed", () => {
    expect([runtimeStateOf("new"), runtimeStateOf("receipt_recorded"), runtimeStateOf("gated")]).toEqual([
      "idle",
      "running",
      "gated",
    ]);
  });
});

const lane = (more: object): ExactJson => ({
  snapshot_id: "q",
  run_id: "r",
  lanes: [{ name: "a", count: 1, ...more }],
});

describe("a queue snapshot", () => {
  test("made of queues has its lanes by name, with their numbers", () => {
    const queues = new Map([
      ["b", ["x", "y"]],
      ["a", []],
    ]);
    expect(queueSnapshotOf({ snapshotId: "q", runId: "r" }, queues, 1).lanes).toEqual([
      { name: "a", count: 0, preview: [] },
      { name: "b", count: 2, preview: ["x"] },
    ]);
  });

  test("read from elsewhere keeps its order", () => {
    const lanes = [{ name: "b" }, { name: "a" }];
    expect(parseQueueSnapshot({ id: "q", run_id: "r", lanes }).lanes.map(({ name }) => name)).toEqual(["b", "a"]);
  });

  test.each<[string, ExactJson]>([
    ["invalid_queue_snapshot", 1],
    ["missing_queue_snapshot_id", { run_id: "" }],
    ["missing_run_id", { id: "q", lanes: 1 }],
    ["invalid_runtime_sequence", { id: "q", run_id: "r", lanes: 1 }],
    ["missing_queue_lane_name", lane({ name: "", count: -1 })],
    ["negative_queue_lane_count", lane({ count: -1 })],
    ["invalid_queue_lane_count", lane({ count: "1" })],
    ["queue_preview_exceeds_count", lane({ preview: ["x", "y"] })],
    ["forbidden_runtime_metadata:secret", { id: "q", run_id: "r", telemetry: { a: { Secret: 1 } } }],
  ])("is refused with %s", (reason, value) => {
    expect(refusalOf(() => parseQueueSnapshot(value))).toBe(reason);
  });
});

describe("a runtime snapshot", () => {
  test.each<[string | undefined, ExactJson]>([
    [undefined, { id: "s", run_id: "r", queue_snapshot: { id: "q", run_id: "r" }, control_actions: [action()] }],
    ["invalid_runtime_snapshot", null],
    ["missing_runtime_snapshot_id", {}],
    ["missing_run_id", { id: "s", state: "odd" }],
    ["unknown_runtime_state:odd", { id: "s", run_id: "r", state: "odd", queue_snapshot: 1 }],
    ["queue_snapshot_run_mismatch", { id: "s", run_id: "r", queue_snapshot: { id: "q", run_id: "p" } }],
    ["control_action_run_mismatch", { id: "s", run_id: "r", control_actions: [action({ run_id: "p" })] }],
  ])("is answered with %s", (reason, value) => {
    expect(refusalOf(() => parseRuntimeSnapshot(value))).toBe(reason);
  });
});

test.each<[string | undefined, ExactJson]>([
  [undefined, { id: "t", run_id: "r" }],
  ["missing_scheduler_tick_id", {}],
  ["missing_run_id", { id: "t" }],
  ["forbidden_runtime_metadata:schedule", { id: "t", run_id: "r", metadata: { schedule: "daily" } }],
])("a scheduler's tick is answered with %s", (reason, value) => {
  expect(refusalOf(() => parseSchedulerTick(value))).toBe(reason);
});
