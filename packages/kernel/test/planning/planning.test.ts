import { describe, expect, test } from "vitest";
import type { ExactJson } from "@writ/canon";
import { parsePlanIntent, parsePlannerPort, parseTaskContract } from "@writ/kernel";
import { refusalOf } from "../refusal.ts";

const task = (more: object = {}): ExactJson => ({ contract_id: "c", ...more });

describe("a task contract", () => {
  test("is modest where it says nothing", () => {
    expect(parseTaskContract({ intent_id: "c", url: "", target: null })).toMatchObject({
      contract_id: "c",
      task_family: "generic",
      target_kind: "host",
      priority_tier: "medium",
      expected_depth: "medium",
      activation_phase: 1,
      activation_mode: "immediate",
      surface_role: "primary",
    });
  });

  test.each<[string, ExactJson]>([
    ["invalid_task_contract", "x"],
    ["raw_target_not_allowed", { target: "h" }],
    ["raw_target_not_allowed", { target_url: "https://h" }],
    ["raw_target_not_allowed", task({ url: 0 })],
    ["missing_task_contract_id", { priority_tier: "odd" }],
    ["forbidden_planning_metadata:target_url", task({ metadata: { target_url: 1 } })],
    ["unknown_priority_tier:odd", task({ priority_tier: "odd" })],
    ["unknown_expected_depth:odd", task({ expected_depth: "odd" })],
    ["unknown_activation_mode:odd", task({ activation_mode: "odd" })],
    ["unknown_surface_role:odd", task({ surface_role: "odd" })],
    ["invalid_activation_phase", task({ activation_phase: 4 })],
    ["invalid_activation_phase", task({ activation_phase: "2" })],
    ["invalid_planning_sequence", task({ constraints: 1 })],
    ["invalid_planning_metadata", task({ metadata: [] })],
  ])("is refused with %s", (reason, value) => {
    expect(refusalOf(() => parseTaskContract(value))).toBe(reason);
  });
});

test.each<[string | undefined, ExactJson]>([
  [undefined, { id: "i", task_contracts: [task(), task({ contract_id: "d" })] }],
  ["invalid_plan_intent", 1],
  ["missing_plan_intent_id", { task_contracts: 1 }],
  ["invalid_planning_sequence", { id: "i", task_contracts: 1 }],
  ["duplicate_task_contract_id", { id: "i", task_contracts: [task(), task()] }],
  ["raw_target_not_allowed", { id: "i", task_contracts: [task({ url: "x" })] }],
])("a plan is answered with %s", (reason, value) => {
  expect(refusalOf(() => parsePlanIntent(value))).toBe(reason);
});

test.each<[string | undefined, ExactJson]>([
  [undefined, { name: "p" }],
  ["invalid_planner_port", null],
  ["missing_planner_port_name", { supported_contracts: [] }],
  ["missing_supported_contracts", { name: "p", supported_contracts: [] }],
])("a planner port is answered with %s", (reason, value) => {
  expect(refusalOf(() => parsePlannerPort(value))).toBe(reason);
});
