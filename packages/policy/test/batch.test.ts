import { expect, test } from "vitest";

import { authorizeBatch } from "@writ/policy";

const uid = '{"type":"T","id":"x"}';
const request = (more: string): string => `{"principal":${uid},"action":${uid},"resource":${uid},"context":{${more}}}`;
const LINES: readonly string[] = [
  `{"name":"big","policies":"permit(principal, action, resource) when { context.n == 9007199254740993 };","entities":[],"requests":[${request('"n":9007199254740993')},${request('"n":9007199254740992')},${request("")}]}`,
  "",
  '{"name":"broken","policies":"permit(","entities":[],"requests":[]}',
  `{"name":"half","policies":"forbid(principal, action, resource);","entities":[],"requests":[${request('"n":1.5')},${request("")}]}`,
  "not JSON",
  '{"name":"form","policies":1,"entities":[],"requests":[]}',
  '{"name":"twice","name":"twice","policies":"","entities":[],"requests":[]}',
  '{"name":"bad entities","policies":"","entities":[{"uid":1}],"requests":[]}',
  `{"name":"invalid","policies":"permit(principal, action, resource) when { context.none };","schema":"entity T; action x appliesTo {principal: T, resource: T};","entities":[],"requests":[]}`,
  `{"name":"unvalidated","policies":"permit(principal, action, resource) when { context.none };","schema":"entity T; action x appliesTo {principal: T, resource: T};","shouldValidate":false,"entities":[],"requests":[{"principal":${uid},"action":{"type":"Action","id":"x"},"resource":${uid},"context":{}}]}`,
];
const EXPECTED = [
  { name: "big", request: 0, decision: "allow", reason: ["policy0"], errors: [] },
  { name: "big", request: 1, decision: "deny", reason: [], errors: [] },
  { name: "big", request: 2, decision: "deny", reason: [], errors: ["policy0"] },
  { name: "broken", request: null, error: { code: "POLICY_SYNTAX" } },
  { name: "half", request: 0, error: { code: "POLICY_REQUEST" } },
  { name: "half", request: 1, decision: "deny", reason: ["policy0"], errors: [] },
  { name: null, request: null, error: { code: "JSON_SYNTAX" } },
  { name: null, request: null, error: { code: "POLICY_BATCH" } },
  { name: null, request: null, error: { code: "JSON_DUPLICATE_KEY" } },
  { name: "bad entities", request: null, error: { code: "POLICY_ENTITIES" } },
  { name: "invalid", request: null, error: { code: "POLICY_INVALID" } },
  { name: "unvalidated", request: 0, decision: "deny", reason: [], errors: ["policy0"] },
];

async function* lines(): AsyncGenerator<string | Uint8Array> {
  await Promise.resolve();
  for (const [index, line] of LINES.entries()) yield index % 2 === 0 ? line : new TextEncoder().encode(line);
}

test.each(["compiled", "reference"] as const)(
  "the %s engine answers each request, or says why not, in order",
  async (engine) => {
    const answers: unknown[] = [];
    for await (const answer of authorizeBatch(lines(), { engine })) answers.push(JSON.parse(answer));
    expect(answers).toMatchObject(EXPECTED);
    expect(answers).toHaveLength(EXPECTED.length);
  },
);
