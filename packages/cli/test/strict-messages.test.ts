import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { strictMessages } from "../src/strict-messages.ts";

const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

async function passed(chunks: readonly (string | Buffer)[]): Promise<{ kept: string; refused: unknown[] }> {
  const refused: unknown[] = [];
  const messages = strictMessages((answer) => refused.push(JSON.parse(answer)));
  const kept: Buffer[] = [];
  for await (const part of Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(messages))
    kept.push(part as Buffer);
  return { kept: Buffer.concat(kept).toString(), refused };
}

test("what is strict JSON passes unchanged, however it is cut, with or without the last line feed", async () => {
  const whole = { kept: `${ping}\n${ping}\n`, refused: [] };
  expect(await passed([`${ping}\n${ping}\n`])).toEqual(whole);
  expect(await passed([`\n${ping}\r\n`.slice(0, 9), `\n${ping}\r\n`.slice(9)])).toEqual({
    kept: `${ping}\r\n`,
    refused: [],
  });
  expect(await passed(Array.from(`${ping}\n${ping}`))).toEqual(whole);
  expect(await passed([])).toEqual({ kept: "", refused: [] });
});

test.each<[string, string | Buffer]>([
  ["a key twice", '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}'],
  ["no JSON", "garbage"],
  ["no UTF-8", Buffer.from([0x22, 0xff, 0x22])],
  ["10,000 levels", "[".repeat(10_000)],
  ["10 MiB", Buffer.alloc(10 * 1024 * 1024, "x")],
])("%s is answered as a parse error, and the next message is read", async (_, line) => {
  const { kept, refused } = await passed([line, `\n${ping}\n`]);
  expect(kept).toBe(`${ping}\n`);
  expect(refused).toEqual([
    { jsonrpc: "2.0", id: null, error: { code: -32700, message: expect.any(String) as string } },
  ]);
});
