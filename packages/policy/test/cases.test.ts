import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { preparsePolicySet, preparseSchema, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import { isWritError } from "@writ/canon";
import {
  caseRequest,
  decide,
  EFFECTS,
  entityStore,
  loadPolicySet,
  MODES,
  parseCases,
  policyContext,
  POSTURES,
  ROLES,
  runCases,
  shippedPolicies,
  STATE_CHANGING,
} from "@writ/policy";
import type { PolicyContext, PolicyRequest } from "@writ/policy";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Situation, tableApprovals, tableOutcome, tableVotes } from "./shipped-oracle.ts";

const shipped = shippedPolicies();
const set = await loadPolicySet(shipped);
const entities = entityStore(set, []);
const rowOf = new Map(set.policies.map((policy) => [policy.id, policy.annotations["row"] ?? ""]));

const calm: Situation = {
  mode: "None (Unrestricted)",
  posture: "OFFENSE",
  role: "Primary",
  active: true,
  muted: false,
  effects: [],
  evidence: false,
  criticalFlag: false,
  large: false,
  unknownTool: false,
};

describe("the shipped policies decide as the decision table", () => {
  test("for all modes, postures and roles and every single effect", () => {
    for (const mode of MODES)
      for (const posture of POSTURES)
        for (const role of ROLES)
          for (const effect of [undefined, ...EFFECTS])
            agrees({ ...calm, mode, posture, role, effects: effect === undefined ? [] : [effect] });
  });

  test("for any situation at all", () => {
    const situation: fc.Arbitrary<Situation> = fc.record({
      mode: fc.constantFrom(...MODES),
      posture: fc.constantFrom(...POSTURES),
      role: fc.constantFrom(...ROLES),
      active: mostly(true),
      muted: mostly(false),
      effects: fc.subarray([...EFFECTS]),
      evidence: fc.boolean(),
      criticalFlag: mostly(false),
      large: fc.boolean(),
      unknownTool: fc.boolean(),
    });
    fc.assert(fc.property(situation, agrees), { numRuns: 2_000 });
  });

  test("and the official engine gives the same outcome", () => {
    prepareOfficial();
    for (const mode of MODES)
      for (const posture of POSTURES)
        for (const role of ROLES)
          for (const effect of EFFECTS) {
            const given: Situation = { ...calm, mode, posture, role, effects: [effect] };
            expect(officialOutcome(requestOf(given))).toBe(tableOutcome(tableVotes(given)));
          }
  });

  test("nothing that state-changes is allowed under SCOUT, in any mode and role", () => {
    for (const mode of MODES)
      for (const role of ROLES)
        for (const effect of STATE_CHANGING) {
          const given: Situation = { ...calm, mode, role, posture: "SCOUT", effects: [effect] };
          expect(decide(set, requestOf(given), entities).outcome).toBe("deny");
        }
  });

  test("what is not known governance is denied, should it ever get past the builder", () => {
    const request = requestOf(calm);
    for (const nonsense of [{ mode: "High Securty" }, { posture: "YOLO" }, { role: "Root" }]) {
      const decision = decide(set, { ...request, context: { ...request.context, ...nonsense } }, entities);
      expect(decision).toMatchObject({ outcome: "deny", determining: ["D-1"] });
    }
  });

  test("a missing rationale is advised under OFFENSE by that very word", () => {
    expect(decide(set, requestOf(calm), entities).advice).toContain("rationale_missing");
  });
});

describe("cases files", () => {
  test.each(["acceptance.yaml", "rules.yaml"])("%s holds", (name) => {
    const report = runCases(set, yamlOf(name));
    expect(report.cases.filter((result) => !result.ok)).toEqual([]);
    expect(report.failed).toBe(0);
    expect(report.passed).toBeGreaterThan(10);
  });

  test.each(["acceptance.yaml", "rules.yaml"])("%s has the same outcomes in the official engine", (name) => {
    prepareOfficial();
    for (const given of parseCases(yamlOf(name))) {
      expect(officialOutcome(caseRequest(given)), given.name).toBe(given.expect.outcome);
    }
  });

  test("say what differs", () => {
    const report = runCases(
      set,
      "cases:\n  - name: wrong\n    text: delete it\n    given: {posture: DEFENSE}\n    expect: {outcome: deny, policies: [SC-1], silent: [DE-1], approvals: 2}\n",
    );
    expect(report).toMatchObject({ passed: 0, failed: 1, cases: [{ name: "wrong", line: 2, ok: false }] });
    expect(report.cases[0]?.faults).toHaveLength(4);
  });

  test.each([
    ["an empty file", "", 1],
    ["a text", "hello", 1],
    ["no cases", "defaults: {}", 1],
    ["an empty list of cases", "cases: []", 1],
    ["bad YAML", "cases:\n  - name: [", 2],
    ["an unknown key", "cases:\n  - name: a\n    txt: b\n    expect: {outcome: allow}", 3],
    ["an unknown mode", "cases:\n  - name: a\n    given: {mode: High Securty}\n    expect: {outcome: allow}", 3],
    ["an unknown effect", "cases:\n  - name: a\n    effects: [send]\n    expect: {outcome: allow}", 3],
    ["an unknown outcome", "cases:\n  - name: a\n    expect: {outcome: maybe}", 3],
    ["no expectation", "cases:\n  - name: a", 2],
    ["no name", "cases:\n  - expect: {outcome: allow}", 2],
    ["a boolean that is none", "cases:\n  - name: a\n    given: {muted: yes}\n    expect: {outcome: allow}", 3],
    ["a key twice", "cases:\n  - name: a\n    name: b\n    expect: {outcome: allow}", 3],
    ["an alias", "cases:\n  - &a\n    name: a\n    expect: {outcome: allow}\n  - *a", 5],
    ["two documents", "cases: []\n---\ncases: []", 2],
    ["bottomless nesting", "[".repeat(200_000), 1],
    ["bottomless lists", "- ".repeat(200_000), 1],
    ["a prototype", "cases:\n  - __proto__: a\n    expect: {outcome: allow}", 2],
  ])("refuse %s with the line", (_, text, line) => {
    const error = refusal(() => parseCases(text));
    expect(error).toMatchObject({ code: "POLICY_CASES", details: { line } });
  });
});

function agrees(given: Situation): void {
  const votes = tableVotes(given);
  const decision = decide(set, requestOf(given), entities);
  expect(decision.outcome).toBe(tableOutcome(votes));
  const rows = new Set(decision.spoke.map((id) => rowOf.get(id)).filter((row) => row !== "D-12"));
  expect(rows).toEqual(new Set(votes.map((vote) => vote.row)));
  expect(Math.max(0, ...decision.holds.map((hold) => hold.approvals))).toBe(tableApprovals(given, votes));
}

function requestOf(given: Situation): PolicyRequest & { readonly context: PolicyContext } {
  const context = policyContext({
    mode: given.mode,
    posture: given.posture,
    tenant: "local",
    caller: { kind: "agent", active: given.active, muted: given.muted, role: given.role },
    effects: given.effects,
    tool: given.unknownTool ? { name: "frobnicate", registered: false } : null,
    evidence: given.evidence ? ["https://example.com/source"] : [],
    rationale: null,
    amount: given.large ? "11" : "10",
    position: "100",
    criticalFlag: given.criticalFlag,
    network: false,
    live: false,
    sandboxed: true,
    cwd: null,
    writePaths: [],
  });
  return {
    principal: { type: "Agent", id: "a" },
    action: { type: "Action", id: "act" },
    resource: { type: "Tool", id: "t" },
    context,
  };
}

function mostly(value: boolean): fc.Arbitrary<boolean> {
  return fc.oneof({ arbitrary: fc.constant(value), weight: 9 }, { arbitrary: fc.constant(!value), weight: 1 });
}

/** Preparsed sets live in the module's memory under a name; preparing again is harmless. */
function prepareOfficial(): void {
  const staticPolicies = Object.fromEntries(set.policies.map((policy) => [policy.id, policy.text]));
  expect(preparsePolicySet("shipped-cases", { staticPolicies })).toEqual({ type: "success" });
  expect(preparseSchema("shipped-cases", shipped.schema.text)).toEqual({ type: "success" });
}

function officialOutcome(request: PolicyRequest): string {
  const answer = statefulIsAuthorized({
    principal: request.principal,
    action: request.action,
    resource: request.resource,
    context: plainContext(request.context),
    preparsedPolicySetId: "shipped-cases",
    preparsedSchemaName: "shipped-cases",
    validateRequest: true,
    entities: [],
  });
  if (answer.type === "failure") throw new Error(JSON.stringify(answer.errors));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) return "not_evaluated";
  if (decision === "allow") return "allow";
  const holding = (id: string): boolean =>
    set.policies.find((policy) => policy.id === id)?.annotations["hold"] !== undefined;
  return diagnostics.reason.length > 0 && diagnostics.reason.every(holding) ? "hold" : "deny";
}

function plainContext(context: PolicyRequest["context"]): Record<string, string | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(context).map(([name, value]) => {
      if (typeof value === "string" || typeof value === "boolean") return [name, value];
      if (Array.isArray(value)) return [name, value.map(String)];
      throw new Error(`unexpected attribute ${name}`);
    }),
  );
}

function yamlOf(name: string): string {
  return readFileSync(fileURLToPath(new URL(`cases/${name}`, import.meta.url)), "utf8");
}

function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (isWritError(error)) return error;
    throw error;
  }
  return undefined;
}
