import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

/** The page's scripts are plain JavaScript, so their types are said here. */
const { duration, quoted, size, visible } = (await import(
  new URL("../assets/visible-text.js", import.meta.url).href
)) as {
  readonly visible: (text: string) => string;
  readonly quoted: (argument: string) => string;
  readonly duration: (ms: number) => string;
  readonly size: (bytes: number) => string;
};

describe("what the page shows of foreign text", () => {
  test.each([
    ["plain text, umlauts äöü, 漢字, עברית", "plain text, umlauts äöü, 漢字, עברית"],
    ["a\nb", "a\nb"],
    ["a\tb\r\0", "a\\u0009b\\u000d\\u0000"],
    ["\u202Egnp.exe", "\\u202egnp.exe"],
    ["\u2066\u2069\u200b\u200d\ufeff\u00ad", "\\u2066\\u2069\\u200b\\u200d\\ufeff\\u00ad"],
    ["\u2028\u2029\u0085\u00a0\u3164", "\\u2028\\u2029\\u0085\\u00a0\\u3164"],
    ["\u{e0041}", "\\udb40\\udc41"],
    ["\ud800", "\\ud800"],
    ["\u001b[2J", "\\u001b[2J"],
  ])("%j becomes %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test("nothing that hides survives, and what does not hide is not touched", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
    fc.assert(fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => visible(text) === text));
  });

  test("two different commands never look the same", () => {
    const argv = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 4 });
    const shown = (list: readonly string[]): string => visible(list.map(quoted).join(" "));
    fc.assert(
      fc.property(argv, argv, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        expect(shown(one)).not.toBe(shown(other));
      }),
    );
    expect(shown(["a b"])).not.toBe(shown(["a", "b"]));
    expect(shown(["\\u202e"])).not.toBe(shown(["\u202e"]));
  });

  test("durations and sizes are exact in their largest whole unit", () => {
    expect([900_000, 3_600_000, 1500, 1000, 90_000].map(duration)).toEqual(["15 min", "1 h", "1500 ms", "1 s", "90 s"]);
    expect([67_108_864, 1024, 1023, 0].map(size)).toEqual(["64 MiB", "1 KiB", "1023 bytes", "0 bytes"]);
  });
});
