import type { ExactJson } from "@writ/canon";
import { expect, test } from "vitest";
import { actionContractErrors, lossGate, lossPenalty, probeRecipeErrors, semanticLoss } from "@writ/kernel/security";

const meaning = { strategy: "passthrough", reason: "", actionType: "", taskFamily: "", lossDetected: false };
test.each([
  [{ reason: "recipe:x" }, "semantic_loss_harmless_normalization", "proceed", -0.03],
  [{}, "semantic_loss_none", "proceed", 0],
  [{ strategy: "differential_lowering" }, "semantic_loss_none", "proceed", 0],
  [{ strategy: "confirmatory_lowering" }, "semantic_loss_bounded_rereview", "auditor_rereview", -0.12],
  [{ strategy: "variant_lowering", taskFamily: "AUTHZ " }, "semantic_loss_bounded_rereview", "auditor_rereview", -0.12],
  [{ strategy: "variant_lowering" }, "semantic_loss_bounded_lowering", "proceed_mark_degraded", -0.12],
  [{ strategy: "recipe_lowering" }, "semantic_loss_bounded_lowering", "proceed_mark_degraded", -0.12],
  [
    { lossDetected: true, reason: "fingerprint_probe_lowered_to_single_probe" },
    "semantic_loss_fingerprint_lowered",
    "auditor_rereview",
    -0.25,
  ],
  [
    { lossDetected: true, reason: "unknown_action_type_lowered_to_passthrough" },
    "semantic_loss_unknown_action_flattened",
    "required_replan",
    -0.35,
  ],
  [{ lossDetected: true, actionType: "T" }, "semantic_loss_detected:t", "auditor_rereview", -0.25],
  [{ lossDetected: true }, "semantic_loss_detected:unknown", "auditor_rereview", -0.25],
])("%j: %s, %s, %d", (given, reason, response, penalty) => {
  const policy = semanticLoss({ ...meaning, ...given });
  expect([policy.reason_code, policy.policy_response, lossPenalty(policy)]).toEqual([reason, response, penalty]);
  expect(lossGate(policy).blocked).toBe(response === "required_replan");
});

test.each(["", "other", "toString"])("strategy %j is refused", (strategy) => {
  expect(() => semanticLoss({ ...meaning, strategy })).toThrow(
    expect.objectContaining({ code: "GOVERNANCE_RECORD_INVALID" }) as Error,
  );
});

test.each<[string, ExactJson, readonly string[]]>([
  ["single_probe", [], ["probe_recipe_must_be_object"]],
  ["single_probe", { variant_count: 0 }, ["variant_count_out_of_range:0"]],
  ["enumeration_probe", { variant_count: 4 }, ["enumeration_variant_count_out_of_range:4"]],
  ["differential_probe", {}, ["missing_comparison_mode", "differential_variant_count_out_of_range:1"]],
  ["variant_probe", {}, ["variant_count_out_of_range:1"]],
  ["differential_probe", { comparison_mode: " ", variant_count: 2 }, ["missing_comparison_mode"]],
  ["differential_probe", { comparison_mode: 1, variant_count: 2 }, ["comparison_mode_must_be_string"]],
  ["single_probe", { evidence_goal: 1 }, ["evidence_goal_must_be_string"]],
  ["fingerprint_probe", { variant_count: 3 }, ["fingerprint_variant_count_out_of_range:3"]],
  [
    "state_transition_probe",
    { sequence_steps: [1, 2, 3, 4, 5], evidence_goal: "x".repeat(241) },
    ["state_transition_sequence_too_long:5", "evidence_goal_too_long"],
  ],
])("recipe of %s %j: %j", (type, recipe, errors) => {
  expect(probeRecipeErrors(type, recipe)).toEqual(errors);
});

test.each<[string, ExactJson, readonly string[]]>([
  ["one word spelled otherwise", { capability: " HTTP_probe " }, ["invalid_capability: HTTP_probe "]],
  ["a word of blanks", { capability: " " }, ["invalid_capability: "]],
  [
    "a word that is no text",
    { experiment_shape: 1 },
    ["invalid_experiment_shape:not_text", "experiment_shape_must_be_string"],
  ],
  ["words left out", { capability: "", experiment_shape: null }, []],
  ["candidates as text", { tool_candidates: "curl" }, ["tool_candidates_must_be_array"]],
  ["a single candidate that is empty", { tool_candidates: [" "] }, ["invalid_tool_candidate:0"]],
  ["input that is no text", { stdin: 1 }, ["stdin_must_be_string"]],
  ["input with a zero byte", { stdin: "a\0" }, ["stdin_contains_nul"]],
  ["a chain as text", { tool_chain: "probe" }, ["tool_chain_must_be_array"]],
  ["a step without a role", { tool_chain: [{ args: [] }] }, ["invalid_tool_chain_role:0:"]],
  ["a role that is no text", { tool_chain: [{ role: 1 }] }, ["invalid_tool_chain_role:0:not_text"]],
  ["a role spelled otherwise", { tool_chain: [{ role: "Probe" }] }, ["invalid_tool_chain_role:0:Probe"]],
  ["an argument that is no text", { tool_chain: [{ role: "probe", args: ["a", 1] }] }, ["invalid_tool_chain_arg:0:1"]],
  ["an argument with a zero byte", { tool_chain: [{ role: "probe", args: ["\0"] }] }, ["invalid_tool_chain_arg:0:0"]],
])("an action contract with %s: %j", (_, spec, faults) => {
  expect(actionContractErrors(spec, ["http_probe"])).toEqual(faults);
});

test("an action contract's faults are all told, in order", () => {
  const spec = {
    capability: "x",
    experiment_shape: "y",
    target_cardinality: "z",
    tool_candidates: ["a", "b", "c", "d", ""],
    stdin: "l\n".repeat(4_000),
    tool_chain: [1, { role: "r", args: "x", stdin: "\0" }, { role: "probe", args: Array(33).fill("x") }],
    rationale: 1,
    expected_artifacts: "x".repeat(501),
  };
  expect(actionContractErrors(spec, ["http_probe"])).toEqual([
    "invalid_capability:x",
    "invalid_experiment_shape:y",
    "invalid_target_cardinality:z",
    "tool_candidates_too_many",
    "invalid_tool_candidate:4",
    "stdin_too_long",
    "stdin_too_many_lines",
    "tool_chain_too_long:3",
    "tool_chain_step_not_object:0",
    "invalid_tool_chain_role:1:r",
    "tool_chain_args_must_be_array:1",
    "tool_chain_1_stdin_contains_nul",
    "tool_chain_args_too_long:2",
    "rationale_must_be_string",
    "expected_artifacts_too_long",
  ]);
});
