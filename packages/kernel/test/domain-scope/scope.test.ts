import { assert, property, string } from "fast-check";
import { isWritError } from "@writ/canon";
import { cpuMs } from "@writ/testkit";
import { describe, expect, test } from "vitest";
import {
  extractHosts,
  isHostInScope,
  parseFidelityInput,
  parseScopeDomains,
  scopeFidelity,
} from "@writ/kernel/security";
import { refusalOf } from "../refusal.ts";

describe("domains of a scope text", () => {
  const domains = parseScopeDomains(
    "a.test *.B.test c.test\nSCOPE EXCLUSIONS\nc.test *.dev.b.test\nOut of scope: x.test",
  );

  test("are split at the earliest exclusion heading, sorted, and excluded ones leave the inclusions", () => {
    expect(domains).toEqual({
      exact: ["a.test"],
      suffix: ["b.test"],
      exclude_exact: ["c.test", "x.test"],
      exclude_suffix: ["dev.b.test"],
    });
  });

  test.each([
    ["a.test", true],
    [" A.TEST ", true],
    ["b.test", true],
    ["x.b.test", true],
    ["xb.test", false],
    ["dev.b.test", false],
    ["x.dev.b.test", false],
    ["c.test", false],
    ["sub.a.test", false],
    ["", false],
  ])("%j in scope: %s", (host, expected) => {
    expect(isHostInScope(host, domains)).toBe(expected);
  });
});

describe("hosts in a text", () => {
  test.each([
    ["https://User:p@A.test:8443/x", ["a.test"]],
    ["http://[::1]:80/", ["::1"]],
    ["http://localhost/", ["localhost"]],
    ["example.test", ["example.test"]],
    ["Host: a.test", ["a.test"]],
    ["see https://a.test and http://b.test/x", ["a.test", "b.test"]],
    ["file:///etc/hosts.test", []],
    ["-silent", []],
    ["", []],
  ])("%j", (text, hosts) => {
    expect(extractHosts(text)).toEqual(hosts);
  });
});

describe("scope fidelity", () => {
  const base = { target: "https://a.test", args: [] as string[], plan: [], targetInScope: true };
  test.each([
    [{ ...base, args: ["https://a.test/x"] }, "pass", "all_detected_hosts_match_target", "normalized_args"],
    [{ ...base, args: ["a.test", "b.test"] }, "fail", "mismatched_hosts_detected:b.test", "normalized_args"],
    [
      { ...base, args: ["a.test"], plan: [{ args: [], stdin: "https://u@b.test\nc.test" }] },
      "fail",
      "mismatched_hosts_detected:b.test,c.test",
      "execution_plan",
    ],
    [{ ...base, args: ["http://localhost/"] }, "fail", "mismatched_hosts_detected:localhost", "normalized_args"],
    [base, "review", "no_hosts_detected_in_execution_shape", "none"],
    [{ ...base, args: ["a.test"], targetInScope: false }, "fail", "target_explicitly_out_of_scope", "normalized_args"],
    [{ ...base, args: ["a.test"], targetInScope: undefined }, "review", "target_scope_not_checked", "normalized_args"],
  ])("%j", (input, verdict, reason, source) => {
    const report = scopeFidelity(input);
    expect(report.verdict).toBe(verdict);
    expect(report.request_shape_hygiene_reason).toBe(reason);
    expect(report.request_shape_hygiene_source).toBe(source);
  });
});

test("what only a typed reading finds can make a report worse, never better", () => {
  const local = { target: "http://localhost/", args: ["http://localhost/x"], plan: [], targetInScope: true };
  expect(scopeFidelity(local)).toMatchObject({ verdict: "review", target_host_match_status: "none_detected" });
  expect(scopeFidelity({ ...local, args: ["http://localhost/x", "http://[::1]/"] })).toMatchObject({
    verdict: "fail",
    mismatched_hosts_detected: ["::1"],
  });
});

test.each(["a.test\rb.test", "a.test\vb.test", "a.test\u2028b.test", "a.test\r\nb.test"])(
  "standard input %j has two lines, whoever reads it",
  (stdin) => {
    const shape = { target: "a.test", args: [], plan: [{ args: [], stdin }], targetInScope: true };
    expect(scopeFidelity(shape).mismatched_hosts_detected).toEqual(["b.test"]);
  },
);

test.each([
  { execution_plan: [1] },
  { execution_plan: [{ stdin: ["b.test"] }] },
  { execution_plan: [{ args: [1] }] },
  { execution_plan: {} },
  { normalized_args: "https://a.test" },
  { target: 1 },
])("a shape with %j is refused", (shape) => {
  expect(refusalOf(() => parseFidelityInput(shape))).toBe("invalid_execution_shape");
});

test("any text ends in an answer or a typed refusal", () => {
  assert(
    property(string({ unit: "binary", maxLength: 200 }), (text) => {
      for (const run of [extractHosts, parseScopeDomains, (word: string) => extractHosts(`http://[${word}`)]) {
        try {
          run(text);
        } catch (error) {
          expect(isWritError(error)).toBe(true);
        }
      }
    }),
  );
});

test.each(["a.".repeat(30_000), "*.".repeat(30_000), "-".repeat(60_000), "host:".repeat(10_000)])(
  "a long hostile text ends soon",
  (text) => {
    for (const run of [extractHosts, parseScopeDomains]) {
      const took = cpuMs(() => {
        try {
          run(text);
        } catch (error) {
          expect(isWritError(error)).toBe(true);
        }
      });
      expect(took).toBeLessThan(2_000);
    }
  },
);
