import { expect, test } from "vitest";

import { diffPolicySets, loadPolicySet } from "@writ/policy";

const load = (...texts: readonly string[]) =>
  loadPolicySet({ policies: texts.map((text, index) => ({ name: `${index}.cedar`, text })) });
const policy = (id: string, condition = "true"): string =>
  `@id("${id}") permit(principal, action, resource) when { ${condition} };`;

test("two sets differ by the policies added, removed and changed", async () => {
  const before = await load(policy("kept"), policy("gone"), policy("changed"), policy("moved"));
  const after = await load(policy("moved"), policy("kept"), policy("changed", "false"), policy("new"));
  expect(diffPolicySets(before, after)).toEqual({
    added: ["new"],
    removed: ["gone"],
    changed: ["changed"],
    schemaChanged: false,
  });
});
