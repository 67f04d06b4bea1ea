import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { verifyCases } from "./support/verify-cases.ts";
import type { VerifyCase } from "./support/verify-cases.ts";
import { parsePolicy, verifyBundle, verifyTlogProof } from "../src/index.ts";

const folder = join(import.meta.dirname, "../../../vectors/verify/cases");
const cases = readdirSync(folder).map((name): VerifyCase => JSON.parse(readFileSync(join(folder, name), "utf8")));

test("the stored cases are what the generator writes", () => {
  const byName = (left: VerifyCase, right: VerifyCase): number => (left.name < right.name ? -1 : 1);
  expect(cases.sort(byName)).toEqual(verifyCases().sort(byName));
});

test.each(cases.map((one) => [one.name, one] as const))("%s ends as stated", async (_name, one) => {
  const options = { policy: parsePolicy(one.policy), ...(one.since === undefined ? {} : { since: one.since }) };
  const result =
    one.kind === "proof" ? verifyTlogProof(one.input, options) : await verifyBundle([Buffer.from(one.input)], options);
  expect(result.exitCode).toBe(one.exit_code);
  if (one.finding === null) expect(result.ok).toBe(true);
  else expect(result.findings.map(({ code }) => code)).toContain(one.finding);
});
