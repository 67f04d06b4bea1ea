import { describe } from "vitest";
import { detectSandbox } from "@writ/runner";
import { skipOutsideCi } from "@writ/testkit";

const sandbox = await detectSandbox();
const observed = sandbox.available && sandbox.tools.observer !== null;
if (!observed) {
  const why = sandbox.available ? "strace does not work here" : sandbox.reason;
  skipOutsideCi("the tests of the sandbox, which need bubblewrap and strace", why);
}

/** Tests that really confine processes; skipped with the reason where that cannot be done, a failure in CI. */
export function describeWithSandbox(name: string, define: () => void): void {
  describe.skipIf(!observed)(name, define);
}
