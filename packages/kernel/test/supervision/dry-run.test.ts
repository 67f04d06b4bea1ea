import { expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { dryRun } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const steps = [{ index: 0, tool: "curl", args: [] }];

test.each([
  [true, "dry-run", "dry_run_requested", 0],
  [false, "blocked", "live_backend_disabled", 1],
])("with dry_run %j every step is %s", (dry_run, status, reason_code, decisions) => {
  const receipt = dryRun({ steps, dry_run });
  expect(receipt).toMatchObject({ status, reason_code, step_results: [{ index: 0, status, reason_code }] });
  expect(receipt.control_decisions).toHaveLength(decisions);
});

test.each<[string, ExactJson]>([
  ["invalid_runner_request", null],
  ["missing_runner_steps", {}],
  ["invalid_runner_step", { steps: [1] }],
  ["missing_runner_step_tool", { steps: [{}] }],
  ["invalid_runner_step_args", { steps: [{ tool: "x", args: [1] }] }],
  ["invalid_runner_step_args", { steps: [{ tool: "x", args: "a" }] }],
  ["invalid_runner_step", { steps: [{ tool: "x", stdin: 1 }] }],
  ["invalid_runner_step", { steps: [{ tool: "x", index: "0" }] }],
  ["invalid_runner_step", { steps: [{ tool: "x", index: 2 ** 53 }] }],
  ["too_many_runner_steps", { steps: Array.from({ length: 10_001 }, () => ({ tool: "x" })) }],
  ["invalid_runner_request_approved_execution_spec", { steps, approved_execution_spec: "spec" }],
  ["invalid_runner_request_execution_ticket_gate", { steps, execution_ticket_gate: [] }],
  ["invalid_boolean_field:dry_run", { steps, dry_run: "false" }],
])("refuses with %s", (reason, value) => {
  expect(refusalOf(() => dryRun(value))).toBe(reason);
});

test.each<ExactJson>([{}, { steps: [] }, { steps: [1] }, { steps: [{}] }, { steps: [{ tool: "x", args: [1] }] }])(
  "%j is refused by a rule: the reference runs it dry",
  (value) => {
    expect(() => dryRun(value)).toThrow(expect.objectContaining({ details: expect.objectContaining({ rule: 12 }) }));
  },
);
