import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { isWritError } from "@writ/canon";
import { describe, expect, test } from "vitest";

import {
  authorize,
  entityStore,
  formatPolicies,
  loadPolicyFolder,
  loadPolicySet,
  type PolicySources,
} from "@writ/policy";

const SCHEMA = {
  name: "writ.cedarschema",
  text: "entity Agent, Tool; action call appliesTo { principal: [Agent], resource: [Tool], context: { tool: String } };",
};
const GOOD = '@id("good") permit(principal, action == Action::"call", resource);\n';
const files = (text: string, name = "bad.cedar"): PolicySources => ({
  policies: [
    { name: "a.cedar", text: GOOD },
    { name, text },
  ],
  schema: SCHEMA,
});
const nested = (open: string, close: string, count: number, core: string): string =>
  `@id("x") permit(principal, action, resource) when { ${open.repeat(count)}${core}${close.repeat(count)} };`;

async function refusal(
  run: () => Promise<unknown>,
): Promise<{ code: string; details: Readonly<Record<string, unknown>> }> {
  try {
    await run();
  } catch (error) {
    if (isWritError(error)) return { code: error.code, details: error.details };
    throw error;
  }
  throw new Error("not refused");
}

const BAD: readonly (readonly [string, PolicySources, string, Readonly<Record<string, unknown>>])[] = [
  ["a syntax error", files('\n// héé\n@id("x") permit(principal, action, resource)\nwhen { 1 + };'), "POLICY_SYNTAX", { file: "bad.cedar", line: 4, column: 12 }],
  ["a syntax error behind wide characters", files('@id("x") permit(principal, action, resource) when { "😀é" == foo(1) };'), "POLICY_SYNTAX", { file: "bad.cedar", line: 1, column: 61 }],
  ["a missing semicolon", files(`${GOOD.replace("good", "g2")}@id("x") permit(principal, action, resource)`), "POLICY_SYNTAX", { file: "bad.cedar", line: 2 }],
  ["an unknown function", files('@id("x") permit(principal, action, resource) when { now() };'), "POLICY_SYNTAX", { file: "bad.cedar", line: 1 }],
  ["a reserved word as attribute", files('@id("x") permit(principal, action, resource) when { context.in == 1 };'), "POLICY_SYNTAX", { file: "bad.cedar", line: 1 }],
  ["an annotation twice", files('@id("x") @id("y") permit(principal, action, resource);'), "POLICY_SYNTAX", { file: "bad.cedar", line: 1 }],
  ["an unclosed string", files('@id("x") permit(principal, action, resource) when { context.tool == "a };'), "POLICY_SYNTAX", { file: "bad.cedar", line: 1 }],
  ["an undeclared attribute", files('\n@id("x") permit(principal, action == Action::"call", resource)\nwhen { context.none };'), "POLICY_INVALID", { file: "bad.cedar", line: 3, policy: "x" }],
  ["an undeclared action", files('@id("x") permit(principal, action == Action::"run", resource);'), "POLICY_INVALID", { file: "bad.cedar", line: 1 }],
  ["a comparison of kinds", files('@id("x") permit(principal, action == Action::"call", resource) when { context.tool < 1 };'), "POLICY_INVALID", { file: "bad.cedar", line: 1 }],
  ["no id", files("\n\npermit(principal, action, resource);"), "POLICY_ID_MISSING", { file: "bad.cedar", line: 3, column: 1 }],
  ["an empty id", files('@id("") permit(principal, action, resource);'), "POLICY_ID_MISSING", { file: "bad.cedar", line: 1 }],
  ["an id with a space", files('@id("a b") permit(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["an id twice", files('\n@id("good") permit(principal, action, resource);'), "POLICY_ID_DUPLICATE", { file: "bad.cedar", line: 2, other_file: "a.cedar", other_line: 1 }],
  ["a hold on a permit", files('@id("x") @hold("operator") permit(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["an unknown hold", files('@id("x") @hold("boss") forbid(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["a hold without value", files('@id("x") @hold forbid(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["zero approvals", files('@id("x") @hold("owner") @approvals("0") forbid(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["ten approvals", files('@id("x") @hold("owner") @approvals("10") forbid(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["approvals without a hold", files('@id("x") @approvals("1") forbid(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["empty advice", files('@id("x") @advice("") permit(principal, action, resource);'), "POLICY_ANNOTATION", { file: "bad.cedar", line: 1 }],
  ["a template", files('@id("x") permit(principal == ?principal, action, resource);'), "POLICY_TEMPLATE", { file: "bad.cedar", line: 1 }],
  ["150 brackets", files(nested("(", ")", 150, "true")), "POLICY_TOO_LARGE", { file: "bad.cedar", line: 1, limit: 64 }],
  ["200 sets", files(nested("[", "]", 200, "1")), "POLICY_TOO_LARGE", { file: "bad.cedar", line: 1 }],
  ["5,000 conjuncts", files(nested("true && ", "", 5_000, "true")), "POLICY_TOO_LARGE", { file: "bad.cedar", line: 1 }],
  ["a chain of 900 conditionals", files(nested("if true then false else ", "", 900, "true")), "POLICY_TOO_LARGE", { file: "bad.cedar", line: 1 }],
  ["400 sums", files(nested("1 + ", "", 400, "1 == 0")), "POLICY_TOO_LARGE", { file: "bad.cedar", line: 1, limit: 256 }],
  ["a long policy", files(nested(" ", "", 70_000, "true")), "POLICY_TOO_LARGE", { file: "bad.cedar", line: 1, limit: 65_536 }],
  ["half a surrogate pair", files('@id("x") permit(principal, action, resource) when { "\ud800" == "" };'), "POLICY_SYNTAX", { file: "bad.cedar" }],
  ["two files of one name", files("", "a.cedar"), "POLICY_SYNTAX", { file: "a.cedar" }],
  ["a schema that does not parse", { policies: [], schema: { name: "s.cedarschema", text: "entity U;\nentity = {};" } }, "POLICY_SCHEMA", { file: "s.cedarschema", line: 2 }],
  ["a schema with an unknown type", { policies: [], schema: { name: "s.cedarschema", text: "entity U = {a: Nothing};" } }, "POLICY_SCHEMA", { file: "s.cedarschema", line: 1, column: 16 }],
]; // prettier-ignore

describe("a set with one fault is refused", () => {
  test.each(BAD)("%s", async (_name, sources, code, details) => {
    expect(await refusal(() => loadPolicySet(sources))).toEqual({
      code,
      details: expect.objectContaining(details) as unknown,
    });
  });

  test("and a text that kills the official engine does not harm the next call", async () => {
    for (let round = 0; round < 3; round++) {
      const killer = files(nested("if true then ", " else false", 2_000, "true"));
      expect((await refusal(() => loadPolicySet(killer))).code).toBe("POLICY_TOO_LARGE");
      expect(
        (await loadPolicySet({ policies: [{ name: "a.cedar", text: GOOD }], schema: SCHEMA })).policies,
      ).toHaveLength(1);
    }
  });
});

describe("a loaded set", () => {
  test("knows its policies by id, file and line", async () => {
    const text = `// one\n${GOOD}\n@id("p2")\n@advice("a; b")\n@hold("owner")\nforbid(principal, action, resource) // ; not an end\nwhen { "a;b\\"" == context.tool };\n// end`;
    const set = await loadPolicySet({ policies: [{ name: "x.cedar", text }], schema: SCHEMA }, {});
    expect(set.policies.map(({ id, line, effect, annotations }) => ({ id, line, effect, annotations }))).toEqual([
      { id: "good", line: 2, effect: "permit", annotations: { id: "good" } },
      { id: "p2", line: 4, effect: "forbid", annotations: { id: "p2", advice: "a; b", hold: "owner" } },
    ]);
    expect(set.policies[1]!.text.startsWith('@id("p2")')).toBe(true);
    expect(set.engine).toBe("writ-cedar 1 (cedar 4.13.0)");
    expect(set.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("has a digest over names, texts and schema, whatever the order of files", async () => {
    const a = { name: "a.cedar", text: GOOD };
    const b = { name: "b.cedar", text: GOOD.replace("good", "b") };
    const digest = async (sources: PolicySources) => (await loadPolicySet(sources)).digest;
    const first = await digest({ policies: [a, b], schema: SCHEMA });
    expect(await digest({ policies: [b, a], schema: SCHEMA })).toBe(first);
    const others = [
      await digest({ policies: [a, b] }),
      await digest({ policies: [a, { ...b, name: "c.cedar" }], schema: SCHEMA }),
      await digest({ policies: [a, { ...b, text: `${b.text} ` }], schema: SCHEMA }),
      await digest({ policies: [a, b], schema: { ...SCHEMA, text: `${SCHEMA.text}\n` } }),
      await digest({ policies: [{ name: "a.cedar", text: a.text + b.text }], schema: SCHEMA }),
    ];
    expect(new Set([first, ...others]).size).toBe(6);
  });

  test("warns about annotations that look misspelt, and about none that are the author's own", async () => {
    const policy = (id: string, annotations: string): string =>
      `@id("${id}") ${annotations} forbid(principal, action, resource);`;
    const text = ['@hod("operator")', '@hold("operator") @aprovals("2")', '@adivce("x")', '@team("x") @row("1")'];
    const set = await loadPolicySet({
      policies: [{ name: "a.cedar", text: text.map((one, at) => policy(`p${at}`, one)).join("\n") }],
      schema: SCHEMA,
    });
    expect(set.warnings).toEqual([
      "`a.cedar:1`: `@hod` means nothing; `@hold` would",
      "`a.cedar:2`: `@aprovals` means nothing; `@approvals` would",
      "`a.cedar:3`: `@adivce` means nothing; `@advice` would",
    ]);
  });

  test("warns about many conditions that no index finds", async () => {
    const text = Array.from(
      { length: 100 },
      (_, i) => `@id("p${i}") permit(principal, action, resource) when { context.tool like "*${i}" };`,
    );
    const set = await loadPolicySet({ policies: [{ name: "a.cedar", text: text.join("\n") }], schema: SCHEMA });
    expect(set.warnings).toEqual([expect.stringContaining("100 conditions")]);
  });

  test.each(["\r", "\r\n", "\n"])("has every policy behind a comment that ends in %j", async (end) => {
    const text = `${GOOD}// nothing else${end}@id("last") forbid(principal, action, resource);${end}`;
    const set = await loadPolicySet({ policies: [{ name: "a.cedar", text }], schema: SCHEMA });
    expect(set.policies.map((policy) => policy.id)).toEqual(["good", "last"]);
  });

  test.each(["\u0085", "\u2028", "\u00a0", "// end"])("may end in %j", async (end) => {
    const set = await loadPolicySet({ policies: [{ name: "a.cedar", text: GOOD + end }], schema: SCHEMA });
    expect(set.policies).toHaveLength(1);
  });

  test("holds literals of 64 bits exactly", async () => {
    const text = "permit(principal, action, resource) when { context.n == 9223372036854775807 };";
    const set = await loadPolicySet({ policies: [{ name: "a.cedar", text }] }, { requireAnnotations: false });
    const uid = { type: "T", id: "x" };
    const ask = (n: bigint) =>
      authorize(set, { principal: uid, action: uid, resource: uid, context: { n } }, entityStore(set, [])).decision;
    expect([ask(9_223_372_036_854_775_807n), ask(9_223_372_036_854_775_806n)]).toEqual(["allow", "deny"]);
  });

  test("takes long chains of conjuncts and alternatives", async () => {
    for (const operator of ["&&", "||"]) {
      const text = `permit(principal, action, resource) when { ${Array.from({ length: 2_500 }, () => "true").join(` ${operator} `)} };`;
      const set = await loadPolicySet({ policies: [{ name: "a.cedar", text }] }, { requireAnnotations: false });
      const uid = { type: "T", id: "x" };
      expect(
        authorize(set, { principal: uid, action: uid, resource: uid, context: {} }, entityStore(set, [])).decision,
      ).toBe("allow");
    }
  });
});

describe("template links", () => {
  const text =
    "permit(principal == ?principal, action, resource in ?resource); permit(principal in ?principal, action, resource);";
  const sources: PolicySources = { policies: [{ name: "t.cedar", text }] };
  const ann = { type: "User", id: "ann" };
  const folder = { type: "Folder", id: "f" };

  test("decide like policies with the slots filled, in both engines", async () => {
    const links = [
      { template: "policy0", id: "link-a", principal: ann, resource: folder },
      { template: "policy1", id: "link-b", principal: folder },
    ];
    const set = await loadPolicySet(sources, { requireAnnotations: false, links });
    for (const engine of ["compiled", "reference"] as const) {
      const request = { principal: ann, action: { type: "Action", id: "a" }, resource: folder, context: {} };
      expect(authorize(set, request, entityStore(set, []), { engine }).reason).toEqual(["link-a"]);
      expect(authorize(set, { ...request, principal: folder }, entityStore(set, []), { engine }).reason).toEqual([
        "link-b",
      ]);
    }
  });

  test.each([
    ["an unknown template", { template: "policy9", id: "l", principal: ann }],
    ["an id in use", { template: "policy1", id: "policy0", principal: ann }],
    ["a slot left open", { template: "policy0", id: "l", principal: ann }],
    ["a slot that is not there", { template: "policy1", id: "l", principal: ann, resource: folder }],
  ])("%s is refused", async (_name, link) => {
    const refused = await refusal(() => loadPolicySet(sources, { requireAnnotations: false, links: [link] }));
    expect(refused.code).toBe("POLICY_TEMPLATE");
  });
});

describe("a policy folder", () => {
  async function inFolder<T>(
    content: Readonly<Record<string, string | Uint8Array>>,
    use: (path: string) => Promise<T>,
  ): Promise<T> {
    const path = await mkdtemp(join(tmpdir(), "writ-policy-"));
    try {
      for (const [name, text] of Object.entries(content)) await writeFile(join(path, name), text);
      return await use(path);
    } finally {
      await rm(path, { recursive: true });
    }
  }

  test("is its cedar files in the order of names with its schema", async () => {
    const content = {
      "b.cedar": GOOD.replace("good", "b"),
      "a.cedar": GOOD,
      "x.cedarschema": SCHEMA.text,
      "README.md": "no policy",
    };
    const set = await inFolder(content, loadPolicyFolder);
    expect(set.policies.map(({ id, file }) => [id, file])).toEqual([
      ["good", "a.cedar"],
      ["b", "b.cedar"],
    ]);
  });

  test.each([
    ["no policy", {}, "POLICY_UNREADABLE"],
    ["two schemas", { "a.cedar": GOOD, "a.cedarschema": SCHEMA.text, "b.cedarschema": SCHEMA.text }, "POLICY_SCHEMA"],
    ["a file that is not UTF-8", { "a.cedar": new Uint8Array([0xff, 0xfe]) }, "POLICY_UNREADABLE"],
    ["a faulty policy", { "a.cedar": "permit(" }, "POLICY_SYNTAX"],
  ])("with %s is refused", async (_name, content, code) => {
    const refused = await inFolder(content as Record<string, string>, (path) => refusal(() => loadPolicyFolder(path)));
    expect(refused.code).toBe(code);
  });

  test("that is not there is refused", async () => {
    expect((await refusal(() => loadPolicyFolder("/nowhere/at/all"))).code).toBe("POLICY_UNREADABLE");
  });
});

test("formatting lays a text out and refuses what does not parse", async () => {
  expect(await formatPolicies("permit(principal,action,resource)when{true};")).toBe(
    "permit (principal, action, resource)\nwhen { true };\n",
  );
  expect((await refusal(() => formatPolicies("permit("))).code).toBe("POLICY_SYNTAX");
});
