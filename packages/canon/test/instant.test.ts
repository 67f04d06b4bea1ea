import { formatInstant, parseInstant, parseRfc3339 } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { codeOf } from "./refusal.ts";

const instant = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });

describe("instants of records", () => {
  test("go to text and back", () => {
    fc.assert(
      fc.property(instant, (ms) => {
        const text = formatInstant(ms);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(parseInstant(text)).toBe(ms);
        expect(parseRfc3339(text)).toBe(ms);
      }),
    );
  });

  test.each([
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00.1234Z",
    "2026-11-21T10:00:00.123+00:00",
    "2026-11-21t10:00:00.123Z",
    "2026-02-30T10:00:00.123Z",
    "2025-02-29T10:00:00.123Z",
    "2026-13-01T10:00:00.123Z",
    "2026-11-21T24:00:00.000Z",
    "2026-11-21T10:60:00.123Z",
    "2016-12-31T23:59:60.000Z",
    "+002026-11-21T10:00:00.123Z",
    "2026-11-21T10:00:00.123Z\n",
    "",
  ])("refuse %j", (text) => {
    expect(codeOf(() => parseInstant(text))).toBe("INSTANT_INVALID");
  });

  test.each([253_402_300_800_000, -62_167_219_200_001, 1.5, Number.NaN])("refuse %d milliseconds", (ms) => {
    expect(codeOf(() => formatInstant(ms))).toBe("INSTANT_INVALID");
  });
});

describe("RFC 3339 from elsewhere", () => {
  test.each([
    ["1985-04-12T23:20:50.52Z", 482_196_050_520],
    ["1996-12-19T16:39:57-08:00", 851_042_397_000],
    ["1937-01-01T12:00:27.87+00:20", -1_041_337_172_130],
    ["2026-11-21t10:00:00z", 1_795_255_200_000],
    ["2026-11-21T10:00:00.123999999Z", 1_795_255_200_123],
    ["0000-01-01T00:00:00Z", -62_167_219_200_000],
  ])("%s is read", (text, ms) => {
    expect(parseRfc3339(text)).toBe(ms);
  });

  test.each([
    "1990-12-31T23:59:60Z",
    "2026-11-21 10:00:00Z",
    "2026-11-21T10:00:00",
    "2026-11-21T10:00:00+24:00",
    "2026-11-21T10:00:00+01:60",
    "2026-11-21T10:00:00.Z",
    "2026-11-31T10:00:00Z",
    "9999-12-31T23:59:59-01:00",
  ])("%s is refused", (text) => {
    expect(codeOf(() => parseRfc3339(text))).toBe("INSTANT_INVALID");
  });
});
