import { detectSandbox } from "@writ/runner";
import { skipOutsideCi } from "@writ/testkit";
import { describe } from "vitest";

const sandbox = await detectSandbox();
if (!sandbox.available) skipOutsideCi("live runs of the command", sandbox.reason);

/** Tests of commands that really run; skipped with the reason where nothing can be confined, a failure in CI. */
export function describeWithSandbox(name: string, define: () => void): void {
  describe.skipIf(!sandbox.available)(name, define);
}
