import { expect, test } from "vitest";

import { readExactJson, writeExactJson } from "../src/official/exact-json.ts";

test("integers of 64 bits and names with escapes come back as they were written", () => {
  const names = ["\\", "\n", "\u0001", "b\\", "b\n"];
  const values = names.map((name) => ({ q: -9_223_372_036_854_775_808n, [name]: 1 }));
  for (const value of values) expect(readExactJson(writeExactJson(value))).toEqual(value);
});

test("a text as deep as a chain of conditions is long is read", () => {
  const text = `${"[".repeat(5_000)}9223372036854775807${"]".repeat(5_000)}`;
  let value = readExactJson(text);
  while (Array.isArray(value)) value = value[0] as unknown;
  expect(value).toBe(9_223_372_036_854_775_807n);
});
