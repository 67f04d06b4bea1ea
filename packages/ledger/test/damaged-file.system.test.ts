import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openLedgerFile } from "../src/open-ledger-file.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner } from "./memory-signer.ts";

const PAGE = 8192;
let folder: ReturnType<typeof freshFolder>;
let path = "";
let good: Buffer = Buffer.alloc(0);

const open = () => openLedgerFile({ path, signer: memorySigner(ORIGIN), ...systemPorts(), origin: ORIGIN });

beforeAll(async () => {
  folder = freshFolder();
  path = join(folder.path, "log.db");
  const log = await open();
  for (let group = 0; group < 40; group++) await log.append(Array.from({ length: 10 }, () => newEntry()));
  await log.close();
  good = readFileSync(path);
});
afterAll(() => folder[Symbol.dispose]());

/** The code with which a log in these bytes is refused, when opened or when read. */
async function refusal(bytes: Uint8Array): Promise<string> {
  writeFileSync(path, bytes);
  try {
    const log = await open();
    try {
      for await (const entry of log.read(0, (await log.head()).size)) void entry;
      return "none";
    } finally {
      await log.close();
    }
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

function without(start: number, end: number): Buffer {
  return Buffer.from(good).fill(0, start, end);
}

describe("the damaged file of a log is refused as LEDGER_CORRUPT:", () => {
  test.each([0, 1, 50, 100, 511, PAGE - 1, PAGE, PAGE + 1])("cut to %i bytes", async (bytes) => {
    expect(await refusal(good.subarray(0, bytes))).toBe("LEDGER_CORRUPT");
  });

  test.each([
    ["the header's magic", 0, 16],
    ["the whole header", 0, 100],
    ["the application id", 68, 72],
    ["the first page", 0, PAGE],
  ])("with %s zeroed", async (_, start, end) => {
    expect(await refusal(without(start, end))).toBe("LEDGER_CORRUPT");
  });

  test("with any one page zeroed or inverted that is read", async () => {
    const found = new Set<string>();
    for (let start = 0; start < good.length; start += PAGE) {
      found.add(await refusal(without(start, start + PAGE)));
      const inverted = Buffer.from(good);
      for (let at = start; at < start + PAGE; at++) inverted[at] = (inverted[at] ?? 0) ^ 0xff;
      found.add(await refusal(inverted));
    }
    // A page of an index that no reading needs.
    found.delete("none");
    expect([...found]).toEqual(["LEDGER_CORRUPT"]);
  });
});
