import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import {
  changeOrder,
  lifecycleGate,
  nextLifecycleActions,
  nextLifecycleStates,
  parseArtifactStates,
  parseObservations,
  ARTIFACT_LIFECYCLE_STATES,
} from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

describe("the state of an artifact", () => {
  const blank = { role: "", digest: "", blocked: [], nextActions: [] };
  test.each<[ExactJson, object]>([
    [{}, blank],
    [
      { role: "a", artifact_type: "b", digest: "c" },
      { ...blank, role: "a", digest: "c" },
    ],
    [{ artifact_type: "b" }, { ...blank, role: "b" }],
    [
      { role: "a", digest: "c", descriptor: { role: "r", artifact_type: "t", digest: "d" } },
      { ...blank, role: "r", digest: "d" },
    ],
    [
      { role: "a", descriptor: { artifact_type: "t" } },
      { ...blank, role: "t" },
    ],
    [
      { role: "a", digest: "c", descriptor: {} },
      { ...blank, role: "a", digest: "c" },
    ],
    [
      { role: "a", descriptor: "d" },
      { ...blank, role: "a" },
    ],
    [
      { blocked_reasons: ["x"], next_actions: ["y"] },
      { ...blank, blocked: ["x"], nextActions: ["y"] },
    ],
  ])("%j", (value, state) => {
    expect(parseArtifactStates([value])).toEqual([state]);
  });

  test.each<[string, ExactJson]>([
    ["invalid_artifact_states", {}],
    ["invalid_artifact_states", Array.from({ length: 1_001 }, () => ({}))],
    ["invalid_artifact_state", ["a"]],
    ["invalid_artifact_state", [{ blocked_reasons: 1 }]],
    ["invalid_artifact_state", [{ next_actions: 1 }]],
  ])("is refused with %s", (reason, value) => {
    expect(refusalOf(() => parseArtifactStates(value))).toBe(reason);
  });

  test("is one of a thousand at most", () => {
    expect(parseArtifactStates(Array.from({ length: 1_000 }, () => ({})))).toHaveLength(1_000);
  });
});

describe("the gate of a chain", () => {
  test("tells what is allowed, and from where to where", () => {
    expect(lifecycleGate("missing", "intent_prepared", parseArtifactStates([{ role: "intent_contract" }]))).toEqual({
      status: "allowed",
      allowed: true,
      reason_code: "ok",
      from_state: "missing",
      to_state: "intent_prepared",
      blockers: [],
      next_actions: [],
    });
  });

  test("tells what is blocked, by what, and what would help", () => {
    expect(lifecycleGate("missing", "intent_prepared", [])).toEqual({
      status: "blocked",
      allowed: false,
      reason_code: "lifecycle_blocked",
      from_state: "missing",
      to_state: "intent_prepared",
      blockers: ["missing_artifact:intent_contract"],
      next_actions: ["provide_artifact:intent_contract"],
    });
  });

  test.each([
    ["odd", "missing", []],
    ["missing", "toString", ["transition_to:intent_prepared"]],
  ])("leads nowhere from or to a state it does not know: %s to %s", (from, to, next_actions) => {
    expect(lifecycleGate(from, to, [])).toEqual({
      status: "blocked",
      allowed: false,
      reason_code: "lifecycle_blocked",
      from_state: from,
      to_state: to,
      blockers: ["transition_not_allowed"],
      next_actions,
    });
  });

  test("has no actions for a state it does not know", () => {
    expect(refusalOf(() => nextLifecycleActions("odd", []))).toBe("unknown_lifecycle_state:odd");
  });

  test("allows the steps that follow a state, and only those", () => {
    for (const from of ARTIFACT_LIFECYCLE_STATES)
      for (const to of ARTIFACT_LIFECYCLE_STATES)
        expect(lifecycleGate(from, to, []).blockers.includes("transition_not_allowed")).toBe(
          !nextLifecycleStates(from).includes(to),
        );
  });
});

test.each([
  ["intent_contract", 6],
  ["evidence_contract", 1],
  ["artifact_chain_manifest", 0],
  ["of_no_chain", 0],
])("a conflict of %s makes %i later artifacts invalid", (role, later) => {
  const order = changeOrder(parseArtifactStates([{ role, digest: "a" }]), new Map([[role, "b"]]));
  expect(order.invalidated_roles).toHaveLength(later);
  expect(order.required_actions).toHaveLength(2 + later);
  expect(order.conflicts).toMatchObject([{ role, expected_digest: "b", actual_digest: "a" }]);
});

describe("observations", () => {
  test("are read whole, or with what stands for the fields they leave out", () => {
    const whole = { kind: "a", severity: "warning", subject: "s", detail: "d", facts: { b: 1 } };
    expect(parseObservations([whole, {}])).toEqual([
      whole,
      { kind: "unknown", severity: "info", subject: "", detail: "", facts: {} },
    ]);
  });

  test.each<[string, ExactJson]>([
    ["invalid_observation_sequence", {}],
    ["invalid_observation_sequence", Array.from({ length: 10_001 }, () => ({}))],
    ["invalid_observation", [1]],
    ["invalid_observation_facts", [{ facts: [] }]],
    ["unknown_observation_severity:odd", [{ severity: "odd" }]],
  ])("are refused with %s", (reason, value) => {
    expect(refusalOf(() => parseObservations(value))).toBe(reason);
  });

  test("are ten thousand at most", () => {
    expect(parseObservations(Array.from({ length: 10_000 }, () => ({})))).toHaveLength(10_000);
  });
});
