import { assert, constantFrom, array, integer, oneof, property, string, uint8Array } from "fast-check";
import type { Arbitrary } from "fast-check";
import { expect, test } from "vitest";

import { cpuMs } from "@writ/testkit";

import { bundleLines, leafOf, naivePath, sealLines } from "./support/log-maker.ts";
import {
  formatTlogProof,
  parseCheckpoint,
  parseEntry,
  parseJson,
  parseNote,
  parsePolicy,
  parseTilePath,
  parseTlogProof,
  parseVerifierKey,
  verifyBundle,
  verifyDsse,
  VerifyError,
} from "../src/index.ts";
import { log, noteOf, policy, RUN, sampleEntries, witness } from "./support/sample.ts";

const { entries } = sampleEntries(9);
const note = noteOf(entries);
const bundle = sealLines(
  bundleLines({ entries, note, origin: log.name, scope: { run: RUN }, parts: [{ from: 2, to: 8 }] }),
);
const proof = formatTlogProof({ index: 5, hashes: naivePath(5, entries.map(leafOf)), checkpoint: note });
const policyText = `log ${log.vkey}\nwitness a ${witness.vkey}\ngroup g 1 a\nquorum g\n`;

/** Texts near a good one: pieces of it with odd pieces between, and noise. */
function near(good: string): Arbitrary<string> {
  const piece = integer({ min: 0, max: good.length }).map((at) => good.slice(at, at + 60));
  const odd = constantFrom(
    "",
    "\n",
    "\n\n",
    "— ",
    "+",
    "=",
    "\0",
    "\ud800",
    "\u{1f600}",
    "9".repeat(40),
    "[".repeat(99),
    '{"a":',
    "\\u",
    "-0",
    "1e999",
    "none",
    "__proto__",
  );
  const edited = integer({ min: 0, max: good.length }).chain((at) =>
    oneof(odd, piece, string({ maxLength: 8 })).map(
      (put) => good.slice(0, at) + put + good.slice(at + (put.length % 3)),
    ),
  );
  return oneof(
    { weight: 3, arbitrary: edited },
    array(oneof(odd, piece, string()), { maxLength: 8 }).map((list) => list.join("")),
  );
}

const targets: readonly (readonly [string, string, (text: string) => unknown])[] = [
  ["note", note, parseNote],
  ["checkpoint", note.slice(0, note.indexOf("\n\n") + 1), parseCheckpoint],
  ["proof", proof, parseTlogProof],
  ["policy", policyText, parsePolicy],
  ["verifier key", log.vkey, parseVerifierKey],
  ["tile path", "tile/3/x001/x234/067.p/89", parseTilePath],
  ["entry", entries[5] ?? "", parseEntry],
  ["json", bundle, parseJson],
  [
    "envelope",
    '{"payload":"aGk=","payloadType":"t","signatures":[{"sig":"aGk="}]}',
    (text) => verifyDsse(parseJson(text), []),
  ],
];

function quickly(work: () => void): void {
  expect(cpuMs(work)).toBeLessThan(1_000);
}

test.each(targets)("any text given as a %s is read or refused by name, quickly", (name, good, parse) => {
  let read = 0;
  const judge = (input: string): void => {
    try {
      parse(input);
      read += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(VerifyError);
    }
  };
  assert(
    property(near(good), (input) => quickly(() => judge(input))),
    { numRuns: 3000 },
  );
  console.log(`fuzz ${name}: 3000 texts, ${read} read`);
});

test("any bytes given as a bundle end in a result", async () => {
  const noise = oneof(
    near(bundle).map((text) => Buffer.from(text)),
    uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  const inputs: Buffer[] = [];
  assert(
    property(noise, (input) => void inputs.push(input)),
    { numRuns: 3000 },
  );
  for (const input of inputs) {
    const result = await verifyBundle([input], { policy });
    expect(result.ok).toBe(input.toString() === bundle);
  }
  console.log(`fuzz bundle: ${inputs.length} inputs`);
});

test("long hostile texts do not take time beyond their length", async () => {
  const long = 200_000;
  for (const text of [
    "\n".repeat(long),
    "— ".repeat(long / 2),
    "a".repeat(long),
    "=".repeat(long),
    "+".repeat(long),
    "[".repeat(long),
    " \t".repeat(long / 2),
    "x000/".repeat(long / 5),
  ]) {
    for (const [name, , parse] of targets) {
      quickly(() => {
        try {
          parse(text);
        } catch (error) {
          expect(error, name).toBeInstanceOf(VerifyError);
        }
      });
    }
    await verifyBundle([Buffer.from(text)], { policy });
  }
});
