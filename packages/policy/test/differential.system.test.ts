import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { emptyTally, expectAgreement } from "./oracle/agreement.ts";
import { keyedPolicies, policy } from "./oracle/policies.ts";
import { typedWorld, untypedWorld, usualTypedWorld, usualUntypedWorld } from "./oracle/worlds.ts";

/** Replay a run with `WRIT_SEED`. */
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env["WRIT_RUNS"] ?? 150);
const POLICIES = 20;
const policies = fc.array(policy, { minLength: POLICIES, maxLength: POLICIES });

describe("the compiled engine agrees with the official one", () => {
  test.each([
    ["policies without a schema", policies, untypedWorld],
    ["policies with a schema", policies, typedWorld],
    ["policies the condition index finds, without a schema", keyedPolicies, usualUntypedWorld],
    ["policies the condition index finds, with a schema", keyedPolicies, usualTypedWorld],
  ])("on generated %s", async (name, texts, world) => {
    console.log(`${name}: seed ${SEED}`);
    const tally = emptyTally();
    await fc.assert(
      fc.asyncProperty(texts, world, (made, around) => expectAgreement(made, around, tally)),
      { seed: SEED, numRuns: RUNS },
    );
    console.log(`${name}: seed ${SEED}: ${JSON.stringify(tally)}`);
    expect(tally.evaluations).toBe(RUNS * POLICIES * 2 * 5);
  });
});
