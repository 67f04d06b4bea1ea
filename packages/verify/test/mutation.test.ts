import { expect, test } from "vitest";

import { bundleLines, leafOf, naiveConsistency, naivePath, naiveRoot, sealLines } from "./support/log-maker.ts";
import {
  formatTlogProof,
  openNote,
  parseTlogProof,
  parseVerifierKey,
  verifyBundle,
  verifyConsistency,
  verifyInclusion,
  VerifyError,
  verifyTlogProof,
} from "../src/index.ts";
import { log, noteOf, policy, RUN, sampleEntries, witness } from "./support/sample.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
let state = seed;
const random = (end: number): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * end);
};

const { entries, openings } = sampleEntries(23);
const note = noteOf(entries);
const leaves = entries.map(leafOf);

/** One change of bytes: a bit, a byte, a piece gone, doubled or moved. Never the same bytes again. */
function mutate(original: Buffer): Buffer {
  for (;;) {
    const bytes = Buffer.from(original);
    const at = random(bytes.length);
    const length = 1 + random(Math.min(40, bytes.length - at));
    const kind = random(5);
    let changed: Buffer = bytes;
    if (kind === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 1) bytes[at] = random(256);
    else if (kind === 2) changed = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    else if (kind === 3) changed = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    else bytes.copy(bytes, random(bytes.length - length + 1), at, at + length);
    if (!changed.equals(original)) return changed;
  }
}

/** Mutates the hashes and numbers of a proof. */
function mutateHashes(hashes: readonly Buffer[]): Buffer[] {
  const kind = random(4);
  const at = random(Math.max(1, hashes.length));
  if (kind === 0 && hashes.length > 0) return hashes.toSpliced(at, 1);
  if (kind === 1) return hashes.toSpliced(at, 0, leaves[random(23)] ?? Buffer.alloc(32));
  if (kind === 2 && hashes.length > 1) {
    const other = (at + 1) % hashes.length;
    return hashes.with(at, hashes[other] ?? Buffer.alloc(0)).with(other, hashes[at] ?? Buffer.alloc(0));
  }
  return hashes.length === 0 ? [Buffer.alloc(32)] : hashes.with(at, mutate(hashes[at] ?? Buffer.alloc(32)));
}

/** C2SP signed-note has lines by unknown keys ignored, so one more of them is the same proof. */
function onlyAddsUnknownSigners(mutated: Uint8Array, original: Uint8Array): boolean {
  const [left, right] = [parseTlogProof(mutated), parseTlogProof(original)];
  const without = { checkpoint: "" };
  expect({ ...left, ...without }).toEqual({ ...right, ...without });
  const lines = left.checkpoint.split("\n");
  return right.checkpoint.split("\n").every((line) => lines.includes(line));
}

async function isAccepted(check: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch (error) {
    expect(error, `seed ${seed}`).toBeInstanceOf(VerifyError);
    return false;
  }
}

test("of 20,000 mutated proofs, notes and bundles none is accepted", async () => {
  const keys = [parseVerifierKey(log.vkey), parseVerifierKey(witness.vkey)];
  const root = naiveRoot(leaves);
  const parts = { entries, note, origin: log.name, openings };
  const single = { ...parts, scope: { entries: [3, 5] }, parts: [3, 5] };
  const stretch = { ...parts, scope: { run: RUN }, parts: [{ from: 2, to: 22 }] };
  const bundles = [single, stretch].map((bundle) => Buffer.from(sealLines(bundleLines(bundle))));
  const proofText = Buffer.from(
    formatTlogProof({ index: 5, hashes: naivePath(5, leaves), extra: Buffer.from(entries[5] ?? ""), checkpoint: note }),
  );
  const verifyText = (bytes: Uint8Array): boolean => verifyTlogProof(bytes, { policy }).ok;
  expect(verifyText(proofText)).toBe(true);
  const kinds: Record<string, () => boolean | Promise<boolean>> = {
    inclusion: () => {
      const index = random(23);
      const proof = mutateHashes(naivePath(index, leaves));
      return verifyInclusion({ index, size: 23, leaf: leaves[index] ?? root, proof, root }).ok;
    },
    consistency: () => {
      const size1 = 1 + random(22);
      const root1 = naiveRoot(leaves.slice(0, size1));
      return verifyConsistency({
        size1,
        size2: 23,
        root1,
        root2: root,
        proof: mutateHashes(naiveConsistency(size1, leaves)),
      }).ok;
    },
    // A note may lose a whole line by one key and still be good by the other; so its keys are asked for together.
    note: () => {
      const opened = openNote(mutate(Buffer.from(note)), keys);
      return opened.ok && opened.verified.length === 2 && opened.unverified.length === 0;
    },
    proof: () => {
      const mutated = mutate(proofText);
      return verifyText(mutated) && !onlyAddsUnknownSigners(mutated, proofText);
    },
    bundle: async () => (await verifyBundle([mutate(bundles[random(2)] ?? Buffer.alloc(0))], { policy })).ok,
  };
  const accepted: string[] = [];
  const names = Object.keys(kinds);
  for (let round = 0; round < 20_000; round += 1) {
    const name = names[round % names.length] ?? "";
    const before = state;
    if (await isAccepted(kinds[name] ?? (() => true))) accepted.push(`${name} from state ${before}`);
  }
  console.log(`mutations: 20000 with seed ${seed}, ${accepted.length} accepted`);
  expect(accepted, `seed ${seed}`).toEqual([]);
}, 120_000);
