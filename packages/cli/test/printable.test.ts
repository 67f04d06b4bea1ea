import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { folded, printable, quoteArgument } from "../src/terminal/printable.ts";

describe("foreign text on a terminal", () => {
  test.each([
    ["plain text, umlauts äöü, 漢字, עברית", "plain text, umlauts äöü, 漢字, עברית"],
    ["a\tb", "a  b"],
    ["a\nb\r\0", String.raw`a\u000ab\u000d\u0000`],
    ["\u001b[2J\u009b31m", String.raw`\u001b[2J\u009b31m`],
    ["\u202egnp.exe\u061c", String.raw`\u202egnp.exe\u061c`],
    ["\u200b\u00ad\ufeff\u3164\u00a0", String.raw`\u200b\u00ad\ufeff\u3164\u00a0`],
    ["\u2028\u2029", String.raw`\u2028\u2029`],
    ["\u{e0041}", String.raw`\U000e0041`],
    ["\ud800", String.raw`\ud800`],
  ])("%j becomes %j", (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test("two different commands never look the same", () => {
    const argument = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("\\", "'", "$", "u", "0", "1", "b", "\u001b", "\t", " ") }),
    );
    const argv = fc.array(argument, { minLength: 1, maxLength: 4 });
    const shown = (list: readonly string[]): string => printable(list.map(quoteArgument).join(" "));
    fc.assert(
      fc.property(argv, argv, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(shown(one)).not.toBe(shown(other));
      }),
    );
    expect(shown([String.raw`\u001b`])).not.toBe(shown(["\u001b"]));
    expect(shown(["a\tb"])).not.toBe(shown(["a  b"]));
  });

  test("what fills a line up with spaces puts nothing into column one", () => {
    const forged = `exactly   echo${" ".repeat(26)}state     approved`;
    expect(folded(forged, 40).split("\n")).toEqual([forged.slice(0, 40), `        | ${forged.slice(40)}`]);
  });

  test("every piece fits, nothing is lost, and an unknown width changes nothing", () => {
    const line = fc.string({ unit: "grapheme", maxLength: 300 }).map(printable);
    fc.assert(
      fc.property(line, fc.integer({ min: 20, max: 100 }), (text, columns) => {
        const pieces = folded(text, columns).split("\n");
        for (const piece of pieces) expect(Array.from(piece).length).toBeLessThanOrEqual(columns);
        expect(pieces.map((piece, at) => (at === 0 ? piece : piece.slice(10))).join("")).toBe(text);
      }),
    );
    expect(folded("x".repeat(500), undefined)).toBe("x".repeat(500));
    expect(folded("x".repeat(500), 0)).toBe("x".repeat(500));
  });
});
