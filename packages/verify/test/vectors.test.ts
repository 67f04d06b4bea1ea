import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describeWithVectors } from "@writ/testkit";
import { expect, test } from "vitest";

import {
  canonicalize,
  emptyRoot,
  formatTilePath,
  formatTlogProof,
  leafHash,
  nodeHash,
  openNote,
  paeEncode,
  parseCheckpoint,
  parseJson,
  parseTilePath,
  parseTlogProof,
  parseVerifierKey,
  rootFromLeaves,
  verifyConsistency,
  verifyDsse,
  verifyInclusion,
  VerifyError,
} from "../src/index.ts";
import { cryptoPort } from "../src/crypto.ts";
import { parseNote } from "../src/note.ts";

const b64 = (text: string): Uint8Array => Buffer.from(text, "base64");
const hex = (text: string): Uint8Array => Buffer.from(text, "hex");
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const report = (family: string, count: number): void => console.log(`vectors ${family}: ${count} as stated`);
const number = (text: string | undefined): number => Number(text ?? 0);
const coordinate = (text: string): string => BigInt(text).toString(16).padStart(64, "0");
const refusesToRead = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(VerifyError);
    return;
  }
  expect.fail("it was read");
};

describeWithVectors("outside vectors", (folder) => {
  const load = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8"));

  test("RFC 6962 trees of 0 to 8 leaves have their roots, nodes, paths and proofs", () => {
    const vector = load("merkle/rfc6962-eight-leaves.json");
    const leaves: Uint8Array[] = vector.leaf_inputs_hex.map((text: string) => leafHash(hex(text)));
    let count = 0;
    expect(asHex(emptyRoot())).toBe(vector.empty_root);
    for (const [size, root] of vector.roots_by_size_0_to_8.entries()) {
      expect(asHex(rootFromLeaves(leaves.slice(0, size)))).toBe(root);
      count += 1;
    }
    for (const [level, hashes] of vector.node_hashes_by_level.entries()) {
      if (level === 0) expect(leaves.map(asHex)).toEqual(hashes);
      else {
        const below = vector.node_hashes_by_level[level - 1].map(hex);
        for (const [at, hash] of hashes.entries()) expect(asHex(nodeHash(below[2 * at], below[2 * at + 1]))).toBe(hash);
      }
      count += hashes.length;
    }
    for (const { leaf_1based: leaf, tree_size: size, path } of vector.inclusion_paths) {
      const root = hex(vector.roots_by_size_0_to_8[size]);
      const claim = { index: leaf - 1, size, leaf: leaves[leaf - 1] ?? emptyRoot(), proof: path.map(hex), root };
      expect(verifyInclusion(claim).ok).toBe(leaf > 0);
      count += 1;
    }
    for (const proof of vector.consistency_proofs ?? []) {
      const [size1, size2] = [proof.size1 ?? proof.snapshot1, proof.size2 ?? proof.snapshot2];
      const root1 = hex(vector.roots_by_size_0_to_8[size1]);
      const root2 = hex(vector.roots_by_size_0_to_8[size2]);
      const hashes = (proof.proof ?? proof.path).map(hex);
      expect(verifyConsistency({ size1, size2, root1, root2, proof: hashes }).ok).toBe(size1 > 0);
      count += 1;
    }
    report("merkle/rfc6962-eight-leaves", count);
  });

  test("inclusion proofs are accepted and refused as stated", () => {
    const vectors = load("merkle/inclusion.json");
    for (const vector of vectors) {
      const proof = (vector.proof ?? []).map(b64);
      const claim = {
        index: vector.leafIdx,
        size: vector.treeSize,
        leaf: b64(vector.leafHash),
        proof,
        root: b64(vector.root),
      };
      expect(verifyInclusion(claim).ok, vector.name).toBe(!vector.wantErr);
    }
    report("merkle/inclusion", vectors.length);
  });

  test("consistency proofs are accepted and refused as stated", () => {
    const vectors = load("merkle/consistency.json");
    for (const vector of vectors) {
      const proof = (vector.proof ?? []).map(b64);
      const { size1, size2 } = vector;
      const checked = verifyConsistency({ size1, size2, root1: b64(vector.root1), root2: b64(vector.root2), proof });
      expect(checked.ok, vector.name).toBe(!vector.wantErr);
    }
    report("merkle/consistency", vectors.length);
  });

  test("signed notes open as stated", () => {
    const notes = [
      load("note/c2sp-example.json"),
      ...load("note/go-sumdb-note.json"),
      ...load("note/cosignature-v1.json"),
    ];
    for (const vector of notes) {
      const keys = (vector.vkeys ?? [vector.vkey]).map(parseVerifierKey);
      const opened = openNote(vector.note, keys);
      expect(opened.ok, vector.name).toBe(vector.verifies);
      if (!opened.ok) continue;
      if (vector.verified !== undefined) expect(opened.verified.map(({ key }) => key.name)).toEqual(vector.verified);
      if (vector.unverified !== undefined) expect(opened.unverified).toEqual(vector.unverified);
      if (vector.timestamp !== undefined) expect(opened.verified[0]?.time).toBe(vector.timestamp);
      if (vector.origin_sha256 !== undefined) expect(parseCheckpoint(opened.text).size).toBe(300);
    }
    report("note", notes.length);
  });

  test("the checkpoint of a witness request verifies under the Go checksum database's key", () => {
    const vector = load("witness/go-sumdb-add-checkpoint.json");
    for (const { body } of vector.requests) {
      const note = body.slice(body.indexOf("\n\n") + 2);
      const opened = openNote(note, [parseVerifierKey(vector.log_vkey)]);
      expect(opened.ok).toBe(true);
      expect(parseCheckpoint(parseNote(note).text).origin).toBe(vector.origin);
    }
    report("witness", vector.requests.length);
  });

  test("stand-alone proofs are written, read and refused as stated", () => {
    const { marshal, reject } = load("proof/tlog-proof.json");
    for (const vector of marshal) {
      const extra = vector.extra === undefined ? {} : { extra: b64(vector.extra) };
      const parts = { index: vector.index, hashes: vector.hashes.map(b64), checkpoint: vector.checkpoint, ...extra };
      expect(formatTlogProof(parts)).toBe(vector.text);
      expect(formatTlogProof(parseTlogProof(vector.text))).toBe(vector.text);
    }
    for (const text of reject) refusesToRead(() => parseTlogProof(text));
    report("proof", marshal.length + reject.length);
  });

  test("tile paths are written, read and refused as stated", () => {
    const vectors = load("tiles/paths.json");
    let count = 0;
    for (const { level, index, p, wantPath } of vectors.TestTilePath) {
      const tile = { level: number(level), index: BigInt(index), partial: number(p) };
      expect(formatTilePath(tile)).toBe(wantPath);
      expect(parseTilePath(wantPath)).toEqual(tile);
      count += 1;
    }
    for (const { N, p, wantPath } of vectors.TestEntriesPath) {
      expect(formatTilePath({ level: "entries", index: BigInt(N), partial: number(p) })).toBe(wantPath);
      count += 1;
    }
    for (const { seq, logSize, wantPath } of vectors.TestEntriesPathForLogIndex) {
      const index = BigInt(seq) / 256n;
      const partial = index < BigInt(logSize) / 256n ? 0 : Number(BigInt(logSize) % 256n);
      expect(formatTilePath({ level: "entries", index, partial })).toBe(wantPath);
      count += 1;
    }
    for (const { level, index, p, wantPath } of vectors.TestNWithSuffix) {
      expect(formatTilePath({ level: number(level), index: BigInt(index), partial: number(p) })).toBe(
        `tile/${level}/${wantPath}`,
      );
      count += 1;
    }
    for (const {
      pathLevel,
      pathIndex,
      wantErr,
      wantLevel,
      wantIndex,
      wantP,
    } of vectors.TestParseTileLevelIndexPartial) {
      const path = `tile/${pathLevel}/${pathIndex}`;
      if (wantErr === true) refusesToRead(() => parseTilePath(path));
      else {
        const tile = { level: number(wantLevel), index: BigInt(wantIndex), partial: number(wantP) };
        expect(parseTilePath(path)).toEqual(tile);
      }
      count += 1;
    }
    report("tiles", count);
  });

  test("the DSSE envelope encodes and verifies", () => {
    const vector = load("dsse/ecdsa-p256-hello-world.json");
    const payload = Buffer.from(vector.serialized_body_utf8);
    expect(Buffer.from(paeEncode(vector.payload_type, payload)).toString()).toBe(vector.pae_utf8);
    const publicKey = hex(coordinate(vector.key.x_decimal) + coordinate(vector.key.y_decimal));
    const key = { name: "example", type: "ecdsa-p256" as const, publicKey };
    const opened = verifyDsse(vector.envelope, [key]);
    expect(opened).toMatchObject({ ok: true, signers: ["example"] });
    if (opened.ok) expect(Buffer.from(opened.payload)).toEqual(payload);
    expect(verifyDsse({ ...vector.envelope, payloadType: "http://example.com/Other" }, [key]).ok).toBe(false);
    report("dsse", 1);
  });

  test("Ed25519 signatures verify, and no longer once a bit is changed", () => {
    const { vectors } = load("ed25519/rfc8032-style.json");
    for (const vector of vectors) {
      const [key, message, signature] = [hex(vector.public), hex(vector.message), hex(vector.signature)];
      expect(cryptoPort().ed25519Verify(key, message, signature)).toBe(true);
      signature[3]! ^= 1;
      expect(cryptoPort().ed25519Verify(key, message, signature)).toBe(false);
    }
    report("ed25519", vectors.length);
  });

  test("canonical JSON agrees with every file and number", () => {
    const names = readdirSync(join(folder, "jcs/input"));
    for (const name of names) {
      const form = canonicalize(parseJson(readFileSync(join(folder, "jcs/input", name))));
      expect(form, name).toBe(readFileSync(join(folder, "jcs/output", name), "utf8"));
    }
    const lines = readFileSync(join(folder, "jcs/es6-numbers-first-1000.txt"), "utf8").trim().split("\n");
    for (const line of lines) {
      const [bits = "", text = ""] = line.split(",");
      const value = Buffer.from(bits.padStart(16, "0"), "hex").readDoubleBE();
      expect(canonicalize(value)).toBe(text.trim());
    }
    report("jcs", names.length + lines.length);
  });

  test("JSON texts are accepted and refused as stated, and duplicate keys are refused in any case", () => {
    const { accept, reject } = load("json/parse.json");
    for (const { name, base64 } of accept) {
      if (name.startsWith("y_object_duplicated_key")) refusesToRead(() => parseJson(b64(base64)));
      else expect(() => parseJson(b64(base64)), name).not.toThrow();
    }
    for (const { base64 } of reject) refusesToRead(() => parseJson(b64(base64)));
    report("json", accept.length + reject.length);
  });
});
