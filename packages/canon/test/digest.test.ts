import { createHash } from "node:crypto";

import { sha256, sha256Hex, sha256Into, toHex } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import * as portable from "../src/sha256-portable.ts";
import { codeOf } from "./refusal.ts";

describe("SHA-256", () => {
  test("has the published digests of nothing and of `abc`", () => {
    expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(toHex(sha256("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("is one digest in three forms", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(64), (data, offset) => {
        const expected = createHash("sha256").update(data).digest("hex");
        const out = new Uint8Array(96);
        sha256Into(data, out, offset);
        expect(toHex(sha256(data))).toBe(expected);
        expect(sha256Hex(data)).toBe(expected);
        expect(toHex(out)).toBe("00".repeat(offset) + expected + "00".repeat(64 - offset));
      }),
    );
  });

  test("takes text as UTF-8", () => {
    expect(sha256Hex("é😀")).toBe(sha256Hex(new TextEncoder().encode("é😀")));
  });

  test.each([-1, 1, 0.5, Number.NaN])("refuses the offset %d in a buffer of 32 bytes", (offset) => {
    expect(codeOf(() => sha256Into(new Uint8Array(1), new Uint8Array(32), offset))).toBe("DIGEST_BOUNDS");
  });
});

describe("the portable SHA-256", () => {
  test("is that of the platform for every length around a block's end", () => {
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000, 70_000]) {
      const data = new Uint8Array(length).map((_, index) => index * 31);
      expect(portable.digestHex(data), `${String(length)} bytes`).toBe(sha256Hex(data));
    }
  });

  test("is that of the platform for any bytes and any text, at any place of a buffer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ unit: "binary" }), fc.nat(8), (data, text, offset) => {
        const out = new Uint8Array(64);
        portable.digestInto(data.subarray(1), out, offset);
        expect(toHex(out)).toBe("00".repeat(offset) + sha256Hex(data.subarray(1)) + "00".repeat(32 - offset));
        expect(portable.digestHex(text)).toBe(sha256Hex(text));
      }),
      { numRuns: 50 },
    );
  });
});
