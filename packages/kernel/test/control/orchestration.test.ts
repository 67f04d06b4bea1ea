import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { HOST_CONTROLS, KERNEL_CONTROLS, parseOrchestration, parseOrchestrationStep } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const step = (stage: string, more: object = {}): ExactJson => ({ step_id: `s-${stage}`, stage, ...more });

describe("a step is refused for the first of its faults", () => {
  test.each<[string, ExactJson]>([
    ["invalid_orchestration_step", 1],
    ["raw_intent_not_orchestration_step", { prompt: "" }],
    ["missing_orchestration_step_id", { stage: "odd" }],
    ["missing_orchestration_stage", { id: "s", stage: " " }],
    ["unknown_orchestration_stage:odd", step("odd", { forbidden_authority: ["operator_ui"] })],
    [
      "forbidden_orchestration_authority:credential_access",
      step("admission", { forbidden_authority: ["a", "workflow_scheduler", "credential_access"] }),
    ],
    ["unknown_orchestration_authority:a", step("admission", { forbidden_authority: ["b", "a"] })],
    ["invalid_orchestration_sequence", step("admission", { consumes: 1 })],
    ["invalid_orchestration_metadata", step("admission", { metadata: 1 })],
  ])("%s", (reason, value) => {
    expect(refusalOf(() => parseOrchestrationStep(value))).toBe(reason);
  });

  test("and is otherwise read with its defaults", () => {
    expect(parseOrchestrationStep({ id: "s", stage: "admission", consumes: "a" })).toEqual({
      step_id: "s",
      stage: "admission",
      profile: "generic",
      consumes: ["a"],
      produces: [],
      required_decisions: [],
      metadata: {},
    });
  });
});

describe("the steps of one run", () => {
  const whole = [
    step("admission", { produces: ["admitted"] }),
    step("policy_check", { consumes: ["admitted"], produces: ["decision"] }),
    step("trust_check", { consumes: ["request"] }),
    step("runner_gate", { consumes: ["decision"] }),
    step("between_step_control"),
    step("receipt_review"),
    step("profile_handoff"),
  ];

  test("follow each other", () => {
    expect(parseOrchestration(whole, ["request"])).toHaveLength(7);
  });

  test.each<[string, ExactJson]>([
    ["invalid_orchestration_order:start->policy_check", whole.slice(1)],
    ["invalid_orchestration_order:admission->trust_check", [whole[0] ?? null, whole[2] ?? null]],
    ["duplicate_orchestration_step:s-between_step_control", [...whole.slice(0, 5), step("between_step_control")]],
    ["missing_orchestration_input:decision", [...whole.slice(0, 1), step("policy_check", { consumes: ["decision"] })]],
    ["invalid_orchestration_sequence", {}],
  ])("or are refused with %s", (reason, value) => {
    expect(refusalOf(() => parseOrchestration(value, ["request"]))).toBe(reason);
  });

  test("leave to the host what the kernel does not do", () => {
    expect(KERNEL_CONTROLS.filter((name) => (HOST_CONTROLS as readonly string[]).includes(name))).toEqual([]);
  });
});
