import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWritError } from "@writ/canon";
import { isGovernanceIdentifier, parseBoundaryJson } from "@writ/kernel";

describe("the kernel's JSON boundary", () => {
  test.each([
    ["duplicate_key", `{"a":1,"a":2}`],
    ["invalid_json", `{"a":}`],
    ["invalid_json", ``],
    ["non_finite_number", `[NaN]`],
    ["non_finite_number", `-Infinity`],
    ["non_finite_number", `1e999`],
    ["max_depth", `${"[".repeat(34)}${"]".repeat(34)}`],
    ["max_depth", `${"[".repeat(5000)}${"]".repeat(5000)}`],
    ["max_collection_length", JSON.stringify(Array.from({ length: 1001 }, () => 1))],
    ["max_nodes", JSON.stringify(Array.from({ length: 11 }, () => Array.from({ length: 999 }, () => 1)))],
    ["max_string_length", JSON.stringify("x".repeat(65_537))],
    ["max_string_length", JSON.stringify({ ["x".repeat(65_537)]: 1 })],
    ["max_bytes", JSON.stringify(Array.from({ length: 20 }, () => "x".repeat(60_000)))],
  ])("answers %s", (reason, source) => {
    expect(() => parseBoundaryJson(source)).toThrow(
      expect.objectContaining({ code: "LEGACY_VALUE", details: { reason: `json_boundary_${reason}` } }) as Error,
    );
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("takes no bound of %s bytes", (maxBytes) => {
    expect(() => parseBoundaryJson("1", { maxBytes })).toThrow(
      expect.objectContaining({ details: { reason: "json_boundary_invalid_max_bytes" } }) as Error,
    );
  });

  test("lets through what is just inside", () => {
    expect(() => parseBoundaryJson(`${"[".repeat(33)}${"]".repeat(33)}`)).not.toThrow();
    expect(parseBoundaryJson(JSON.stringify("\u{1f512}".repeat(65_536)))).toHaveLength(131_072);
    expect(parseBoundaryJson("12", { maxBytes: 2 })).toBe(12);
  });

  test("any text ends in a value or a typed refusal", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (source) => {
        try {
          parseBoundaryJson(source);
        } catch (error) {
          expect(isWritError(error, "LEGACY_VALUE")).toBe(true);
        }
      }),
    );
  });
});

describe("a governance identifier", () => {
  test.each(["op-1", "a:b/c", "~", "a b", "a\n"])("may be `%s`", (value) => {
    expect(isGovernanceIdentifier(value)).toBe(true);
  });

  test.each(["", " ", "\u001f", "operacja-ż", "а", 1, null, undefined])("is not `%s`", (value) => {
    expect(isGovernanceIdentifier(value)).toBe(false);
  });
});
