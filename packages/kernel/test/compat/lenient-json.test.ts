import { expect, test } from "vitest";
import { JsonFraction } from "@writ/canon";
import { readLenientJson } from "../../src/compat/lenient-json.ts";

test.each<[string, unknown]>([
  [
    ' {"a" : [1, -0, 1.50, 1e3, 12345678901234567890], "b":{} }\n',
    { a: [1, 0, "1.50", "1e3", 12345678901234567890n], b: {} },
  ],
  ['"\\ud800\\n\\u00e9"', "\ud800\né"],
  ['{"__proto__":1}', Object.fromEntries([["__proto__", 1]])],
  ["[[],[null,true,false]]", [[], [null, true, false]]],
])("%s is read with every digit", (source, value) => {
  const plain = (item: unknown): unknown => (item instanceof JsonFraction ? item.text : item);
  const shown = (item: unknown): unknown =>
    Array.isArray(item)
      ? item.map(shown)
      : typeof item === "object" && item !== null && !(item instanceof JsonFraction)
        ? Object.fromEntries(Object.entries(item).map(([key, one]) => [key, shown(one)]))
        : plain(item);
  const read = readLenientJson(source);
  expect(read.ok && shown(read.value)).toEqual(value);
});

test("a key is never taken for one that was read before it", () => {
  const keys = ["\\", "\n", '"', "\\n", "\nX", "\u0000", "\u0000a"];
  for (const key of keys) {
    const source = JSON.stringify([{ q: 1, [key]: 1 }]);
    expect(readLenientJson(source)).toEqual({ ok: true, value: [{ q: 1, [key]: 1 }] });
  }
});

test.each([
  [
    "invalid_json",
    "",
    "[1,]",
    '{"a":1,}',
    "{a:1}",
    "[1 2]",
    "1 2",
    "01",
    "+1",
    "1.",
    '"\t"',
    '"\\x"',
    "tru",
    "]",
    "\ufeff1",
    "[",
    '{"a"}',
  ],
  ["non_finite_number", "NaN", "[-Infinity", '{"a":Infinity,"a":1'],
  ["duplicate_key", '{"a":1,"a":2}', '{"a":1,"a":2} x', '[{"a":1,"\\u0061":2},NaN]'],
])("the first fault is %s", (fault, ...sources) => {
  for (const source of sources) expect(readLenientJson(source), source).toEqual({ ok: false, fault });
});

test("a key given twice is a fault where its map ends, and not before", () => {
  expect(readLenientJson('{"a":1,"a":')).toEqual({ ok: false, fault: "invalid_json" });
  expect(readLenientJson('{"a":1,"a":NaN}')).toEqual({ ok: false, fault: "non_finite_number" });
  expect(readLenientJson('{"a":1,"a":2}', true)).toEqual({ ok: true, value: { a: 2 } });
});

test("nesting of any depth is read without recursion", () => {
  expect(readLenientJson("[".repeat(100_000) + "]".repeat(100_000)).ok).toBe(true);
});
