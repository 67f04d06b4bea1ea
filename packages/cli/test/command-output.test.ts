import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commandOutput } from "../src/terminal/command-output.ts";

function seen(chunks: readonly (string | Uint8Array)[], isTTY = true): Buffer {
  const written: Buffer[] = [];
  const output = commandOutput({ isTTY, write: (bytes) => written.push(Buffer.from(bytes as string)) });
  for (const chunk of chunks) output.write(Buffer.from(chunk as string));
  output.end();
  return Buffer.concat(written);
}

describe("a command's output on a terminal", () => {
  test.each([
    ["plain text, umlauts äöü, 漢字\r\n\tx", "plain text, umlauts äöü, 漢字\r\n\tx"],
    ["\u001b[31mred\u001b[0m", "\u001b[31mred\u001b[0m\u001b[0m"],
    ["\u001b[8mhidden from here", "\u001b[8mhidden from here\u001b[0m"],
    ["\u001b[2J\u001b[H", String.raw`\x1b[2J\x1b[H`],
    ["\u001b]52;c;ZXZpbA==\u0007", String.raw`\x1b]52;c;ZXZpbA==\x07`],
    ["\u009b31m\u0090", String.raw`\x9b31m\x90`],
    ["\b\0\u007f", String.raw`\x08\x00\x7f`],
    ["\u001b", String.raw`\x1b`],
  ])("%j is shown as %j", (text, expected) => {
    expect(seen([text]).toString()).toBe(expected);
  });

  test("is the same in whatever pieces it comes, and obeys nothing but colours", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.constantFrom("\u001b", "[", "3", "m", "\u009b", "]").map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const whole = seen([Buffer.concat(pieces)]);
        expect(seen(pieces)).toEqual(whole);
        const rest = whole.toString("latin1").replaceAll(/\u001b\[[0-9;:]*m/g, "");
        expect(rest).not.toMatch(/[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]|\u00c2[\u0080-\u009f]/);
      }),
    );
  });

  test("is handed on byte for byte to a pipe", () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(seen([bytes], false)).toEqual(bytes);
  });
});
