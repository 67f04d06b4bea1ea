import { compareCodeUnits, formatUuid, isUuidv7, parseUuid, uuidv7 } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { codeOf } from "./refusal.ts";

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const random = fc.uint8Array({ minLength: 10, maxLength: 12 });

describe("UUIDv7", () => {
  test("has the layout of RFC 9562, appendix A.6", () => {
    const bits = Uint8Array.of(0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f);
    expect(formatUuid(uuidv7(0x017f22e279b0, bits))).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
  });

  test("orders by time, as bytes and as text", () => {
    fc.assert(
      fc.property(time, time, random, random, (a, b, x, y) => {
        fc.pre(a !== b);
        const [first, second] = [formatUuid(uuidv7(a, x)), formatUuid(uuidv7(b, y))];
        expect(compareCodeUnits(first, second)).toBe(a < b ? -1 : 1);
      }),
    );
  });

  test("goes to text and back", () => {
    fc.assert(
      fc.property(time, random, (ms, bits) => {
        const id = uuidv7(ms, bits);
        const text = formatUuid(id);
        expect(isUuidv7(text)).toBe(true);
        expect([...parseUuid(text)]).toEqual([...id]);
      }),
    );
  });

  test.each([-1, 2 ** 48, 1.5, Number.NaN])("refuses the time %d", (ms) => {
    expect(codeOf(() => uuidv7(ms, new Uint8Array(10)))).toBe("UUID_INVALID");
  });

  test("refuses too few random bytes, and another number of bytes", () => {
    expect(codeOf(() => uuidv7(0, new Uint8Array(9)))).toBe("UUID_INVALID");
    expect(codeOf(() => formatUuid(new Uint8Array(15)))).toBe("UUID_INVALID");
  });

  test.each([
    "017F22E2-79b0-7cc3-98c4-dc0c0c07398f",
    "017f22e279b07cc398c4dc0c0c07398f",
    "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
    "",
  ])("refuses the text %j", (text) => {
    expect(codeOf(() => parseUuid(text))).toBe("UUID_INVALID");
    expect(isUuidv7(text)).toBe(false);
  });

  test("tells version 7 from the others", () => {
    expect(isUuidv7("017f22e2-79b0-4cc3-98c4-dc0c0c07398f")).toBe(false);
    expect(isUuidv7("017f22e2-79b0-7cc3-c8c4-dc0c0c07398f")).toBe(false);
  });
});
