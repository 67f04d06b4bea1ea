import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWritError, JSON_DEPTH_CEILING, JsonFraction, parseJsonExact, type ExactJson } from "@writ/canon";
import * as kernel from "@writ/kernel";
import * as conformance from "@writ/kernel/conformance";
import * as governance from "@writ/kernel/governance";
import * as security from "@writ/kernel/security";

/** Readers of text or bytes; every other one reads a JSON value. */
const OF_TEXT = new Set(["parseAddress", "parseBoundaryJson", "parseScopeDomains"]);
const OF_BYTES = new Set(["parseConformanceCases"]);

type Read = (value: unknown) => unknown;

/** Found in the export lists, so that a reader nobody thought of here is read all the same. */
const readers = Object.entries({ ...kernel, ...governance, ...conformance, ...security }).filter(
  (entry): entry is [string, Read] =>
    typeof entry[1] === "function" && /^(parse|compile(?!Action)|compose|validate)[A-Z]/.test(entry[0]),
);

/** Everything that JSON can say, and what its exact reader makes of numbers. */
const hostile: fc.Arbitrary<ExactJson> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<ExactJson>,
  fc.constantFrom<ExactJson>(
    new JsonFraction("1.5"),
    10n ** 400n,
    "\ud800",
    "\0",
    "x".repeat(100_000),
    Array.from({ length: 3_000 }, () => "x"),
    parseJsonExact(`{"__proto__":{"id":"x"},"constructor":1,"toString":null}`),
    nested((inner) => [inner]),
    nested((inner) => ({ metadata: inner })),
  ),
);

/** As deep as the strict reader lets anything in. */
function nested(wrap: (inner: ExactJson) => ExactJson): ExactJson {
  let value: ExactJson = "x";
  for (let depth = 0; depth < JSON_DEPTH_CEILING; depth++) value = wrap(value);
  return value;
}

/** The names of the fields that a reader asks for, learned from a record that owns every field. */
function askedNames(read: Read): readonly string[] {
  const asked = new Set<string>();
  for (const answer of ["x", true, 1, {}, []]) {
    const every = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: (_, name) => {
          if (typeof name === "string") asked.add(name);
          return { configurable: true, enumerable: true, writable: true, value: answer };
        },
        get: (_, name) => (typeof name === "string" ? answer : undefined),
      },
    );
    answerOf(read, every);
  }
  return [...asked, "id", "schema_version", "metadata"];
}

/** True when the reader answered; false for a typed refusal. Any other error is let through. */
function answerOf(read: Read, value: unknown): boolean {
  try {
    read(value);
    return true;
  } catch (error) {
    if (isWritError(error) && error.code !== "" && error.next !== "") return false;
    throw error;
  }
}

test("a reader is asked in its own words", () => {
  expect(askedNames(kernel.parseSignedRecord as Read)).toEqual(
    expect.arrayContaining(["record_type", "record_digest"]),
  );
  expect(() => answerOf(() => (null as unknown as { a: number }).a, {})).toThrow(TypeError);
});

test("the export lists hold many readers", () => {
  expect(readers.length).toBeGreaterThanOrEqual(50);
});

describe.each(readers)("%s", (name, read) => {
  if (OF_TEXT.has(name) || OF_BYTES.has(name)) {
    test("reads any text, or refuses it with a typed error", () => {
      const texts = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.json(),
        fc.constantFrom("[".repeat(5_000), "a.".repeat(50_000)),
      );
      const given = OF_BYTES.has(name) ? texts.map((text) => new TextEncoder().encode(text)) : texts;
      fc.assert(
        fc.property(given, (value) => void answerOf(read, value)),
        { numRuns: 60 },
      );
    });
    return;
  }

  test("reads any value, or refuses it with a typed error", () => {
    fc.assert(
      fc.property(hostile, (value) => void answerOf(read, value)),
      { numRuns: 40 },
    );
  });

  test("reads its own fields with any value in them, or refuses them with a typed error", () => {
    const names = askedNames(read);
    const texts = fc.constantFrom("x", "v0.1", "v1", "allowed", "sha256:", "2026-01-01T00:00:00Z", "", " ");
    const filled = fc.dictionary(fc.constantFrom(...names), fc.oneof(texts, fc.boolean(), fc.integer(), hostile), {
      maxKeys: names.length,
    });
    fc.assert(
      fc.property(filled, (value) => void answerOf(read, value)),
      { numRuns: 60 },
    );
  });
});
