import { CANONICAL_DEPTH_MAX, canonicalize, type JsonValue, parseJson } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { codeOf } from "./refusal.ts";

const json = fc
  .jsonValue({ noUnicodeString: false, maxDepth: 6 })
  .filter((value) => JSON.stringify(value).isWellFormed());

describe("canonical text", () => {
  const cases: readonly (readonly [string, JsonValue, string])[] = [
    [
      "sorts keys by UTF-16 code units",
      { "\u{1f600}": 1, "\ufb33": 2, "€": 3, "1": 4, "\r": 5 },
      '{"\\r":5,"1":4,"\u20ac":3,"\ud83d\ude00":1,"\ufb33":2}',
    ],
    ["sorts keys that look like indexes as text", { "10": 1, "9": 2, "": 3 }, '{"":3,"10":1,"9":2}'],
    ["writes minus zero as zero", -0, "0"],
    [
      "writes large and small numbers as ECMAScript",
      [1e21, 1e-7, 1e20, 0.000001],
      "[1e+21,1e-7,100000000000000000000,0.000001]",
    ],
    [
      "escapes controls in the short form where there is one",
      '\b\t\n\f\r\u000b\u007f/"\\',
      '"\\b\\t\\n\\f\\r\\u000b\u007f/\\"\\\\"',
    ],
    ["writes long text with escapes", `${"x".repeat(60)}"`, `"${"x".repeat(60)}\\""`],
    ["writes empty containers", [{}, []], "[{},[]]"],
    ["takes objects without a prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ];
  test.each(cases)("%s", (_name, value, text) => {
    expect(canonicalize(value)).toBe(text);
  });

  test("sorts more keys than the insertion sort takes", () => {
    const keys = Array.from({ length: 200 }, (_, index) => `k${(index * 7_919) % 200}`);
    const text = canonicalize(Object.fromEntries(keys.map((key) => [key, 1])));
    expect(Object.keys(JSON.parse(text))).toEqual([...keys].sort());
  });

  test("keeps a key called __proto__", () => {
    expect(canonicalize(parseJson('{"__proto__":{"b":1},"a":2}'))).toBe('{"__proto__":{"b":1},"a":2}');
  });
});

describe("refusals", () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["undefined", undefined, "CANON_NOT_JSON"],
    ["undefined in an object", { a: undefined }, "CANON_NOT_JSON"],
    ["a hole", [1, , 2], "CANON_NOT_JSON"], // oxlint-disable-line no-sparse-arrays
    ["a function", () => 1, "CANON_NOT_JSON"],
    ["a symbol", Symbol("x"), "CANON_NOT_JSON"],
    ["a bigint", 1n, "CANON_NOT_JSON"],
    ["a Date", new Date(0), "CANON_NOT_JSON"],
    ["a Map", new Map(), "CANON_NOT_JSON"],
    ["bytes", new Uint8Array(2), "CANON_NOT_JSON"],
    ["a boxed string", Object("x"), "CANON_NOT_JSON"],
    ["NaN", Number.NaN, "CANON_NUMBER"],
    ["an infinity", [Number.NEGATIVE_INFINITY], "CANON_NUMBER"],
    ["a lone high surrogate", "\ud800", "CANON_SURROGATE"],
    ["a lone low surrogate in long text", `${"x".repeat(99)}\udc00`, "CANON_SURROGATE"],
    ["a lone surrogate in a key", { "\ud800": 1 }, "CANON_SURROGATE"],
    ["a lone surrogate in a later key", { a: 1, "\ud800": 1 }, "CANON_SURROGATE"],
    ["a cycle", cyclic, "CANON_DEPTH"],
    ["one level too many", nested(CANONICAL_DEPTH_MAX + 1), "CANON_DEPTH"],
    ["a million levels", nested(1_000_000), "CANON_DEPTH"],
  ];
  test.each(cases)("%s", (_name, value, code) => {
    // @ts-expect-error the values are not JSON, which is the point.
    const run = (): string => canonicalize(value);
    expect(codeOf(run)).toBe(code);
  });

  test("writes the deepest value that is allowed", () => {
    expect(canonicalize(nested(CANONICAL_DEPTH_MAX))).toHaveLength(2 * CANONICAL_DEPTH_MAX);
  });
});

describe("laws", () => {
  test("reading what was written gives the value back", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalize(asJson(value));
        expect(parseJson(text, { maxDepth: 100 })).toEqual(JSON.parse(text));
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("writing twice changes nothing", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalize(asJson(value));
        expect(canonicalize(parseJson(text))).toBe(text);
      }),
    );
  });

  test("the order of keys does not matter", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalize(reversed(asJson(value)))).toBe(canonicalize(asJson(value)));
      }),
    );
  });

  test("agrees with a slow, obvious serialiser", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalize(asJson(value))).toBe(obvious(asJson(value)));
      }),
    );
  });
});

/** fast-check's objects have no prototype; the values are JSON all the same. */
function asJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value));
}

function nested(depth: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)]));
}

function obvious(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(obvious).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${obvious(item)}`).join(",")}}`;
}
