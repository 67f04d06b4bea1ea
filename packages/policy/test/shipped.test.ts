import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAuthorized, validate } from "@cedar-policy/cedar-wasm/nodejs";
import { describe, expect, test } from "vitest";
import { EFFECTS, MODES, POSTURES, ROLES, policyContext, shippedPolicies } from "@writ/policy";
import type { PolicyFacts } from "@writ/policy";

const shipped = shippedPolicies();
const text = shipped.policies.map((file) => file.text).join("\n");

const plain: PolicyFacts = {
  mode: "None (Unrestricted)",
  posture: "OFFENSE",
  tenant: "local",
  caller: { kind: "agent", active: true, muted: false, role: "primary" },
  effects: [],
  tool: null,
  evidence: [],
  rationale: null,
  amount: null,
  position: null,
  criticalFlag: false,
  network: false,
  live: false,
  sandboxed: true,
  cwd: "/work",
  writePaths: [],
};

describe("the shipped policies", () => {
  test("validate strictly against the shipped schema, each file without a warning", () => {
    for (const file of shipped.policies) {
      const answer = validate({
        validationSettings: { mode: "strict" },
        schema: shipped.schema.text,
        policies: { staticPolicies: file.text },
      });
      expect(answer, file.name).toMatchObject({ type: "success", validationErrors: [], validationWarnings: [] });
    }
  });

  test("carry one stable id each", () => {
    const ids = [...text.matchAll(/@id\("([^"]+)"\)/gu)].map((match) => match[1]);
    const policies = text.match(/^(?:permit|forbid) \(/gmu) ?? [];
    expect(ids.length).toBe(policies.length);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids)).toEqual(new Set(PINNED_IDS));
  });

  test("are not found in a folder without a schema, and the error says so", () => {
    expect(() => shippedPolicies("/nowhere/at/all")).toThrow(
      expect.objectContaining({ code: "POLICY_SHIPPED_MISSING" }),
    );
  });
});

test("a file that cannot be read stops the reading, by name", () => {
  const folder = mkdtempSync(join(tmpdir(), "writ-shipped-"));
  try {
    writeFileSync(join(folder, "writ.cedarschema"), "entity A;");
    mkdirSync(join(folder, "a.cedar"));
    expect(() => shippedPolicies(folder)).toThrow(expect.objectContaining({ code: "POLICY_SHIPPED_UNREADABLE" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("the context", () => {
  test("built from facts is exactly what the schema declares, for every governance and effect", () => {
    for (const mode of MODES)
      for (const posture of POSTURES)
        for (const role of ROLES) {
          const context = policyContext({
            ...plain,
            mode,
            posture,
            caller: { ...plain.caller, role },
            effects: EFFECTS,
          });
          expect(official(context)).toMatchObject({ type: "success" });
        }
  });

  test("lacking any one attribute, or with one more, is refused by the schema", () => {
    const context = policyContext(plain);
    for (const name of Object.keys(context)) {
      const { [name]: _, ...rest } = context;
      expect(official(rest), name).toMatchObject({ type: "failure" });
    }
    expect(official({ ...context, extra: true })).toMatchObject({ type: "failure" });
  });

  test.each([
    [
      "an unknown mode is judged as High Security under SCOUT",
      { mode: "High Securty", posture: "OFFENSE" },
      "High Security",
      "SCOUT",
    ],
    ["an unknown posture is judged as SCOUT", { mode: "none", posture: "YOLO" }, "None (Unrestricted)", "SCOUT"],
    ["case and space do not matter", { mode: "  high security ", posture: " scout" }, "High Security", "SCOUT"],
    [
      "a typographic apostrophe is an apostrophe",
      { mode: "I don\u2019t know what to do", posture: "Defense" },
      "I Don't Know What To Do",
      "DEFENSE",
    ],
  ])("%s", (_, given, mode, posture) => {
    expect(policyContext({ ...plain, ...given })).toMatchObject({ mode, posture });
  });

  test.each([
    [null, "Observer"],
    ["none", "Observer"],
    ["admin", "Observer"],
    ["secondary", "Secondary"],
    ["PRIMARY", "Primary"],
  ])("a caller whose roster role is %s acts as %s", (role, expected) => {
    expect(policyContext({ ...plain, caller: { ...plain.caller, role } }).role).toBe(expected);
  });

  test("an operator asking in person is an active Primary", () => {
    const caller = { kind: "operator", active: false, muted: true, role: null } as const;
    expect(policyContext({ ...plain, caller })).toMatchObject({
      role: "Primary",
      caller_active: true,
      caller_muted: false,
    });
  });

  test("a network grant reaches outside, whatever the tool declares", () => {
    expect(policyContext({ ...plain, network: true })).toMatchObject({
      external_access: true,
      effects: ["external_access"],
    });
  });

  test.each([
    ["10", "100", false],
    ["10.01", "100", true],
    ["-11", "100", true],
    ["0.1", "1.0000", false],
    ["1", null, false],
    [null, "100", false],
    ["1", "0", true],
    ["ten", "100", true],
    ["1e3", "100000000", true],
  ])("amount %s of position %s is large: %s", (amount, position, expected) => {
    expect(policyContext({ ...plain, amount, position }).large_amount).toBe(expected);
  });

  test.each([
    [[], "/work", "none"],
    [["/work"], "/work", "workspace"],
    [["/work/a", "/work/b"], "/work", "workspace"],
    [["/work", "/workshop"], "/work", "beyond"],
    [["/work/../etc"], "/work", "beyond"],
    [["/work"], null, "beyond"],
    [["/etc"], "/", "workspace"],
  ])("writing to %j from %s is %s", (writePaths, cwd, expected) => {
    expect(policyContext({ ...plain, writePaths, cwd }).write_scope).toBe(expected);
  });
});

function official(context: Readonly<Record<string, string | boolean | readonly string[]>>) {
  return isAuthorized({
    principal: { type: "Agent", id: "a" },
    action: { type: "Action", id: "act" },
    resource: { type: "Tool", id: "t" },
    context: Object.fromEntries(
      Object.entries(context).map(([name, value]) => [name, typeof value === "object" ? [...value] : value]),
    ),
    schema: shipped.schema.text,
    validateRequest: true,
    policies: { staticPolicies: text },
    entities: [],
  });
}

/** What logs, tests and people refer to. An id is never given to another rule. */
const PINNED_IDS = `
  D-1 D-2 D-2-MUTED D-3 D-4 D-6 D-6-LARGE D-7 D-10 D-11 D-11-SCOUT D-12 GV-1 LX-1
  PR-1 SE-1 OB-1 SC-1 SC-2 DE-1 DE-2 OF-1 OF-2 HS-C1 HS-C2 HS-C3 HS-C4 HS-C5
  HS-C6 HS-P1 HS-P2 HS-P3 HI-C1 HI-C2 HI-C3 HI-C4 HI-C5 HI-P1 HI-P2 CR-C1 CR-C2 CR-C3
  CR-P1 RE-C1 RE-C2 RE-C3 RE-P1 PS-C1 PS-C2 PS-C3 PS-P1 SG-C1 SG-C2 SG-C3 SG-C4 SG-P1
  ID-C1 ID-C2 ID-C3 ID-P1 NO-C1 NO-C2
`
  .trim()
  .split(/\s+/u);
