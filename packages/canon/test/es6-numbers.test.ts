import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { canonicalize, sha256 } from "@writ/canon";
import { describeWithVectors } from "@writ/testkit";
import { expect, test } from "vitest";

/** Published beside the sequence in cyberphone/json-canonicalization `testdata/README.md`, for its first million lines. */
const MILLION = "49415fee2c56c77864931bd3624faad425c3c577d6d74e89a83bc725506dad16";
const SERIAL_START = 0x0010000000000000n;
const SERIAL_COUNT = 2_000;

describeWithVectors("numbers as ECMAScript writes them", (folder) => {
  const lines = readFileSync(join(folder, "jcs/es6-numbers-first-1000.txt"), "utf8").trimEnd().split("\n");
  const published: { readonly sha256_of_first_lines: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(folder, "jcs/es6-numbers-checksums.json"), "utf8"),
  );

  test("the first 1,000 lines are equal", () => {
    expect(lines).toHaveLength(1_000);
    for (const line of lines) {
      const [bits = "", expected = ""] = line.split(",");
      expect(canonicalize(fromBits(BigInt(`0x${bits}`)))).toBe(expected);
    }
  });

  test("the checksums of the first 1,000 to 1,000,000 lines are equal", () => {
    const wanted = { ...published.sha256_of_first_lines, "1000000": MILLION };
    const found = checksums(sequence(lines), Object.keys(wanted).map(Number));
    expect(found).toEqual(wanted);
    console.log(`ES6 numbers: ${Math.max(...Object.keys(wanted).map(Number))} lines`);
  });
});

/** Fixed values (read from the file), then serial numbers, then doubles from a chain of SHA-256. */
function* sequence(lines: readonly string[]): Generator<bigint> {
  const bits = lines.map((line) => BigInt(`0x${line.split(",")[0]}`));
  const serialAt = bits.findIndex((value, index) => value === SERIAL_START && bits[index + 1] === SERIAL_START + 1n);
  yield* bits.slice(0, serialAt);
  for (let serial = 0; serial < SERIAL_COUNT; serial++) yield SERIAL_START + BigInt(serial);
  let block = new Uint8Array(32);
  for (;;) {
    block = new Uint8Array(sha256(block));
    const view = new DataView(block.buffer);
    for (let at = 0; at < 32; at += 8) {
      const value = view.getFloat64(at, true);
      if (value !== 0 && Number.isFinite(value)) yield view.getBigUint64(at, true);
    }
  }
}

function checksums(numbers: Iterable<bigint>, counts: readonly number[]): Record<string, string> {
  const hash = createHash("sha256");
  const found: Record<string, string> = {};
  const last = Math.max(...counts);
  let chunk = "";
  let count = 0;
  for (const bits of numbers) {
    chunk += `${bits.toString(16)},${canonicalize(fromBits(bits))}\n`;
    count++;
    if (count % 1_000 !== 0) continue;
    hash.update(chunk);
    chunk = "";
    if (counts.includes(count)) found[String(count)] = hash.copy().digest("hex");
    if (count === last) break;
  }
  return found;
}

const view = new DataView(new ArrayBuffer(8));

function fromBits(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}
