import { JsonFraction, parseJson, parseJsonExact } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { codeOf, positionOf } from "./refusal.ts";

describe("refusals say where", () => {
  const cases: readonly (readonly [string, string | Uint8Array, string, number])[] = [
    ["nothing", "", "JSON_SYNTAX", 0],
    ["a byte order mark in bytes", Uint8Array.of(0xef, 0xbb, 0xbf, 0x31), "JSON_SYNTAX", 0],
    ["a byte order mark in text", "\ufeff1", "JSON_SYNTAX", 0],
    ["a second value", "1 2", "JSON_SYNTAX", 2],
    ["a leading zero", "01", "JSON_SYNTAX", 1],
    ["a plus sign", "+1", "JSON_SYNTAX", 0],
    ["a point without digits", "1.", "JSON_SYNTAX", 2],
    ["an exponent without digits", "1e+", "JSON_SYNTAX", 3],
    ["a lonely minus", "-", "JSON_SYNTAX", 1],
    ["NaN", "NaN", "JSON_SYNTAX", 0],
    ["half a word", "tru", "JSON_SYNTAX", 0],
    ["a trailing comma", "[1,]", "JSON_SYNTAX", 3],
    ["a comma first", "[,1]", "JSON_SYNTAX", 1],
    ["a key without quotes", "{a:1}", "JSON_SYNTAX", 1],
    ["a trailing comma in an object", '{"a":1,}', "JSON_SYNTAX", 7],
    ["no colon", '{"a" 1}', "JSON_SYNTAX", 5],
    ["no closing bracket", "[[]", "JSON_SYNTAX", 3],
    ["a string without end", '"abc', "JSON_SYNTAX", 4],
    ["a string that ends in a backslash", '"\\', "JSON_SYNTAX", 1],
    ["a raw control character", '"a\nb"', "JSON_SYNTAX", 2],
    ["a raw control character after an escape", '"\\n\u0001"', "JSON_SYNTAX", 3],
    ["an unknown escape", '"\\x"', "JSON_SYNTAX", 1],
    ["an escape named as a property of every object", '"\\constructor"', "JSON_SYNTAX", 1],
    ["short hexadecimal", '"\\u12"', "JSON_SYNTAX", 1],
    ["hexadecimal with a sign", '"\\u+123"', "JSON_SYNTAX", 1],
    ["a no-break space", "\u00a01", "JSON_SYNTAX", 0],
    ["a key twice", '{"a":1,"b":2,"a":3}', "JSON_DUPLICATE_KEY", 13],
    ["a key twice, once escaped", '{"a":1,"\\u0061":3}', "JSON_DUPLICATE_KEY", 7],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}', "JSON_DUPLICATE_KEY", 15],
    ["a lone high surrogate, escaped", '["\\ud800"]', "JSON_SURROGATE", 2],
    ["a lone low surrogate, escaped", '"\\udc00"', "JSON_SURROGATE", 1],
    ["two high surrogates, escaped", '"\\ud800\\ud800"', "JSON_SURROGATE", 1],
    ["a lone surrogate, raw", '"ab\ud800"', "JSON_SURROGATE", 3],
    ["a pair half escaped, half raw", '"\\ud83d\ude00"', "JSON_SURROGATE", 7],
    ["a number beyond a double", "[1e400]", "JSON_NUMBER", 1],
    ["a broken sequence", Uint8Array.of(0x22, 0xc3, 0xa9, 0xff, 0x22), "JSON_UTF8", 3],
    ["an overlong sequence", Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), "JSON_UTF8", 1],
    ["a surrogate in UTF-8", Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), "JSON_UTF8", 1],
    ["a cut sequence", Uint8Array.of(0x22, 0xf0, 0x9f, 0x98), "JSON_UTF8", 1],
    ["a position counted in bytes", new TextEncoder().encode('["é😀€",x]'), "JSON_SYNTAX", 13],
  ];
  test.each(cases)("%s", (_name, input, code, position) => {
    expect(codeOf(() => parseJson(input))).toBe(code);
    expect(codeOf(() => parseJsonExact(input))).toBe(code);
    expect(positionOf(() => parseJson(input))).toBe(position);
  });
});

describe("bounds", () => {
  test.each([65, 10_000, 1_000_000])("refuses %i levels of arrays", (depth) => {
    const text = "[".repeat(depth);
    expect(codeOf(() => parseJson(text))).toBe("JSON_DEPTH");
    expect(positionOf(() => parseJson(text))).toBe(64);
    expect(codeOf(() => parseJson(text, { maxBytes: 2e6, maxDepth: 1e9 }))).toMatch(/JSON_(DEPTH|SYNTAX)/);
  });

  test("refuses a million levels of objects", () => {
    const text = '{"a":'.repeat(1_000_000);
    expect(codeOf(() => parseJson(text, { maxBytes: 1e7, maxDepth: 1e9 }))).toBe("JSON_DEPTH");
  });

  test("accepts exactly the depth that is allowed", () => {
    expect(codeOf(() => parseJson(nested(64)))).toBe("accepted");
    expect(codeOf(() => parseJson(nested(65)))).toBe("JSON_DEPTH");
    expect(codeOf(() => parseJson(nested(16), { maxDepth: 16 }))).toBe("accepted");
    expect(codeOf(() => parseJson("1", { maxDepth: 0 }))).toBe("accepted");
    expect(codeOf(() => parseJson("[]", { maxDepth: 0 }))).toBe("JSON_DEPTH");
  });

  test("counts size in UTF-8 bytes for text as for bytes", () => {
    const text = '"€€"';
    expect(codeOf(() => parseJson(text, { maxBytes: 8 }))).toBe("accepted");
    expect(codeOf(() => parseJson(text, { maxBytes: 7 }))).toBe("JSON_SIZE");
    expect(codeOf(() => parseJson(new TextEncoder().encode(text), { maxBytes: 7 }))).toBe("JSON_SIZE");
    expect(positionOf(() => parseJson(text, { maxBytes: 7 }))).toBe(7);
  });

  test("takes 1 MiB unless told otherwise", () => {
    expect(codeOf(() => parseJson(`"${"x".repeat(1_048_574)}"`))).toBe("accepted");
    expect(codeOf(() => parseJson(`"${"x".repeat(1_048_575)}"`))).toBe("JSON_SIZE");
  });
});

describe("values", () => {
  test("a key called __proto__ is a property and not the prototype", () => {
    const value = parseJson('{"__proto__":{"admin":true}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(Object(value))).toEqual(["__proto__"]);
    expect(Reflect.get(Object(value), "admin")).toBeUndefined();
  });

  test("exact reading keeps each digit", () => {
    const text = "[0,-0,9007199254740991,9007199254740992,-9223372036854775808,1.50,2e3,1E-2]";
    const value = parseJsonExact(text);
    expect(value).toEqual([
      0,
      0,
      9_007_199_254_740_991,
      9_007_199_254_740_992n,
      -9_223_372_036_854_775_808n,
      new JsonFraction("1.50"),
      new JsonFraction("2e3"),
      new JsonFraction("1E-2"),
    ]);
    expect(new JsonFraction("1.50").value).toBe(1.5);
  });
});

describe("laws", () => {
  test("agrees with the built-in parser on JSON in any spacing", () => {
    const spacing = fc.constantFrom("", " ", "\t", "\n  ");
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), spacing, (text, space) => {
        fc.pre(text.isWellFormed());
        const value: unknown = JSON.parse(text);
        const spaced = JSON.stringify(value, null, space);
        fc.pre(!/\\ud[89a-f]/i.test(spaced));
        expect(parseJson(spaced, { maxDepth: 1_000 })).toEqual(value);
        expect(parseJson(new TextEncoder().encode(spaced), { maxDepth: 1_000 })).toEqual(value);
      }),
    );
  });

  test("arbitrary bytes end in a value or a typed error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(codeOf(() => parseJson(bytes))).not.toMatch(/^untyped/);
      }),
      { numRuns: 2_000 },
    );
  });

  test("text made of JSON's own pieces is accepted only if the built-in parser accepts it", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      '"a"',
      "\\u",
      "d800",
      "1",
      "-",
      ".",
      "e",
      "true",
      " ",
      "0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const code = codeOf(() => parseJson(text));
        expect(code).not.toMatch(/^untyped/);
        const builtIn = codeOf(() => JSON.parse(text)) === "accepted";
        if (code === "accepted" || code === "JSON_SYNTAX") expect(code === "accepted").toBe(builtIn);
      }),
      { numRuns: 5_000 },
    );
  });
});

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
