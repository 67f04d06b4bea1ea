import { createHash } from "node:crypto";

import { sha256, sha256Hex, sha256Into, toHex } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

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
