import {
  ACTION_EFFECTS,
  EFFECTS,
  formatPolicies,
  GOVERNANCE_FIELDS,
  judgedGovernance,
  MODE_TABLE,
  MODES,
  resolveMode,
  resolvePosture,
  resolveRole,
  shippedPolicies,
} from "@writ/policy";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("modes", () => {
  test.each([
    ["high security", "High Security"],
    ["HIGH-SECURITY", "High Security"],
    ["high_security", "High Security"],
    ["  High   Integrity ", "High Integrity"],
    ["RESEARCH", "Research"],
    ["creative", "Creative"],
    ["problem-solving", "Problem Solving"],
    ["self_growth", "Self Growth"],
    ["idk", "I Don't Know What To Do"],
    ["i-dont-know", "I Don't Know What To Do"],
    ["i don\u2019t know what to do", "I Don't Know What To Do"],
    ["none", "None (Unrestricted)"],
    ["Unrestricted", "None (Unrestricted)"],
    ["none (unrestricted)", "None (Unrestricted)"],
  ])("%j is %s", (text, mode) => {
    expect(resolveMode(text)).toBe(mode);
  });

  test.each([
    "High Securty",
    "",
    " ",
    "high",
    "null",
    "constructor",
    "__proto__",
    "security high",
    "x".repeat(100_000),
  ])("%j is no mode", (text) => {
    expect(resolveMode(text)).toBeUndefined();
    expect(judgedGovernance({ mode: text, posture: "OFFENSE" })).toEqual({ mode: "High Security", posture: "SCOUT" });
  });

  test("are eight, each with its priority, and resolve in any case", () => {
    expect(MODES).toHaveLength(8);
    expect(new Set(MODES.map((mode) => MODE_TABLE[mode].priority)).size).toBe(8);
    fc.assert(
      fc.property(fc.constantFrom(...MODES), fc.boolean(), (mode, upper) => {
        expect(resolveMode(` ${upper ? mode.toUpperCase() : mode.toLowerCase()} `)).toBe(mode);
      }),
    );
  });
});

describe("postures and roles", () => {
  test("resolve in any case, and nothing else does", () => {
    expect(["scout", " Defense ", "OFFENSE"].map(resolvePosture)).toEqual(["SCOUT", "DEFENSE", "OFFENSE"]);
    expect(["YOLO", "", "scouting", "toString"].map(resolvePosture)).toEqual(Array(4).fill(undefined));
    expect(["primary", "Secondary", "OBSERVER"].map(resolveRole)).toEqual(["Primary", "Secondary", "Observer"]);
    expect(["none", "", "operator"].map(resolveRole)).toEqual(Array(3).fill(undefined));
  });

  test("an unknown posture is judged as SCOUT, under its own mode", () => {
    expect(judgedGovernance({ mode: "creative", posture: "YOLO" })).toEqual({ mode: "Creative", posture: "SCOUT" });
  });
});

test("governance has thirteen fields in one order, each default within its vocabulary", () => {
  expect(GOVERNANCE_FIELDS.map((field) => [field.name, field.default])).toEqual([
    ["mode", "None (Unrestricted)"],
    ["posture", "SCOUT"],
    ["role", "Primary"],
    ["reasoning_mode", "Deductive"],
    ["reasoning_depth", "MODERATE"],
    ["response_style", "Direct"],
    ["output_format", "Conversational"],
    ["narrative_strength", 0.5],
    ["expertise_level", "Expert"],
    ["interaction_mode", "Executing"],
    ["domain", "General"],
    ["communication_pref", "Concise"],
    ["goal", "Tactical Execution"],
  ]);
  for (const field of GOVERNANCE_FIELDS) {
    if (field.type === "text" && field.vocabulary !== null) expect(field.vocabulary).toContain(field.default);
  }
});

test("every action of the schema has declared effects, and no other", () => {
  const { schema } = shippedPolicies();
  const declared = [...schema.text.matchAll(/^action ([^{]*?) appliesTo/gmu)].flatMap(([, names = ""]) =>
    Array.from(names.matchAll(/"([^"]+)"/gu), ([, name]) => name),
  );
  expect(new Set(declared)).toEqual(new Set(Object.keys(ACTION_EFFECTS)));
  for (const effects of Object.values(ACTION_EFFECTS)) expect(EFFECTS).toEqual(expect.arrayContaining([...effects]));
});

test("the shipped files are as the official formatter writes them", async () => {
  for (const file of shippedPolicies().policies) expect(await formatPolicies(file.text), file.name).toBe(file.text);
});
