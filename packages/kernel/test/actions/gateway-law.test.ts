import * as fc from "fast-check";
import { isWritError } from "@writ/canon";
import { expect, test } from "vitest";
import { approveSpec, policyGateway, prepareSpec, requestDecoration } from "@writ/kernel/security";
import { approval, credentials } from "../specs/samples.ts";
import { setting, TOOLS } from "./samples.ts";

/** Words that lead out of scope, or that readers take apart differently. */
const PLACES = [
  "c.test",
  "https://c.test",
  "//c.test",
  "https://a.test@c.test/",
  "https://c.test\\@a.test/",
  "https://a.test:8443/",
  "--url=https://c.test",
  "-Hhost: c.test",
  "Host: localhost",
  "http://[::1]/",
  "http://0x7f.1/",
  "http://2130706433/",
  "https://a.test/?u=https://c.test",
  "https://a.test\uff0f@c.test/",
  "http://c.test#@a.test/",
  "https://a.test/,c.test",
  "localhost",
  "2130706433",
];
const OUTSIDE = [
  ...PLACES,
  "-oout",
  "@/etc/passwd",
  "-K",
  "--config=x",
  "-d@x",
  "--next",
  "-x",
  "--resolve",
  "-L",
  "a;b",
  "a|b",
];
/** What the gateway lets by and preparation refuses. */
const UNPREPARED = ["{{secret:x}}"];
const INSIDE = ["https://a.test/", "https://x.b.test/y", "http://192.0.2.1/", "-sS", "-I", "-m", "5", "-silent", "-u"];

const words = fc.array(fc.constantFrom(...INSIDE, ...OUTSIDE, ...UNPREPARED), { maxLength: 6 });
/** Every second action names nothing outside: of random words alone hardly one in three hundred passes. */
const actions = fc.record({
  tool: fc.constantFrom(...TOOLS),
  args: fc.oneof(words, fc.array(fc.constantFrom(...INSIDE, ...UNPREPARED), { maxLength: 3 })),
  stdin: fc.oneof(fc.constant(""), fc.constantFrom("", ...INSIDE, ...PLACES)),
  target: fc.constantFrom("https://a.test/", "https://x.b.test/", "https://c.test/", "http://localhost/", ""),
});

test("what passes leads nowhere out of scope, and every answer is a verdict or a typed refusal", () => {
  let passes = 0;
  fc.assert(
    fc.property(actions, (action) => {
      const verdict = policyGateway(action, setting);
      if (!verdict.pass) return;
      passes++;
      // What follows `-m` is a count of seconds to curl, and `-x` names the method to httpx: both lead nowhere.
      const method = (word: string | undefined): boolean => action.tool === "httpx" && word === "-x";
      const places = action.args.filter(
        (word, at) => action.args[at - 1] !== "-m" && !method(word) && !method(action.args[at - 1]),
      );
      expect([...places, action.stdin].filter((word) => OUTSIDE.includes(word))).toEqual([]);
      expect(["https://a.test/", "https://x.b.test/", ""]).toContain(action.target);
    }),
    { numRuns: 3_000 },
  );
  expect(passes).toBeGreaterThan(10);
});

test("what is prepared is what was gated, and what is approved is what was prepared", () => {
  const decoration = requestDecoration({ bug_bounty_username: "ada", test_account_email: "" });
  let prepared = 0;
  fc.assert(
    fc.property(actions, (action) => {
      const verdict = policyGateway(action, setting);
      if (!verdict.pass) return;
      try {
        const spec = prepareSpec({ verdict, decoration, credentials });
        prepared++;
        expect(spec.normalized_args.slice(0, action.args.length)).toEqual(action.args);
        expect(spec.normalized_args.join(" ")).not.toContain("{{secret:");
        const result = approveSpec(spec, approval(spec));
        expect(result.ok).toBe(spec.target_in_scope);
        if (result.ok) expect(result.spec.execution_truth.execution_plan).toEqual(spec.execution_plan);
      } catch (error) {
        if (!isWritError(error, "EXECUTION_SPEC_INVALID")) throw error;
      }
    }),
    { numRuns: 3_000 },
  );
  expect(prepared).toBeGreaterThan(10);
});
