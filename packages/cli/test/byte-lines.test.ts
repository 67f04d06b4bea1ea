import { array, assert, asyncProperty, constantFrom, integer } from "fast-check";
import { expect, test } from "vitest";
import { byteLines } from "../src/byte-lines.ts";

async function linesOf(chunks: readonly Uint8Array[], bytesMax: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of byteLines(streamed(chunks), bytesMax)) lines.push(Buffer.from(line).toString("latin1"));
  return lines;
}

async function* streamed(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

test("however the bytes are cut into chunks, the lines are the same and no byte is replaced", async () => {
  const byte = integer({ min: 0, max: 255 }).filter((one) => one !== 0x0a && one !== 0x0d);
  const line = array(byte, { maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
  await assert(
    asyncProperty(array(line), constantFrom("\n", "\r\n"), integer({ min: 1, max: 9 }), async (lines, end, step) => {
      const bytes = Buffer.from(lines.map((one) => one + end).join(""), "latin1");
      const chunks = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
        bytes.subarray(at * step, (at + 1) * step),
      );
      expect(await linesOf(chunks, 100)).toEqual(lines);
    }),
  );
});

test("of a line over the bound one byte more than the bound is kept, and the next line is whole", async () => {
  const chunks = ["aaaa", "aaaa", "aa\nbb", "\nc"].map((text) => Buffer.from(text));
  expect(await linesOf(chunks, 3)).toEqual(["aaaa", "bb", "c"]);
});
