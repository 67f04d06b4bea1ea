import { assert, integer, nat, property } from "fast-check";
import { describe, expect, test } from "vitest";

import { cover, leafOf, naiveConsistency, naivePath, naiveRoot } from "./support/log-maker.ts";
import { compactRangeOf, coverLevels } from "../src/compact-range.ts";
import { CompactRange, rootFromLeaves, verifyConsistency, verifyInclusion } from "../src/index.ts";

const LARGEST = 300;
const leaves = Array.from({ length: LARGEST }, (_, n) => leafOf(`leaf ${n}`));

// Naive subtree roots, each computed once: the recursion of RFC 6962 over [from, to).
const known = new Map<string, Buffer>();
function rootOf(from: number, to: number): Buffer {
  const label = `${from}:${to}`;
  const found = known.get(label) ?? naiveRoot(leaves.slice(from, to));
  known.set(label, found);
  return found;
}

describe("the tree against a naive one", () => {
  test("has the same root at every size from 0 to 300", () => {
    const range = new CompactRange();
    for (let size = 0; size <= LARGEST; size += 1) {
      expect(Buffer.from(range.root())).toEqual(rootOf(0, size));
      expect(Buffer.from(rootFromLeaves(leaves.slice(0, size)))).toEqual(rootOf(0, size));
      expect(Buffer.from(range.frontier())).toEqual(Buffer.concat(cover(0, size, leaves)));
      if (size < LARGEST) range.append(leaves[size] ?? Buffer.alloc(0));
    }
  });

  test("accepts every naive inclusion proof up to 300, and none for a neighbour", () => {
    let count = 0;
    for (let size = 1; size <= LARGEST; size += size < 130 ? 1 : 17) {
      const root = rootOf(0, size);
      for (let index = 0; index < size; index += 1) {
        const leaf = leaves[index] ?? Buffer.alloc(0);
        const claim = { index, size, leaf, proof: fastPath(index, 0, size), root };
        if (!verifyInclusion(claim).ok) expect.fail(`index ${index} of ${size} was refused`);
        if (verifyInclusion({ ...claim, index: index + 1 }).ok)
          expect.fail(`index ${index} of ${size} passed for the next`);
        count += 1;
      }
    }
    expect(fastPath(77, 0, 200)).toEqual(naivePath(77, leaves.slice(0, 200)));
    console.log(`inclusion proofs against the naive tree: ${count}`);
  });

  test("accepts every naive consistency proof between two sizes up to 300", () => {
    let count = 0;
    for (let size2 = 1; size2 <= LARGEST; size2 += 1) {
      for (let size1 = 1; size1 <= size2; size1 += 1) {
        const proof = fastConsistency(size1, 0, size2, true);
        const claim = { size1, size2, root1: rootOf(0, size1), root2: rootOf(0, size2), proof };
        if (!verifyConsistency(claim).ok) expect.fail(`${size1} to ${size2} was refused`);
        count += 1;
      }
    }
    expect(fastConsistency(77, 0, 200, true)).toEqual(naiveConsistency(77, leaves.slice(0, 200)));
    console.log(`consistency proofs against the naive tree: ${count}`);
  });

  test("a stretch with its boundaries gives the root, for every stretch up to 64", () => {
    for (let size = 1; size <= 64; size += 7) {
      for (let from = 0; from < size; from += 1) {
        for (let to = from + 1; to <= size; to += 1) {
          const range = compactRangeOf(from, cover(0, from, leaves));
          for (const leaf of leaves.slice(from, to)) range.append(leaf);
          const right = cover(to, size, leaves);
          for (const [at, level] of coverLevels(to, size).entries()) range.append(right[at] ?? Buffer.alloc(0), level);
          expect(Buffer.from(range.root())).toEqual(rootOf(0, size));
        }
      }
    }
  });
});

describe("laws of proofs", () => {
  test("a proof with one bit changed anywhere is refused", () => {
    assert(
      property(integer({ min: 2, max: LARGEST }), nat(), nat(), (size, pick, bit) => {
        const index = pick % size;
        const proof = naivePath(index, leaves.slice(0, size));
        const at = bit % (proof.length * 256);
        const changed = Buffer.from(proof[at >> 8] ?? []);
        changed[(at & 255) >> 3]! ^= 1 << (at & 7);
        const leaf = leaves[index] ?? Buffer.alloc(0);
        const claim = { index, size, leaf, root: rootOf(0, size), proof: proof.with(at >> 8, changed) };
        expect(verifyInclusion(claim).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("a path with a hash too many or too few is refused", () => {
    for (let size = 2; size <= 64; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const leaf = leaves[index] ?? Buffer.alloc(0);
        const proof = fastPath(index, 0, size);
        const claim = { index, size, leaf, root: rootOf(0, size) };
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) }).ok).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, leaf] }).ok).toBe(false);
      }
    }
  });
});

// The naive definitions again, over cached subtree roots so that all pairs are quick.
function split(from: number, to: number): number {
  let width = 1;
  while (width * 2 < to - from) width *= 2;
  return from + width;
}
function fastPath(index: number, from: number, to: number): Buffer[] {
  if (to - from <= 1) return [];
  const middle = split(from, to);
  if (index < middle) return [...fastPath(index, from, middle), rootOf(middle, to)];
  return [...fastPath(index, middle, to), rootOf(from, middle)];
}
function fastConsistency(size: number, from: number, to: number, whole: boolean): Buffer[] {
  if (size === to) return whole ? [] : [rootOf(from, to)];
  const middle = split(from, to);
  if (size <= middle) return [...fastConsistency(size, from, middle, whole), rootOf(middle, to)];
  return [...fastConsistency(size, middle, to, false), rootOf(from, middle)];
}
