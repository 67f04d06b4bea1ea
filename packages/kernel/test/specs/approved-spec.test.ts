import { isWritError, type ExactJson } from "@writ/canon";
import { expect, test } from "vitest";
import { approvedSteps } from "@writ/kernel/security";

const spec = {
  spec_version: "2026-03-18.approved.v1",
  approval: { decision: " Approve " },
  execution_truth: { artifact_type: "approved_execution_spec", execution_plan: [{ tool: "curl", args: ["-I"] }] },
};
const withPlan = (plan: ExactJson): ExactJson => ({
  ...spec,
  execution_truth: { ...spec.execution_truth, execution_plan: plan },
});

test.each<[ExactJson, string]>([
  [[], "invalid_approved_execution_spec"],
  [{}, "invalid_approved_execution_spec_version:missing"],
  [{ ...spec, spec_version: "v9" }, "invalid_approved_execution_spec_version:v9"],
  [{ ...spec, approval: null }, "invalid_approved_execution_decision:missing"],
  [{ ...spec, approval: { decision: "REVISE" } }, "invalid_approved_execution_decision:revise"],
  [{ ...spec, execution_truth: 1 }, "invalid_approved_execution_truth_artifact:missing"],
  [{ ...spec, execution_truth: { artifact_type: "x" } }, "invalid_approved_execution_truth_artifact:x"],
  [withPlan([]), "missing_execution_plan"],
  [withPlan([1]), "invalid_approved_execution_step:0"],
  [withPlan([{ args: [] }]), "missing_approved_execution_step_tool:0"],
  [withPlan([{ tool: "a", args: [] }, { tool: "a" }]), "missing_approved_execution_step_args:1"],
  [withPlan([{ tool: "a", args: "x" }]), "invalid_approved_execution_step_args:0"],
  [withPlan([{ tool: "a", args: [1] }]), "invalid_approved_execution_step_args:0"],
])("%j is refused: %s", (value, reason) => {
  try {
    approvedSteps(value);
    expect.unreachable();
  } catch (error) {
    if (!isWritError(error)) throw error;
    expect(error.details["reason"]).toBe(reason);
  }
});

test("steps keep standard input that says something", () => {
  const plan = [
    { tool: "a", args: ["x"], stdin: "y" },
    { tool: "b", args: [], stdin: "" },
  ];
  expect(approvedSteps(withPlan(plan))).toEqual([plan[0], { tool: "b", args: [] }]);
});
