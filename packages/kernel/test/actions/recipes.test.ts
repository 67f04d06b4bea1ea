import { describe, expect, test } from "vitest";
import {
  loadRecipes,
  parseRecipes,
  readToolArguments,
  RECIPES,
  withInput,
  type CapabilityRecipe,
  type PlannedStep,
} from "@writ/kernel/security";
import { refusalOf } from "../refusal.ts";

const recipe: CapabilityRecipe = {
  name: "probe_all",
  capability: "http_probe",
  actionType: "single_probe",
  steps: [{ tool: "curl", role: "probe", args: ["-sS", "{target}"], input: "none" }],
};
const [step] = recipe.steps;
const withArgs = (...args: readonly string[]): CapabilityRecipe => ({
  ...recipe,
  steps: [{ tool: "curl", role: "probe", args, input: "none" }],
});

test("the shipped recipes are the three of the reference", () => {
  expect([...RECIPES.keys()]).toEqual(["historical_then_validate", "crawl_then_validate", "subdomains_then_resolve"]);
});

test.each<[CapabilityRecipe, string | undefined]>([
  [recipe, undefined],
  [{ ...recipe, steps: [] }, "recipe_step_count:probe_all:0"],
  [withArgs("{prev_stdout_path}"), "recipe_unresolved_placeholder:probe_all:prev_stdout_path"],
  [withArgs("{constructor}"), "recipe_unresolved_placeholder:probe_all:constructor"],
  [withArgs("--rate"), "recipe_refused_by_policy:probe_all:0:--rate"],
  [withArgs("-o", "x"), "recipe_refused_by_policy:probe_all:0:-o"],
  [withArgs("--next"), "recipe_refused_by_policy:probe_all:0:unlisted_argument:curl:0"],
  [
    { ...recipe, steps: [{ tool: "nmap", role: "scan", args: [], input: "none" }] },
    "recipe_tool_without_capability:probe_all:0:nmap",
  ],
  [
    { ...recipe, steps: [{ tool: "curl", role: "probe", args: [], input: "previous_output" }] },
    "recipe_input:probe_all:0",
  ],
])("%j: %s", (value, reason) => {
  expect(refusalOf(() => loadRecipes([value]))).toBe(reason);
});

test("no two recipes have one name", () => {
  expect(refusalOf(() => loadRecipes([recipe, recipe]))).toBe("duplicate_recipe:probe_all");
});

test("a host's recipes are read strictly", () => {
  const given = { ...recipe, steps: [{ ...step, args: [...(step?.args ?? [])] }] };
  expect(parseRecipes([given]).get("probe_all")).toEqual(recipe);
  expect(refusalOf(() => parseRecipes([{ ...given, extra: 1 }]))).toBe("SECURITY_PROFILE_INVALID");
  expect(refusalOf(() => parseRecipes([{ ...given, capability: "no" }]))).toBe("SECURITY_PROFILE_INVALID");
  expect(refusalOf(() => parseRecipes({}))).toBe("SECURITY_PROFILE_INVALID");
});

describe("arguments by a tool's table", () => {
  test.each([
    ["curl", ["-sS", "-H", "A: b", "https://a.test"], "header:A: b url:https://a.test"],
    ["curl", ["-q", "https://a.test"], "url:https://a.test"],
    ["httpx", ["-silent", "-u", "a.test"], "target:a.test"],
    ["gau", ["--subs", "wordlist.txt"], "host:wordlist.txt"],
    ["ffuf", ["-mc", "200", "-u", "https://a.test/FUZZ"], "plain:200 url:https://a.test/FUZZ"],
  ])("%s %j", (tool, args, values) => {
    const reading = readToolArguments(tool, args);
    expect(reading.ok && reading.values.map(({ kind, value }) => `${kind}:${value}`).join(" ")).toBe(values);
  });

  test.each([
    ["nmap", [], "tool_without_argument_table:nmap"],
    ["constructor", [], "tool_without_argument_table:constructor"],
    ["curl", ["-L"], "unlisted_argument:curl:0"],
    ["curl", ["-mfive"], "unlisted_argument:curl:0"],
    ["curl", ["--max-time=5"], "unlisted_argument:curl:0"],
    ["curl", ["-m"], "missing_argument_value:curl:-m"],
    ["curl", ["-m", "-o"], "missing_argument_value:curl:-m"],
    ["httpx", ["a.test"], "unlisted_argument:httpx:0"],
    ["katana", ["-u", ""], "missing_argument_value:katana:-u"],
    ["katana", ["-u", "https://a.test/,c.test"], "malformed_argument_value:katana:1"],
    ["katana", ["-H", "headers.txt"], "malformed_argument_value:katana:1"],
    ["curl", ["-b", "jar"], "malformed_argument_value:curl:1"],
    ["curl", ["-H", "A: b\r\nHost: c.test"], "malformed_argument_value:curl:1"],
    ["curl", ["-w", "%output{x}"], "unlisted_argument:curl:0"],
    ["curl", ["-sS", "-q"], "unlisted_argument:curl:1"],
  ])("%s %j is refused: %s", (tool, args, reason) => {
    expect(readToolArguments(tool, args)).toEqual({ ok: false, reason });
  });
});

test.each([
  ["httpx", "a.test\n\nhttps://b.test/\n", "target:a.test target:https://b.test/"],
  ["dnsx", "a.test\rb.test", "host:a.test host:b.test"],
  ["curl", "\n", ""],
])("%s reads %j", (tool, stdin, values) => {
  const reading = readToolArguments(tool, [], stdin);
  expect(reading.ok && reading.values.map(({ kind, value }) => `${kind}:${value}`).join(" ")).toBe(values);
});

test.each([
  ["curl", "x", "unlisted_standard_input:curl"],
  ["httpx", "a.test\na.test,c.test", "malformed_standard_input:httpx:1"],
])("%s is not given %j: %s", (tool, stdin, reason) => {
  expect(readToolArguments(tool, [], stdin)).toEqual({ ok: false, reason });
});

describe("a step that waits for another's output", () => {
  const waiting: PlannedStep = {
    tool: "httpx",
    role: "validate",
    args: ["-silent"],
    stdin: "",
    input: "previous_output",
  };
  test("becomes a command when it has it", () => {
    expect(withInput(waiting, "https://a.test/1\n")).toEqual({
      ...waiting,
      stdin: "https://a.test/1\n",
      input: "given",
    });
  });
  test.each([["x".repeat(4_097)], ["x\n".repeat(33)], ["a\0b"]])("takes no input out of bounds", (output) => {
    expect(refusalOf(() => withInput(waiting, output))).toBe("step_input_refused");
  });
  test("takes it once", () => {
    expect(refusalOf(() => withInput(withInput(waiting, "a"), "b"))).toBe("step_input_already_given");
  });
});
