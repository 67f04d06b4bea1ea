import { isWritError } from "@writ/canon";
import * as fc from "fast-check";
import { describe, test } from "vitest";

import { authorizeBatch, decide, entityStore, explain, loadPolicySet } from "@writ/policy";

const FRAGMENTS = ["permit", "forbid", "(", ")", "principal", "action", "resource", ",", ";", "when", "unless", "{", "}", "@id", '("x")', "==", "in", "is", "User", "::", '"a"', "context", ".", "a", "[", "]", "1", "9223372036854775808", "//", "\n", '"', "\\", "?principal", "&&", "||", "!", "like", "has", "ip", "😀", "\u0000", "if", "then", "else"]; // prettier-ignore
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 60 }).map((parts) => parts.join(" ")),
);
const SCHEMA = {
  name: "s.cedarschema",
  text: "entity User, Tool; action call appliesTo { principal: [User], resource: [Tool], context: { n: Long, ip?: ipaddr, r: { s: Set<String> } } };",
};
const json = fc.jsonValue({ maxDepth: 4 });

/** Anything but a typed refusal fails the test. */
async function refusedOrDone(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isWritError(error)) throw error;
  }
}

describe("hostile input ends in a typed refusal", () => {
  test("as a policy text", async () => {
    await fc.assert(
      fc.asyncProperty(text, (policies) =>
        refusedOrDone(() =>
          loadPolicySet({ policies: [{ name: "x", text: policies }] }, { requireAnnotations: false }),
        ),
      ),
      { numRuns: 300 },
    );
  });

  test("as a schema", async () => {
    await fc.assert(
      fc.asyncProperty(text, (schema) =>
        refusedOrDone(() => loadPolicySet({ policies: [], schema: { name: "s", text: schema } })),
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    ["with", { schema: SCHEMA }],
    ["without", {}],
  ] as const)("as request and entities %s a schema", async (_name, schema) => {
    const policies = [
      { name: "p.cedar", text: '@id("x") permit(principal, action, resource) when { context.n + 1 > 0 };' },
    ];
    const set = await loadPolicySet({ policies, ...schema }, { validate: false });
    const uid = fc.oneof(
      json,
      fc.record({ type: fc.constantFrom("User", "Tool", "Action", "a b", "if"), id: fc.constantFrom("call", "x") }),
    );
    const request = fc.oneof(
      json,
      fc.record({
        principal: uid,
        action: uid,
        resource: uid,
        context: fc.oneof(json, fc.record({ n: json, r: json })),
      }),
    );
    const entity = fc.oneof(
      json,
      fc.record(
        { uid, attrs: json, parents: fc.oneof(json, fc.array(uid, { maxLength: 2 })), tags: json },
        { requiredKeys: ["uid"] },
      ),
    );
    await fc.assert(
      fc.asyncProperty(request, fc.oneof(json, fc.array(entity, { maxLength: 3 })), async (asked, given) => {
        await refusedOrDone(() => decide(set, asked as never, entityStore(set, given as never)));
        await refusedOrDone(() => explain(set, asked as never, entityStore(set, [])));
      }),
      { numRuns: 500 },
    );
  });

  test("as lines of a batch", async () => {
    const line = fc.oneof(
      fc.string(),
      json.map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 4 }), async (lines) => {
        for await (const answer of authorizeBatch(streamOf(lines))) JSON.parse(answer);
      }),
      { numRuns: 200 },
    );
  });
});

async function* streamOf(lines: readonly string[]): AsyncGenerator<string> {
  await Promise.resolve();
  yield* lines;
}
