import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseJsonExact } from "@writ/canon";
import { describeWithVectors } from "@writ/testkit";
import { isWritError } from "@writ/canon";
import { CASES_BYTES_MAX, parseConformanceCases, runConformance, verdictText } from "@writ/kernel/conformance";
import { operations } from "../../src/compat/operations/index.ts";

describeWithVectors("cases of the reference kernel", (folder) => {
  const cases = parseConformanceCases(readFileSync(join(folder, "kernel/cases.json")));
  const { results } = runConformance(cases);
  const built = results.filter(({ verdict }) => verdict !== "unsupported");

  test("there are cases of what is built", () => {
    expect(built.length).toBeGreaterThanOrEqual(10);
  });

  test.each(built)("$operation $id", (result) => {
    expect(result).not.toHaveProperty("actual");
    expect(verdictText(result)).toMatch(/^(same|stricter: §27 no\. \d+)$/);
  });
});

describe("the conformance runner", () => {
  const digestCase = (expected: object, operation = "artifact.digest_v0_1"): object => ({
    cases: [{ id: "one", operation, input: [], expected }],
  });

  test.each([
    ["same", { canonical: "[]" }, true],
    ["different", { canonical: "{}" }, false],
    ["different", { other: 1 }, false],
    ["different", { ok: false, error: "no" }, false],
    ["same", { ok: true, value: { canonical: "[]" } }, true],
  ])("finds %s for %j", (verdict, expected, passed) => {
    const report = runConformance(parseJsonExact(JSON.stringify(digestCase(expected))));
    expect(report.results[0]?.verdict).toBe(verdict);
    expect(report.passed).toBe(passed);
  });

  test.each([
    ["same", "execution_ticket schema validation failed: x"],
    ["same", "schema validation failed: x"],
    ["same", "$: missing required field 'ticket_id'"],
    ["same", "$.approval.status: expected one of ['approved'], got 'x'"],
    ["same", "$.entries[2]: unexpected fields ['x']"],
    ["different", "manifest schema validation failed: x"],
    ["different", "ticket is malformed"],
  ])("finds %s for a refusal by schema, whatever it calls the document: %s", (verdict, error) => {
    const one = { id: "one", operation: "ticket.validate_semantics", input: {}, expected: { ok: false, error } };
    expect(runConformance({ cases: [one] }).results[0]?.verdict).toBe(verdict);
  });

  test.each([
    ["same", null],
    ["same", ""],
    ["different", "x"],
    ["different", false],
  ])("finds %s for %j where there is nothing to answer", (verdict, expected) => {
    const one = { id: "one", operation: "command.banned_pattern", input: [], expected };
    expect(runConformance({ cases: [one] }).results[0]?.verdict).toBe(verdict);
  });

  test("an operation nobody built is unsupported and no pass", () => {
    const report = runConformance(parseJsonExact(JSON.stringify(digestCase({}, "toString"))));
    expect(report.results[0]?.verdict).toBe("unsupported");
    expect(report.passed).toBe(false);
  });

  test("no case at all is no pass", () => {
    expect(runConformance([]).passed).toBe(false);
  });

  test.each([null, 1, {}, { cases: {} }, [1], [{ id: "x" }]])("refuses %j as a list of cases", (cases) => {
    expect(() => runConformance(cases)).toThrow(
      expect.objectContaining({ code: "CONFORMANCE_CASES_INVALID" }) as Error,
    );
  });
});

describe("operations", () => {
  const folder = join(import.meta.dirname, "../../src/compat/operations");
  const areas = readdirSync(folder).filter((name) => !["index.ts", "operation.ts"].includes(name));

  test("of every area are collected, and no two areas claim the same one", async () => {
    const names: string[] = [];
    for (const area of areas) {
      const module = (await import(join(folder, area))) as { readonly operations?: object };
      names.push(...Object.keys(module.operations ?? {}));
    }
    expect(names.toSorted()).toEqual(Object.keys(operations).toSorted());
  });

  test.each(Object.keys(operations))("%s answers malformed input with a value or a typed refusal", (name) => {
    for (const input of [null, 1, "x", [], {}, [null], { record: {}, source: 1, ticket: [] }]) {
      try {
        expect(typeof operations[name]?.(input).ok).toBe("boolean");
      } catch (error) {
        expect(isWritError(error), `${name}: ${String(error)}`).toBe(true);
      }
    }
  });
});

describe("a file of cases", () => {
  const read = (text: string): unknown => parseConformanceCases(new TextEncoder().encode(text));

  test("keeps every digit, and what the product itself would refuse", () => {
    expect(read(`[1, 1.0, -0, 100000000000000000000, "\\ud800", {"a":1,"a":2}]`)).toEqual([
      1,
      expect.objectContaining({ text: "1.0" }),
      0,
      100000000000000000000n,
      "\ud800",
      { a: 2 },
    ]);
  });

  test.each(["", "{", "NaN", "\ufeff["])("that is no JSON is refused: %j", (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "CONFORMANCE_CASES_INVALID" }) as Error);
  });

  test("has a largest size", () => {
    expect(() => parseConformanceCases(new Uint8Array(CASES_BYTES_MAX + 1))).toThrow(
      expect.objectContaining({ code: "CONFORMANCE_CASES_INVALID" }) as Error,
    );
  });
});
