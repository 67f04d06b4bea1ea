import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isWritError } from "@writ/canon";
import { loadPolicySet } from "@writ/policy";
import { callOfficial } from "../src/official/official-engine.ts";
import { emptyTally, expectAgreement } from "./oracle/agreement.ts";
import { keyedPolicies, policy } from "./oracle/policies.ts";
import { typedWorld, untypedWorld, usualTypedWorld, usualUntypedWorld } from "./oracle/worlds.ts";

/** Replay a run with `WRIT_SEED`. */
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env["WRIT_RUNS"] ?? (process.env["WRIT_NIGHTLY"] === "1" ? 1_500 : 100));
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

const EVERYTHING = "permit(principal, action, resource)";
/** What ends a policy, hides one, or only looks as if it did. */
const FRAGMENTS = [
  `${EVERYTHING};`, `@note("a;b // c") ${EVERYTHING}`, `${EVERYTHING} when { "//" == "//" };`, ";", "//", "/*", '"', "\\", "'",
  "\n", "\r", "\r\n", "\t", "\v", "\f", "\u0085", "\u00a0", "\u2028", "\u3000", "\ufeff", "\u200b",
]; // prettier-ignore

/** How many policies the official parser finds in a text; every one of them is satisfied. */
function officialCount(text: string): number | "refused" {
  const uid = (type: string) => ({ type, id: "x" });
  const answer = callOfficial("isAuthorized", {
    principal: uid("User"),
    action: uid("Action"),
    resource: uid("File"),
    context: {},
    policies: { staticPolicies: text },
    entities: [],
  });
  if (answer.type === "failure") return "refused";
  return (answer["response"] as { diagnostics: { reason: string[] } }).diagnostics.reason.length;
}

async function ourCount(text: string): Promise<number | "refused"> {
  try {
    const set = await loadPolicySet({ policies: [{ name: "p.cedar", text }] }, { requireAnnotations: false });
    return set.policies.length;
  } catch (error) {
    if (isWritError(error)) return "refused";
    throw error;
  }
}

test("a text is cut into the policies that the official parser finds in it", async () => {
  const text = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 14 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, async (given) => {
      expect(await ourCount(given)).toBe(officialCount(given));
    }),
    { seed: SEED, numRuns: 1500 },
  );
});
