import { detectSandbox } from "@writ/runner";
import { skipOutsideCi } from "@writ/testkit";
import { describe, test } from "vitest";

const sandbox = await detectSandbox();
if (!sandbox.available) skipOutsideCi("live runs of the command", sandbox.reason);

/** Tests of commands that really run; skipped with the reason where nothing can be confined, a failure in CI. */
export const describeWithSandbox: typeof describe.skip = describe.skipIf(!sandbox.available);

/** One such test. */
export const testWithSandbox: typeof test.skip = test.skipIf(!sandbox.available);
