import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadPolicySet, parseCases, policyReference, runCases, shippedPolicies } from "@writ/policy";
import { expect, test } from "vitest";

const docs = (path: string): string => fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url));

test("the reference page is what the shipped files say (`vitest -u` writes it anew)", async () => {
  const page = policyReference(await loadPolicySet(shippedPolicies()));
  await expect(page).toMatchFileSnapshot(docs("reference/policies.md"));
});

test("the guide's policy and cases do what the guide says", async () => {
  const guide = readFileSync(docs("guides/write-a-policy.md"), "utf8");
  const block = (language: string): string => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "su").exec(guide)?.[1] ?? "";
  const shipped = shippedPolicies();
  const own = { name: "team.cedar", text: block("cedar") };
  const set = await loadPolicySet({ schema: shipped.schema, policies: [...shipped.policies, own] });
  expect(parseCases(block("yaml")).length).toBeGreaterThan(3);
  expect(runCases(set, block("yaml")).cases.flatMap((result) => result.faults)).toEqual([]);
});
