import { detectSandbox } from "@writ/runner";
import { skipOutsideCi } from "@writ/testkit";
import { test } from "vitest";

const sandbox = await detectSandbox();
if (!sandbox.available) skipOutsideCi("live runs through the server", sandbox.reason);

/** A test of a live run; skipped with the reason where nothing can be confined, a failure in CI. */
export const testWithSandbox: typeof test.skip = test.skipIf(!sandbox.available);
