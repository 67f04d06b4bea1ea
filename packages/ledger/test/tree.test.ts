import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Row, Transaction } from "@writ/store";
import { describeWithVectors } from "@writ/testkit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { HASH_BYTES, leafHash, leafHashOfText, TILE_HASHES } from "../src/hash.ts";
import { consistencyPath, inclusionPath, pathHashes, stretchRoot } from "../src/proof.ts";
import type { Stretch } from "../src/proof.ts";
import { ledgerSql, tilePosition } from "../src/sql.ts";
import { TileReader } from "../src/tile-reader.ts";
import { Tree } from "../src/tree.ts";
import { naiveConsistency, naiveLeaf, naivePath, naiveRoot } from "./naive-tree.ts";

const SQL = ledgerSql({ dialect: "sqlite", log: 1 });

function hashOf(index: number): Buffer {
  return naiveLeaf(Buffer.from(`entry ${index}`));
}

/** Entries by rule and tiles as they were filled, read through the statements that the log uses. */
function rowsOf(tiles: ReadonlyMap<number, Uint8Array>): Transaction {
  const unused = () => Promise.reject(new Error("not a read"));
  return {
    run: unused,
    runMany: unused,
    script: unused,
    get: (_sql, params = []) => {
      const hashes = tiles.get(Number(params[0]));
      return Promise.resolve(hashes === undefined ? undefined : { hashes });
    },
    all: (_sql, params = []) => {
      const [from, to] = params.map(Number);
      const rows: Row[] = [];
      for (let idx = from ?? 0; idx < (to ?? 0); idx++) rows.push({ idx, body: `entry ${idx}` });
      return Promise.resolve(rows);
    },
  };
}

function grow(tree: Tree, to: number, tiles: Map<number, Uint8Array>): void {
  while (tree.size < to) {
    tree.append(hashOf(tree.size), 0);
    for (const { level, number, hashes, missing } of tree.takeFullTiles()) {
      expect(missing).toBe(0);
      tiles.set(tilePosition(level, number), hashes.slice());
    }
  }
}

describe("the tree against a naive one", () => {
  const leaves = Array.from({ length: 300 }, (_, index) => hashOf(index));
  const memo = new Map<string, Buffer>();

  test("has the same root at every size from 0 to 300", () => {
    const tree = new Tree();
    for (let size = 0; size <= 300; size++) {
      expect(Buffer.from(tree.root())).toEqual(naiveRoot(leaves, 0, size, memo));
      expect(new Tree(size, tree.frontier()).root()).toEqual(tree.root());
      if (size < 300) tree.append(hashOf(size), 0);
    }
  });

  test("gives the same inclusion and consistency proofs, all pairs of sizes 0 to 300", async () => {
    const tiles = new Map<number, Uint8Array>();
    grow(new Tree(), 300, tiles);
    const rootOf = await memoized(rowsOf(tiles));
    let wrong = 0;
    for (let size = 1; size <= 300; size++) {
      for (let other = 0; other < size; other++) {
        const path = await Promise.all(inclusionPath(other, size).map(rootOf));
        if (!equal(path, naivePath(leaves, other, 0, size, memo))) wrong++;
        const proof = await Promise.all(consistencyPath(other + 1, size).map(rootOf));
        if (!equal(proof, naiveConsistency(leaves, other + 1, 0, size, memo))) wrong++;
      }
    }
    expect(wrong).toBe(0);
  });

  test("gives the root of any earlier size", async () => {
    const tiles = new Map<number, Uint8Array>();
    grow(new Tree(), 300, tiles);
    const reader = new TileReader(SQL);
    for (let size = 1; size <= 300; size++) {
      const root = await stretchRoot(rowsOf(tiles), reader, { from: 0, to: size });
      expect(Buffer.from(root)).toEqual(naiveRoot(leaves, 0, size, memo));
    }
  });
});

describe("the tree's tiles", () => {
  const SIZE = 70_000;

  test("are filled at every level, and prove entries far apart", async () => {
    const tiles = new Map<number, Uint8Array>();
    const tree = new Tree();
    grow(tree, SIZE, tiles);
    expect([...tiles.keys()].filter((key) => key < 2 ** 48)).toHaveLength(Math.floor(SIZE / 256));
    expect(tiles.has(tilePosition(1, 0))).toBe(true);
    const leaves = Array.from({ length: SIZE }, (_, index) => hashOf(index));
    const memo = new Map<string, Buffer>();
    const reader = new TileReader(SQL);
    for (const [index, size] of [
      [0, SIZE],
      [65_535, SIZE],
      [65_536, SIZE],
      [69_999, SIZE],
      [300, 65_536],
      [5, 66_000],
    ] as const) {
      const path = await pathHashes(rowsOf(tiles), reader, inclusionPath(index, size));
      expect(path.map((hash) => Buffer.from(hash))).toEqual(naivePath(leaves, index, 0, size, memo));
    }
    expect(Buffer.from(tree.root())).toEqual(naiveRoot(leaves, 0, SIZE, memo));
  });

  test("are the same when the tree is loaded from its frontier half way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_400 }), fc.integer({ min: 0, max: 700 }), async (first, more) => {
        const whole = new Map<number, Uint8Array>();
        const tree = new Tree();
        grow(tree, first, whole);
        const half = new Map(whole);
        const loaded = new Tree(first, tree.frontier());
        const reader = new TileReader(SQL);
        while (loaded.size < first + more) {
          loaded.append(hashOf(loaded.size), 0);
          for (const { level, number, hashes, missing } of loaded.takeFullTiles()) {
            const known = missing === 0 ? hashes : await reader.tile(rowsOf(half), level, number, missing);
            hashes.set(known.subarray(0, missing * HASH_BYTES), 0);
            half.set(tilePosition(level, number), hashes);
          }
        }
        grow(tree, first + more, whole);
        expect(loaded.root()).toEqual(tree.root());
        expect(loaded.frontier()).toEqual(tree.frontier());
        expect(half).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  test("a tree that goes back to a mark goes on as if nothing had been appended", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 600 }),
        fc.integer({ min: 0, max: 600 }),
        fc.integer({ min: 0, max: 300 }),
        (size, lost, more) => {
          const expected = new Map<number, Uint8Array>();
          const plain = new Tree();
          grow(plain, size + more, expected);
          const seen = new Map<number, Uint8Array>();
          const tree = new Tree();
          grow(tree, size, seen);
          const mark = tree.mark();
          for (let i = 0; i < lost; i++) tree.append(Buffer.alloc(HASH_BYTES, 7), 0);
          tree.restore(mark);
          grow(tree, size + more, seen);
          expect(tree.root()).toEqual(plain.root());
          expect(seen).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("proof bounds", () => {
  test.each([
    [-1, 5],
    [5, 5],
    [0, 0],
    [0.5, 3],
    [0, 2 ** 53],
  ])("refuses entry %s of a tree of %s", (index, size) => {
    expect(() => inclusionPath(index, size)).toThrow(expect.objectContaining({ code: "INDEX_OUT_OF_RANGE" }));
  });
  test.each([
    [0, 5],
    [6, 5],
    [-1, 2],
    [1, Number.NaN],
  ])("refuses consistency from %s to %s", (first, second) => {
    expect(() => consistencyPath(first, second)).toThrow(expect.objectContaining({ code: "INDEX_OUT_OF_RANGE" }));
  });
  test("splits sizes just below a big power of two where the power is", () => {
    const size = 2 ** 50 - 1;
    expect(inclusionPath(0, size).at(-1)).toEqual({ from: 2 ** 49, to: size });
    expect(inclusionPath(0, size)).toHaveLength(50);
  });
});

test("a text and its bytes have one leaf hash, whatever their length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40_000 }), (text) => {
      const a = new Uint8Array(32);
      const b = new Uint8Array(32);
      leafHashOfText(text, a, 0);
      leafHash(Buffer.from(text), b, 0);
      expect(a).toEqual(b);
      expect(Buffer.from(a)).toEqual(createHash("sha256").update("\0").update(text).digest());
    }),
    { numRuns: 200 },
  );
  expect(TILE_HASHES).toBe(256);
});

/** The 90,000 proofs share some thousand stretches; each is computed once. */
async function memoized(tx: Transaction): Promise<(stretch: Stretch) => Promise<Uint8Array>> {
  const reader = new TileReader(SQL);
  const known = new Map<string, Promise<Uint8Array>>();
  return (stretch) => {
    const key = `${stretch.from} ${stretch.to}`;
    const root = known.get(key) ?? stretchRoot(tx, reader, stretch);
    known.set(key, root);
    return root;
  };
}

function equal(a: readonly Uint8Array[], b: readonly Buffer[]): boolean {
  return a.length === b.length && a.every((hash, position) => b[position]?.equals(hash));
}

describeWithVectors("the outside vectors of RFC 6962", (folder) => {
  const file: EightLeaves = JSON.parse(readFileSync(join(folder, "merkle/rfc6962-eight-leaves.json"), "utf8"));
  const bodies = file.leaf_inputs_hex.map((hex) => Buffer.from(hex, "hex"));
  const leaves = bodies.map((body) => {
    const leaf = new Uint8Array(32);
    leafHash(body, leaf, 0);
    return leaf;
  });
  /** A tile that already holds the eight leaves stands for the entries, whose bytes are no text. */
  const tile = new Uint8Array(TILE_HASHES * HASH_BYTES);
  leaves.forEach((leaf, index) => tile.set(leaf, index * HASH_BYTES));
  const tx = rowsOf(new Map([[tilePosition(0, 0), tile]]));
  const hex = (hashes: readonly Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString("hex"));

  test("have the same roots at sizes 0 to 8", () => {
    const tree = new Tree();
    const roots = [tree.root()];
    for (const leaf of leaves) {
      tree.append(leaf, 0);
      roots.push(tree.root());
    }
    expect(hex(roots)).toEqual(file.roots_by_size_0_to_8);
  });

  test("have the same inclusion paths and consistency proofs", async () => {
    for (const { leaf_1based: leaf, tree_size: size, path } of file.inclusion_paths) {
      if (leaf > 0) expect(hex(await pathHashes(tx, new TileReader(SQL), inclusionPath(leaf - 1, size)))).toEqual(path);
    }
    for (const { size1, size2, proof } of file.consistency_proofs) {
      if (size1 > 0)
        expect(hex(await pathHashes(tx, new TileReader(SQL), consistencyPath(size1, size2)))).toEqual(proof);
    }
  });
});

interface EightLeaves {
  readonly leaf_inputs_hex: readonly string[];
  readonly roots_by_size_0_to_8: readonly string[];
  readonly inclusion_paths: readonly { leaf_1based: number; tree_size: number; path: readonly string[] }[];
  readonly consistency_proofs: readonly { size1: number; size2: number; proof: readonly string[] }[];
}
