import type { ExactJson } from "@writ/canon";
import { describe, expect, test } from "vitest";
import { checkTicketGate } from "@writ/kernel";
import { changed, sampleArtifacts, type Changes } from "../artifacts/samples.ts";

/** The gate's answer for a ticket of v0.2, which is judged by its steps alone: `passed`, or why not. */
function gate(contractChanges: Changes, steps: readonly ExactJson[], ticketChanges: Changes = {}): string {
  const { execution_contract: contract, execution_ticket: bound } = sampleArtifacts({
    execution_contract: contractChanges,
  });
  const ticket = changed(bound, {
    schema_version: "v0.2",
    schema_ref: "schemas/execution_ticket.v0.2.schema.json",
    ...ticketChanges,
  });
  const answer = checkTicketGate({ ticket, contract, steps });
  if (!answer.ok) expect(answer.family).toBe("ticket_gate");
  return answer.ok ? answer.result.status : answer.text;
}

const planned = (...plan: readonly ExactJson[]): Changes => ({ "execution_shape.plan": plan });
const probe = { tool: "http_probe", args: ["a", "b"] };

describe("approved steps against the contract's plan", () => {
  test.each<[string, readonly ExactJson[], readonly ExactJson[], string]>([
    ["the same", [probe], [probe], "passed"],
    ["none for no plan", [], [], "passed"],
    ["a plan without arguments", [{ tool: "t" }], [{ tool: "t", args: [] }], "passed"],
    ["arguments left out", [{ tool: "t", args: [] }], [{ tool: "t" }], "passed"],
    ["a number for its text", [{ tool: "t", args: [3] }], [{ tool: "t", args: ["3"] }], "passed"],
    ["a missing step", [probe, probe], [probe], "execution_ticket_plan_length_mismatch"],
    ["another second step", [probe, probe], [probe, { ...probe, tool: "x" }], "execution_ticket_tool_mismatch:2"],
    ["other order of arguments", [probe], [{ ...probe, args: ["b", "a"] }], "execution_ticket_args_mismatch:1"],
    ["one argument more", [probe], [{ ...probe, args: ["a", "b", "c"] }], "execution_ticket_args_mismatch:1"],
    ["arguments that are no list", [probe], [{ ...probe, args: "a b" }], "execution_ticket_args_mismatch:1"],
    ["an argument that is no text", [probe], [{ ...probe, args: ["a", true] }], "execution_ticket_args_mismatch:1"],
    ["a step that is no object", [probe], [null], "execution_ticket_tool_mismatch:1"],
    ["input that the plan has not", [probe], [{ ...probe, stdin: "x" }], "execution_ticket_stdin_mismatch:1"],
    ["input that the step lacks", [{ ...probe, stdin: "x" }], [probe], "execution_ticket_stdin_mismatch:1"],
    ["a plan's step that is no object", ["probe"], [probe], "execution_ticket_invalid_contract_step:1"],
    ["a plan's step without a tool", [{ args: [] }], [{ args: [] }], "execution_ticket_tool_mismatch:1"],
    ["a plan's step with an empty tool", [{ tool: "" }], [{ tool: "" }], "execution_ticket_tool_mismatch:1"],
    ["a plan's arguments as text", [{ tool: "t", args: "a" }], [{ tool: "t", args: "a" }], unclear(1)],
    ["a plan's argument that is a flag", [{ tool: "t", args: [true] }], [{ tool: "t", args: [true] }], unclear(1)],
    ["a plan's argument that is null", [{ tool: "t", args: [null] }], [{ tool: "t", args: [null] }], unclear(1)],
    ["a plan's argument that is a list", [probe, { tool: "t", args: [[]] }], [probe, { tool: "t" }], unclear(2)],
    ["a plan's argument that is an object", [{ tool: "t", args: [{}] }], [{ tool: "t" }], unclear(1)],
  ])("%s", (_, plan, steps, answer) => {
    expect(gate(planned(...plan), steps)).toBe(answer);
  });

  test("without a plan nothing is planned", () => {
    const changes = { "execution_shape.plan": undefined, "execution_shape.tool": "t" };
    expect(gate(changes, [])).toBe("passed");
    expect(gate(changes, [{ tool: "t", args: [] }])).toBe("execution_ticket_plan_length_mismatch");
  });
});

test.each<[string, Changes, string]>([
  ["a single run", { "execution_limits.max_runs": 1 }, "passed"],
  ["no word about runs", { "execution_limits.max_runs": undefined }, "invalid_execution_ticket_max_runs"],
  ["no approval", { approval: undefined }, "invalid_execution_ticket_approval:missing"],
  ["a spelling of its own", { "approval.status": " Approved " }, "invalid_execution_ticket_approval:approved"],
  ["the older word of approval", { "approval.status": "approve" }, "passed"],
  ["no integrity", { integrity: undefined }, "execution_ticket_contract_digest_mismatch"],
  ["no version", { schema_version: undefined }, "invalid_execution_ticket:execution_ticket:missing"],
  ["no type", { artifact_type: undefined }, "invalid_execution_ticket:missing:v0.2"],
])("a ticket with %s", (_, ticket, answer) => {
  expect(gate(planned(probe), [probe], ticket)).toBe(answer);
});

function unclear(step: number): string {
  return `execution_ticket_args_mismatch:${String(step)}`;
}
