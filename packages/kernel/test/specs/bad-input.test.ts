import { isWritError, type JsonValue } from "@writ/canon";
import { describe, expect, test } from "vitest";
import {
  approvedSteps,
  confirmFinding,
  evaluateScopePolicy,
  parseActionSpec,
  parseAnalysisGoal,
  parseApprovedSpec,
  parseFidelityInput,
  parsePreparedSpec,
  parseRecipes,
  parseSignalFacts,
  parseToolRegistry,
  policyGateway,
  requestDecoration,
} from "@writ/kernel/security";
import { setting, toolEntry } from "../actions/samples.ts";
import { approved, campaign, operator, prepared } from "./samples.ts";

type Document = { readonly [key: string]: JsonValue };
const asDocument = (value: object): Document => JSON.parse(JSON.stringify(value)) as Document;

/** A record that holds itself, under every name a reader may ask for. */
function cyclic(names: readonly string[]): JsonValue {
  const record: Record<string, JsonValue> = {};
  for (const name of names) record[name] = record;
  return record;
}

const readers: readonly (readonly [string, (value: JsonValue) => unknown])[] = [
  ["a registry", parseToolRegistry],
  ["recipes", parseRecipes],
  ["an action", parseActionSpec],
  ["a prepared spec", parsePreparedSpec],
  ["an approved spec", parseApprovedSpec],
  ["steps", approvedSteps],
  ["signals", parseSignalFacts],
  ["a goal", parseAnalysisGoal],
  ["a confirmation", confirmFinding],
  ["a requested scope", (value) => evaluateScopePolicy(value, {})],
  ["an execution's shape", parseFidelityInput],
];

function refusal(run: () => unknown): string {
  try {
    run();
    return "none";
  } catch (error) {
    if (!isWritError(error)) throw error;
    return `${error.code} ${String(error.details["field"] ?? error.details["reason"])}`;
  }
}

describe.each(readers)("%s", (_name, read) => {
  test("that holds itself is refused with a code", () => {
    const names = ["target", "args", "probe_recipe", "stdin", "tool", "execution_plan", "verdict", "approval", "curl"];
    expect(refusal(() => read(cyclic(names)))).toMatch(/_INVALID /);
    const list: JsonValue[] = [];
    list.push(list);
    expect(refusal(() => read({ execution_plan: list, target_namespace: "n", sequence_steps: list, x: list }))).toMatch(
      /_INVALID /,
    );
  });
});

test("an action whose steps of a sequence hold themselves is refused at the gate", () => {
  const list: JsonValue[] = [];
  list.push(list, list);
  const action = { action_type: "state_transition_probe", probe_recipe: { sequence_steps: list } };
  expect(refusal(() => policyGateway(action, setting))).toBe("SECURITY_PROFILE_INVALID ");
});

describe("what is given twice", () => {
  const curl = (changes: Document): JsonValue => ({ curl: toolEntry("curl", changes) });
  const document = asDocument(prepared());
  test.each<[string, () => unknown]>([
    [
      "SECURITY_PROFILE_INVALID curl.planner_profiles.1",
      () => parseToolRegistry(curl({ planner_profiles: ["core", "core"] })),
    ],
    ["SECURITY_PROFILE_INVALID curl.capabilities.1", () => parseToolRegistry(curl({ capabilities: ["a", "a"] }))],
    ["SECURITY_PROFILE_INVALID tool_candidates.1", () => parseActionSpec({ tool_candidates: ["curl", "curl"] })],
    [
      "EXECUTION_SPEC_INVALID tool_candidates.1",
      () => parsePreparedSpec({ ...document, tool_candidates: ["curl", "curl"] }),
    ],
    [
      "EXECUTION_SPEC_INVALID all_hosts_detected.1",
      () => parseApprovedSpec({ ...asDocument(approved()), all_hosts_detected: ["a.test", "a.test"] }),
    ],
    [
      "EXECUTION_SPEC_INVALID request_decoration.headers.1",
      () =>
        requestDecoration(
          { ...campaign, test_account_email: "" },
          { ...operator, headers: [{ name: "x-bug-bounty", value: "bob", secret_ref: null }] },
        ),
    ],
    [
      "EXECUTION_SPEC_INVALID request_decoration.cookies.1",
      () => requestDecoration(campaign, { ...operator, cookies: [...operator.cookies, ...operator.cookies] }),
    ],
  ])("is refused: %s", (reason, run) => {
    expect(refusal(run)).toBe(reason);
  });
});
