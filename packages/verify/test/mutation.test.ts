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
import { Mutations } from "./support/mutations.ts";
import { log, noteOf, policy, RUN, sampleEntries, witness } from "./support/sample.ts";

const seed = Math.floor(Math.random() * 2 ** 31);
const mutations = new Mutations(seed);

const { entries, openings } = sampleEntries(23);
const note = noteOf(entries);
const leaves = entries.map(leafOf);

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
      const index = mutations.below(23);
      const proof = mutations.hashes(naivePath(index, leaves), leaves);
      return verifyInclusion({ index, size: 23, leaf: leaves[index] ?? root, proof, root }).ok;
    },
    consistency: () => {
      const size1 = 1 + mutations.below(22);
      const root1 = naiveRoot(leaves.slice(0, size1));
      return verifyConsistency({
        size1,
        size2: 23,
        root1,
        root2: root,
        proof: mutations.hashes(naiveConsistency(size1, leaves), leaves),
      }).ok;
    },
    // A note may lose a whole line by one key and still be good by the other; so its keys are asked for together.
    note: () => {
      const opened = openNote(mutations.bytes(Buffer.from(note)), keys);
      return opened.ok && opened.verified.length === 2 && opened.unverified.length === 0;
    },
    proof: () => {
      const mutated = mutations.bytes(proofText);
      return verifyText(mutated) && !onlyAddsUnknownSigners(mutated, proofText);
    },
    bundle: async () =>
      (await verifyBundle([mutations.bytes(bundles[mutations.below(2)] ?? Buffer.alloc(0))], { policy })).ok,
  };
  const accepted: string[] = [];
  const names = Object.keys(kinds);
  for (let round = 0; round < 20_000; round += 1) {
    const name = names[round % names.length] ?? "";
    const before = mutations.state;
    if (await isAccepted(kinds[name] ?? (() => true))) accepted.push(`${name} from state ${before}`);
  }
  console.log(`mutations: 20000 with seed ${seed}, ${accepted.length} accepted`);
  expect(accepted, `seed ${seed}`).toEqual([]);
}, 120_000);
