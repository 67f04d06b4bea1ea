import { afterEach, beforeEach, expect, test } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";

let writ: Installation;
beforeEach(() => {
  writ = createInstallation();
});
afterEach(() => writ.dispose());

test("the demo plays one action through every step, in the system's own folder for temporary files", async () => {
  const environment = { ...writ.environment, TMPDIR: undefined };
  const { code, stdout, stderr } = await writ.run(["demo"], { environment });
  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^verified/);
  for (const step of ["proposed", "held", "approved", "ticketed", "run", "receipt"])
    expect(lines.join("\n")).toMatch(new RegExp(`^${step}\\S* +entry +\\d+`, "m"));
});
