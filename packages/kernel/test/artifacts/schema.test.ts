import { describe, expect, test } from "vitest";
import { parseJsonExact } from "@writ/canon";
import { schemaFinding, type Schema } from "../../src/artifacts/schema.ts";

describe("the schema subset", () => {
  test.each<[string, Schema, string]>([
    ["a constant", { const: "a" }, `"b"`],
    ["one of a few", { enum: ["a", 1] }, `"b"`],
    ["true, which is not 1", { enum: [1] }, `true`],
    ["0, which is not false", { const: false }, `0`],
    ["a type", { type: "object" }, `[]`],
    ["an integer", { type: "integer" }, `1.5`],
    ["an integer, not a boolean", { type: "integer" }, `true`],
    ["one of two types", { type: ["null", "string"] }, `1`],
    ["a length", { minLength: 2 }, `"\u{1f512}"`],
    ["a length", { maxLength: 1 }, `"ab"`],
    ["a pattern", { pattern: "b+" }, `"aca"`],
    ["a minimum", { minimum: 1 }, `0.5`],
    ["a maximum", { maximum: 1 }, `100000000000000000000`],
    ["a required member", { required: ["a"] }, `{"b":1}`],
    ["a required member of its own", { required: ["constructor"] }, `{}`],
    ["a member's schema", { properties: { a: { type: "string" } } }, `{"a":1}`],
    ["no other member", { additionalProperties: false }, `{"a":1}`],
    ["no other member, whatever its name", { additionalProperties: false }, `{"__proto__":1}`],
    ["its items' schema", { items: { type: "string" } }, `["a",1]`],
    ["enough items", { minItems: 1 }, `[]`],
    ["few items", { maxItems: 1 }, `[1,2]`],
    ["what it refers to", { $ref: "#/$defs/a~1b", $defs: { "a/b": { type: "string" } } }, `1`],
    ["a reference that is there", { $ref: "#/$defs/x" }, `1`],
    ["a reference inside itself", { $ref: "https://example.org/schema" }, `1`],
    ["an end of references", { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/a" } } }, `1`],
  ])("asks for %s", (_, schema, value) => {
    expect(schemaFinding(parseJsonExact(value), schema)).toMatch(/^\$/);
  });

  test.each<[string, Schema, string]>([
    ["1 for 1.0", { const: 1 }, `1.0`],
    ["an integer for a number", { type: "number" }, `1`],
    ["a big integer", { type: "integer", minimum: 0 }, `100000000000000000000`],
    ["a text that holds the pattern anywhere", { pattern: "b+" }, `"abbc"`],
    ["an unknown member", { properties: { a: { type: "string" } } }, `{"b":1}`],
    ["keywords of other types", { minLength: 9, minimum: 9, required: ["a"], minItems: 9 }, `true`],
  ])("takes %s", (_, schema, value) => {
    expect(schemaFinding(parseJsonExact(value), schema)).toBeUndefined();
  });
});
