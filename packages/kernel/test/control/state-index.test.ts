import { describe, expect, test } from "vitest";
import { nextLifecycleActions, parseArtifactStates, parseExpectedDigests, summarizeStates } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const states = parseArtifactStates([
  { role: "execution_ticket", digest: "t", blocked_reasons: ["late"], next_actions: ["issue_anew"] },
  { descriptor: { role: "execution_contract", digest: "c" }, role: "ignored" },
  { artifact_type: "evidence_contract", blocked_reasons: ["unread"] },
]);

describe("the summary of a chain's artifacts", () => {
  test("lists what is missing, blocked and in conflict, with the steps in this order", () => {
    expect(summarizeStates(states, ["execution_ticket", "policy_decision"], new Map([["execution_contract", "d"]])))
      // The conflicts of blocked artifacts come in the artifacts' order.
      .toEqual({
        status: "blocked",
        artifact_count: 3,
        roles: ["evidence_contract", "execution_contract", "execution_ticket"],
        missing_roles: ["policy_decision"],
        blocked_roles: ["execution_ticket", "evidence_contract"],
        change_order_required: true,
        invalidated_roles: ["execution_receipt", "evidence_contract", "artifact_chain_manifest", "execution_ticket"],
        next_actions: [
          "provide_artifact:policy_decision",
          "issue_anew",
          "repair_artifact:evidence_contract",
          "repair_artifact:execution_ticket",
          "revalidate_artifact:execution_receipt",
          "revalidate_artifact:evidence_contract",
          "revalidate_artifact:artifact_chain_manifest",
          "repair_artifact:execution_contract",
          "rebuild_bindings_for:execution_contract",
          "revalidate_artifact:execution_ticket",
        ],
      });
  });

  test("is ready when nothing is", () => {
    expect(summarizeStates(states.slice(1, 2), ["execution_contract"], new Map())).toMatchObject({
      status: "ready",
      next_actions: [],
    });
  });
});

describe("what leads on from a state", () => {
  test.each([
    ["intent_prepared", ["artifact_blocked:x"], ["fix", "provide_artifact:policy_decision"]],
    ["verified_lifecycle", [], []],
    ["chain_verified", [], ["provide_artifact:artifact_chain_manifest"]],
  ])("%s", (from, blocked, actions) => {
    const role = "intent_contract";
    const given = parseArtifactStates([
      { role, blocked_reasons: blocked, next_actions: blocked.length > 0 ? "fix" : [] },
    ]);
    expect(nextLifecycleActions(from, given)).toEqual(actions);
  });

  test("an open step is one to take", () => {
    expect(nextLifecycleActions("missing", parseArtifactStates([{ role: "intent_contract" }]))).toEqual([
      "transition_to:intent_prepared",
    ]);
  });
});

test("an expected digest that is no text is not overlooked", () => {
  expect(refusalOf(() => parseExpectedDigests({ a: 1 }))).toBe("invalid_expected_digest:a");
  expect(refusalOf(() => parseExpectedDigests([]))).toBe("invalid_expected_digests");
  expect([...parseExpectedDigests({ a: null, b: " x " })]).toEqual([
    ["a", ""],
    ["b", " x "],
  ]);
});
