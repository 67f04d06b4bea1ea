import { fromBase64, fromBase64Url, fromHex, toBase64, toBase64Url, toHex } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { codeOf } from "./refusal.ts";

const bytes = fc.uint8Array({ maxLength: 200 });

describe("round trips agree with the platform", () => {
  test("hexadecimal, base64 and base64url", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const buffer = Buffer.from(value);
        expect(toHex(value)).toBe(buffer.toString("hex"));
        expect(toBase64(value)).toBe(buffer.toString("base64"));
        expect(toBase64Url(value)).toBe(buffer.toString("base64url"));
        expect([...fromHex(toHex(value))]).toEqual([...value]);
        expect([...fromBase64(toBase64(value))]).toEqual([...value]);
        expect([...fromBase64Url(toBase64Url(value))]).toEqual([...value]);
      }),
    );
  });

  test("each byte string has one text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("A", "B", "/", "+", "=", "9", "z"), maxLength: 8 }), (text) => {
        if (codeOf(() => fromBase64(text)) === "accepted") expect(toBase64(fromBase64(text))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("refusals", () => {
  test.each(["a", "0g", "AB", "0x", " 0", "é0"])("`%s` is not hexadecimal", (text) => {
    expect(codeOf(() => fromHex(text))).toBe("HEX_INVALID");
  });

  test.each([
    "A",
    "AA",
    "AAA",
    "AA=",
    "AB==",
    "AAB=",
    "A===",
    "====",
    "AA==AAAA",
    "A A=",
    "AA-_",
    "AAAA\n",
    "AA\u0141A",
  ])("`%s` is not base64", (text) => {
    expect(codeOf(() => fromBase64(text))).toBe("BASE64_INVALID");
  });

  test.each(["A", "AB", "AAB", "AA==", "AA+/", "AA A"])("`%s` is not base64url", (text) => {
    expect(codeOf(() => fromBase64Url(text))).toBe("BASE64_INVALID");
  });
});
