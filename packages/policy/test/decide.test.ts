import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  authorize,
  decide,
  entityStore,
  explain,
  loadPolicySet,
  type PolicyDecision,
  type PolicySet,
} from "@writ/policy";

const SCHEMA = {
  name: "s.cedarschema",
  text: "entity Agent, Tool; action call appliesTo { principal: [Agent], resource: [Tool], context: { tool: String, n: Long } };",
};
const REQUEST = {
  principal: { type: "Agent", id: "a" },
  action: { type: "Action", id: "call" },
  resource: { type: "Tool", id: "t" },
  context: { tool: "rm", n: 9_007_199_254_740_991 },
};
const ALL = "(principal, action, resource)";
const PERMIT = `@id("may") permit${ALL};`;
const FORBID = `@id("never") @advice("ask Ann") forbid${ALL};`;
const HOLD = `@id("ask") @hold("second_operator") @approvals("2") forbid${ALL} when { context.tool == "rm" };`;
const ERROR = `@id("broken") permit${ALL} when { context.n * context.n > 0 };`;
const SILENT = `@id("other") forbid${ALL} when { context.tool == "ls" };`;
const ASK = { policy: "ask", requirement: "second_operator", approvals: 2 };

const load = (text: string): Promise<PolicySet> =>
  loadPolicySet({ policies: [{ name: "p.cedar", text }], schema: SCHEMA });

async function decideOn(text: string): Promise<PolicyDecision> {
  const set = await load(text);
  return decide(set, REQUEST, entityStore(set, []));
}

const TABLE: readonly (readonly [string, readonly string[], PolicyDecision["outcome"], readonly string[]])[] = [
  ["nothing permits", [], "deny", []],
  ["only a silent forbid", [SILENT], "deny", []],
  ["a permit", [PERMIT, SILENT], "allow", ["may"]],
  ["a permit and a forbid", [PERMIT, FORBID], "deny", ["never"]],
  ["a permit and a hold", [PERMIT, HOLD], "hold", ["ask"]],
  ["a hold without a permit", [HOLD], "deny", []],
  ["a hold and a forbid", [PERMIT, HOLD, FORBID], "deny", ["never"]],
  ["a permit and an error", [PERMIT, ERROR], "not_evaluated", ["broken"]],
  ["an error alone", [ERROR], "not_evaluated", ["broken"]],
  ["an error and a hold", [PERMIT, HOLD, ERROR], "not_evaluated", ["broken"]],
  ["an error and a forbid", [PERMIT, FORBID, ERROR], "deny", ["never"]],
];

describe("the outcome", () => {
  test.each(TABLE)("%s", async (_name, texts, outcome, determining) => {
    const decision = await decideOn(texts.join("\n"));
    expect({ outcome: decision.outcome, determining: decision.determining }).toEqual({ outcome, determining });
  });

  test("reports everything that spoke, in the order of ids", async () => {
    expect(await decideOn([PERMIT, HOLD, FORBID, ERROR, SILENT].join("\n"))).toEqual({
      outcome: "deny",
      determining: ["never"],
      erroring: ["broken"],
      holds: [ASK],
      spoke: ["ask", "may", "never"],
      advice: ["ask Ann"],
    });
  });

  test("asks for one approval unless said", async () => {
    const decision = await decideOn(`${PERMIT} @id("o") @hold("owner") forbid${ALL};`);
    expect(decision.holds).toEqual([{ policy: "o", requirement: "owner", approvals: 1 }]);
  });
});

describe("laws", () => {
  const policy = fc
    .record({
      effect: fc.constantFrom("permit", "forbid", '@hold("operator") forbid'),
      condition: fc.constantFrom("true", "false", 'context.tool == "rm"', 'context.tool == "ls"', "context.n + 1 > 0", "context.n + context.n > 0", "context.n * context.n > 0"),
      resource: fc.constantFrom("resource", 'resource == Tool::"t"', "resource is Tool", 'resource == Tool::"u"'),
    })
    .map(({ effect, condition, resource }) => `${effect}(principal, action, ${resource}) when { ${condition} };`); // prettier-ignore
  const policies = fc.array(policy, { maxLength: 8 });
  const named = (texts: readonly string[]): string => texts.map((text, index) => `@id("p${index}") ${text}`).join("\n");
  const law = (name: string, check: (texts: string[]) => Promise<void>): void => {
    test(name, async () => {
      await fc.assert(fc.asyncProperty(policies, check), { numRuns: 60 });
    });
  };

  law("forbid trumps permit", async (texts) => {
    expect((await decideOn(`${named(texts)} ${FORBID}`)).outcome).toBe("deny");
  });
  law("default deny: without a permit nothing is allowed or held", async (texts) => {
    const decision = await decideOn(named(texts.filter((text) => !text.startsWith("permit"))));
    expect(["deny", "not_evaluated"]).toContain(decision.outcome);
  });
  law("the order of policies does not matter", async (texts) => {
    const lines = named(texts).split("\n");
    expect(await decideOn(lines.toReversed().join("\n"))).toEqual(await decideOn(lines.join("\n")));
  });
  law("adding a forbid, holding or not, never allows", async (texts) => {
    const before = await decideOn(named(texts));
    for (const added of [HOLD, FORBID, SILENT]) {
      const after = await decideOn(`${named(texts)} ${added}`);
      if (before.outcome !== "allow") expect(after.outcome).not.toBe("allow");
    }
  });
  law("an outcome that runs has a permit and no error", async (texts) => {
    const decision = await decideOn(named(texts));
    if (decision.outcome !== "allow" && decision.outcome !== "hold") return;
    expect(decision.erroring).toEqual([]);
    expect(decision.spoke.some((id) => texts[Number(id.slice(1))]!.startsWith("permit"))).toBe(true);
  });
  law("a hold or an allow is what Cedar makes of it without the holding policies", async (texts) => {
    const decision = await decideOn(named(texts));
    const set = await load(named(texts.filter((text) => !text.startsWith("@hold"))));
    const answer = authorize(set, REQUEST, entityStore(set, []));
    const runs = decision.outcome === "allow" || decision.outcome === "hold";
    if (runs) expect(answer.decision).toBe("allow");
    if (decision.outcome === "deny") expect(answer.decision).toBe("deny");
  });
  law("the same input gives the same answer again", async (texts) => {
    const set = await load(named(texts));
    const store = entityStore(set, []);
    const first = JSON.stringify(decide(set, REQUEST, store));
    decide(set, { ...REQUEST, context: { tool: "ls", n: 0 } }, store);
    expect(JSON.stringify(decide(set, REQUEST, store))).toBe(first);
  });
});

describe("an explanation", () => {
  test("says of each policy where it stands and which condition held, failed or erred", async () => {
    const set = await load([PERMIT, HOLD, ERROR, SILENT].join("\n"));
    const { decision, summary, policies } = explain(set, REQUEST, entityStore(set, []));
    expect(decision.outcome).toBe("not_evaluated");
    expect(summary).toBe("not evaluated, which blocks: `broken` failed to evaluate");
    expect(policies.map(({ id, line, verdict, error }) => ({ id, line, verdict, error }))).toEqual([
      { id: "ask", line: 2, verdict: "satisfied", error: undefined },
      { id: "broken", line: 3, verdict: "erred", error: "integer overflow" },
      { id: "may", line: 1, verdict: "satisfied", error: undefined },
      { id: "other", line: 4, verdict: "near", error: undefined },
    ]);
    expect(policies[0]!.why).toContain('`context.tool == "rm"` holds');
    expect(policies[3]!.why.at(-1)).toBe('`context.tool == "ls"` does not hold; `context.tool` is `"rm"`');
  });

  test("leaves out policies whose scope does not match", async () => {
    const set = await load(`@id("x") permit(principal == Agent::"b", action, resource);`);
    expect(explain(set, REQUEST, entityStore(set, []))).toMatchObject({
      policies: [],
      summary: "denied: no policy permits it",
    });
  });

  test.each([
    ["!(1 < 2) || [1, -2].contains(context.n)"],
    ['context has tool && principal is Agent in Agent::"b"'],
    ['(if true then context.tool like "a*\\*" else {a: 1} == {"b c": decimal("1.0")}) && !true'],
    ['ip("1.2.3.4").isInRange(ip("::")) || [principal].isEmpty() || principal.hasTag("a")'],
  ])("shows the condition %s as Cedar text", async (condition) => {
    const policies = [{ name: "p.cedar", text: `permit(principal, action, resource) when { ${condition} };` }];
    const set = await loadPolicySet({ policies }, { requireAnnotations: false });
    const shown = explain(set, REQUEST, entityStore(set, [])).policies[0]!.why.at(-1)!;
    const text = /^`(.*?)` (?:holds|does not hold|cannot)/.exec(shown)![1]!;
    await loadPolicySet(
      { policies: [{ name: "p.cedar", text: `permit(principal, action, resource) when { ${text} };` }] },
      { requireAnnotations: false },
    );
  });
});
