import { hasEscapedName, parseJson } from "@writ/canon";
import { assert, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";

describe("a name that is written with an escape", () => {
  test.each([
    ['{"\\n":1}', true],
    ['{"a":1,"b\\u0041" :1}', true],
    ['[{"x":{"\\"":null}}]', true],
    ['{"a":"\\n"}', false],
    ['["\\\\",":"]', false],
    ['{"a":"\\":","b":1}', false],
    ['{"a":1}', false],
    ["", false],
  ])("in %s: %s", (text, expected) => {
    expect(hasEscapedName(text)).toBe(expected);
  });

  test("is not confused with another by our own reader, whatever was read before", () => {
    JSON.parse('{"q":1,"\\\\":1}');
    parseJson('{"q":1,"\\\\":1}');
    expect(Object.keys(parseJson('{"q":1,"\\n":1}') as object)).toEqual(["q", "\n"]);
  });

  test("is found wherever it stands, and only there", () => {
    assert(
      property(jsonValue(), (value) => {
        const names: string[] = [];
        JSON.stringify(value, (name, item: unknown) => {
          names.push(name);
          return item;
        });
        // Names of positions in lists need no escape either.
        const expected = names.some((name) => JSON.stringify(name).includes("\\"));
        expect(hasEscapedName(JSON.stringify(value))).toBe(expected);
        expect(hasEscapedName(JSON.stringify(value, null, 2))).toBe(expected);
      }),
    );
  });
});
