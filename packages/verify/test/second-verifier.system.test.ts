import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { describeWithSecondVerifier, describeWithVectors, startSecondVerifier } from "@writ/testkit";
import type { Question, SecondVerifier } from "@writ/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

import {
  formatTlogProof,
  openNote,
  parseVerifierKey,
  verifyBundle,
  verifyConsistency,
  verifyInclusion,
  verifyTlogProof,
  VerifyError,
} from "../src/index.ts";
import { verifyLogFile } from "../src/node.ts";
import { writeLogDatabase } from "./support/log-database.ts";
import {
  bundleLines,
  entryText,
  leafOf,
  naiveConsistency,
  naivePath,
  naiveRoot,
  sealLines,
} from "./support/log-maker.ts";
import type { BundleParts } from "./support/log-maker.ts";
import { Mutations } from "./support/mutations.ts";
import { log, noteOf, policy, RUN, sampleEntries, TIME, witness } from "./support/sample.ts";
import { verifyCases } from "./support/verify-cases.ts";

/** Each run asks about this many of each sort; nightly about as many as the mutation test tries. */
const ROUNDS = process.env["WRIT_NIGHTLY"] === "1" ? 20_000 : 1_000;

const policyText = `log ${log.vkey}\nwitness w1 ${witness.vkey}\nquorum w1\n`;
const { entries, openings } = sampleEntries(23);
const leaves = entries.map(leafOf);
const note = noteOf(entries);
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64");
const base64Each = (hashes: readonly Uint8Array[]): string[] => hashes.map(base64);

describeWithSecondVerifier("two verifiers, written apart in two languages, agree", () => {
  let second: SecondVerifier;
  let mutations: Mutations;
  beforeAll(() => {
    second = startSecondVerifier();
    mutations = new Mutations(Math.floor(Math.random() * 2 ** 31));
    console.log(`two verifiers: seed ${mutations.seed}, ${ROUNDS} of each sort`);
  });
  afterAll(() => second.close());

  const since = (text: string | undefined) => (text === undefined ? {} : { since: text });

  /** How each ends: as the first verifier's code, and the second's. */
  async function bothOf(kind: "bundle" | "proof", input: Uint8Array | string, remembered?: string) {
    const options = { policy, ...since(remembered) };
    const first = kind === "bundle" ? await verifyBundle([Buffer.from(input)], options) : proofOf(input, options);
    const asked = { kind, policy: policyText, input: base64(input) };
    const answer = await second.ask({ ...asked, ...since(remembered === undefined ? undefined : base64(remembered)) });
    return { first: first.exitCode, second: answer.exit_code, why: [first.findings, answer.findings] };
  }

  function proofOf(input: Uint8Array | string, options: Parameters<typeof verifyTlogProof>[1]) {
    return verifyTlogProof(Buffer.from(input), options);
  }

  /** Asks both about each input, and shows the first about which they differ. */
  async function agree(kind: "bundle" | "proof", inputs: readonly (Uint8Array | string)[]): Promise<Set<number>> {
    const ends = new Set<number>();
    for (const input of inputs) {
      const { first, second: other, why } = await bothOf(kind, input);
      if (first !== other) expect({ input: Buffer.from(input).toString(), first, other, why }).toBe("the same answer");
      ends.add(first);
    }
    return ends;
  }

  const whole: BundleParts = { entries, note, origin: log.name, openings, scope: { range: [0, 23] }, parts: [] };
  const bundles: readonly BundleParts[] = [
    { ...whole, scope: { entries: [3, 5] }, parts: [3, 5], consistency: [4, 9] },
    { ...whole, scope: { run: RUN }, parts: [{ from: 2, to: 22 }] },
    {
      ...whole,
      parts: [
        { from: 0, to: 16 },
        { from: 16, to: 23 },
      ],
    },
    { ...whole, scope: { tenant: "local" }, parts: [1, { from: 4, to: 9 }] },
  ];

  test("on every stored case", async () => {
    for (const one of verifyCases()) {
      const asked = { kind: one.kind, policy: one.policy, input: base64(one.input) };
      const answer = await second.ask({ ...asked, ...since(one.since === undefined ? undefined : base64(one.since)) });
      expect([one.name, answer.exit_code]).toEqual([one.name, one.exit_code]);
    }
  });

  test("on bundles changed anywhere", async () => {
    const originals = bundles.map((parts) => Buffer.from(sealLines(bundleLines(parts))));
    expect(await agree("bundle", originals)).toEqual(new Set([0]));
    const changed = Array.from({ length: ROUNDS }, (_, at) => mutations.bytes(originals[at % 4] ?? Buffer.alloc(0)));
    await agree("bundle", changed);
    const cut = originals.flatMap((bytes) =>
      Array.from({ length: 40 }, () => bytes.subarray(0, mutations.below(bytes.length))),
    );
    expect(await agree("bundle", cut)).toEqual(new Set([5]));
  });

  test("on bundles with a line changed, gone, doubled or moved and a last line to match", async () => {
    const changed = Array.from({ length: ROUNDS }, (_, at) => {
      const lines = bundleLines(bundles[at % 4] ?? whole);
      const line = mutations.below(lines.length);
      const kind = mutations.below(4);
      if (kind === 0) return sealLines(lines.toSpliced(line, 1));
      if (kind === 1) return sealLines(lines.toSpliced(line, 0, lines[line] ?? ""));
      if (kind === 2)
        return sealLines(lines.toSpliced(line, 1).toSpliced(mutations.below(lines.length), 0, lines[line] ?? ""));
      return sealLines(lines.with(line, mutations.bytes(Buffer.from(lines[line] ?? "")).toString("latin1")));
    });
    const ends = await agree("bundle", changed);
    expect([...ends]).toEqual(expect.arrayContaining([4, 5]));
  });

  test("on what is remembered", async () => {
    const other = entries.with(4, entries[5] ?? "");
    for (const parts of bundles) {
      const text = sealLines(bundleLines(parts));
      for (const size of [1, 2, 4, 8, 9, 16, 22, 23]) {
        for (const list of [entries, other]) {
          const { first, second: answer } = await bothOf("bundle", text, noteOf(list.slice(0, size)));
          expect([size, answer]).toEqual([size, first]);
        }
      }
      const { first, second: answer } = await bothOf("bundle", text, noteOf([...entries, entries[0] ?? ""]));
      expect(answer).toBe(first);
    }
  });

  test("on stand-alone proofs", async () => {
    const proofs = [0, 5, 22].map((index) => {
      const hashes = naivePath(index, leaves);
      return Buffer.from(
        formatTlogProof({ index, hashes, extra: Buffer.from(entries[index] ?? ""), checkpoint: note }),
      );
    });
    expect(await agree("proof", proofs)).toEqual(new Set([0]));
    const changed = Array.from({ length: ROUNDS }, (_, at) => mutations.bytes(proofs[at % 3] ?? Buffer.alloc(0)));
    await agree("proof", changed);
  });

  test("on proofs of the tree", async () => {
    const root = naiveRoot(leaves);
    for (let round = 0; round < ROUNDS; round += 1) {
      const index = mutations.below(23);
      const proof =
        mutations.below(4) === 0 ? naivePath(index, leaves) : mutations.hashes(naivePath(index, leaves), leaves);
      const claim = {
        index: mutations.below(8) === 0 ? mutations.below(26) : index,
        size: 23,
        leaf: leaves[index] ?? root,
        proof,
        root,
      };
      const asked = { ...claim, leaf: base64(claim.leaf), proof: base64Each(proof), root: base64(root) };
      expect((await second.ask({ kind: "inclusion", ...asked })).accepted).toBe(verifyInclusion(claim).ok);
      const size1 = mutations.below(24);
      const root1 = naiveRoot(leaves.slice(0, size1));
      const path = size1 === 0 ? [] : naiveConsistency(size1, leaves);
      const tie = mutations.below(4) === 0 ? path : mutations.hashes(path, leaves);
      const pair = { size1, size2: 23, root1, root2: root, proof: tie };
      const question = { size1, size2: 23, root1: base64(root1), root2: base64(root), proof: base64Each(tie) };
      expect((await second.ask({ kind: "consistency", ...question })).accepted).toBe(verifyConsistency(pair).ok);
    }
  });

  test("on signed notes", async () => {
    const keys = [log.vkey, witness.vkey];
    const parsed = keys.map(parseVerifierKey);
    for (let round = 0; round < ROUNDS; round += 1) {
      const input = mutations.bytes(Buffer.from(note));
      const answer = await second.ask({ kind: "note", keys, input: base64(input) });
      expect([input.toString(), answer.accepted]).toEqual([input.toString(), isOpened(input, parsed)]);
    }
  });

  test("on a log's file, whole, changed by its rows and by its bits", async () => {
    const folder = mkdtempSync(join(tmpdir(), "writ-two-"));
    try {
      const many = sampleEntries(600);
      const path = join(folder, "log.db");
      writeLogDatabase(path, {
        entries: many.entries,
        log,
        checkpoints: [1, 100, 256, 300, 600],
        witness: { signer: witness, time: TIME },
        openings: many.openings,
      });
      const original = readFileSync(path);
      const both = async (): Promise<readonly [number, number | undefined, unknown]> => {
        const first = verdictOn(path);
        const answer = await second.ask({ kind: "log", policy: policyText, path });
        return [first.exitCode, answer.exit_code, [first.findings, answer.findings]];
      };
      expect((await both()).slice(0, 2)).toEqual([0, 0]);
      for (const text of ATTACKS) {
        writeFileSync(path, original);
        const database = new DatabaseSync(path);
        database.exec(text);
        database.close();
        const [first, answer, why] = await both();
        expect(first, text).not.toBe(0);
        expect([text, answer, answer === first || why]).toEqual([text, first, true]);
      }
      const [[index, [opening]] = [0, []]] = [...many.openings];
      const data = { approver: "p", erased: [{ fields: [opening?.field], index }], ground: "g" };
      const erasure = entryText({ n: 600, emitter: "eraser", counter: 0, kind: "erasure", data });
      rmSync(path);
      writeLogDatabase(path, {
        entries: [...many.entries, erasure],
        log,
        checkpoints: [601],
        witness: { signer: witness, time: TIME },
        openings: many.openings,
      });
      expect((await both()).slice(0, 2)).toEqual([4, 4]);
      const inSchema = original.indexOf("NOT NULL") + "NOT N".length;
      for (let round = 0; round < ROUNDS / 20; round += 1) {
        const bytes = Buffer.from(original);
        const at = round === 0 ? inSchema : 100 + mutations.below(bytes.length - 100);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << mutations.below(8));
        writeFileSync(path, bytes);
        const [first, answer, why] = await both();
        if ((first === 0) !== (answer === 0)) expect({ at, first, answer, why }).toBe("the same answer");
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** What is no database any more is refused by name, as the command does with exit code 1. */
function verdictOn(path: string): { readonly exitCode: number; readonly findings: unknown } {
  try {
    return verifyLogFile(path, { policy, depth: "full" });
  } catch (error) {
    if (error instanceof VerifyError) return { exitCode: 1, findings: error.code };
    throw error;
  }
}

function isOpened(input: Uint8Array, keys: Parameters<typeof openNote>[1]): boolean {
  try {
    return openNote(input, keys).ok;
  } catch {
    return false;
  }
}

const ATTACKS: readonly string[] = [
  "DELETE FROM entry WHERE idx = 300",
  "DELETE FROM entry WHERE idx >= 550",
  "UPDATE entry SET body = replace(body, 'shell', 'other') WHERE idx = 5",
  "UPDATE entry SET body = replace(body, 'shell', 'other') WHERE idx = 599",
  "UPDATE entry SET id = zeroblob(16) WHERE idx = 9",
  "UPDATE tile SET hashes = zeroblob(8192) WHERE pos = 1",
  "DELETE FROM tile WHERE pos = 1",
  "INSERT INTO tile VALUES (99, zeroblob(8192))",
  "UPDATE source SET next = next + 1",
  "DELETE FROM source",
  "DELETE FROM source WHERE id = (SELECT id FROM source LIMIT 1)",
  "INSERT INTO source VALUES (x'6162', 3)",
  "UPDATE private SET body = x'00'",
  "UPDATE private SET salt = zeroblob(32)",
  "INSERT INTO private VALUES (9999, 'f', zeroblob(32), x'', NULL)",
  "DELETE FROM private",
  "INSERT INTO entry SELECT -5, zeroblob(16), body FROM entry WHERE idx = 5",
  "ALTER TABLE entry RENAME TO kept; CREATE VIEW entry AS SELECT idx, id, body FROM kept",
  "UPDATE head SET root = zeroblob(32)",
  "UPDATE head SET frontier = zeroblob(length(frontier))",
  "UPDATE head SET size = 599",
  "UPDATE checkpoint SET root = zeroblob(32) WHERE size = 300",
  "UPDATE checkpoint SET note = replace(note, char(10) || '300' || char(10), char(10) || '301' || char(10)) WHERE size = 300",
  "DELETE FROM checkpoint",
  "UPDATE meta SET v = 'other.example/x' WHERE k = 'origin'",
  "DELETE FROM head",
  "DROP TABLE entry",
];

describeWithSecondVerifier("the second verifier", () => {
  describeWithVectors("agrees with the outside vectors", (folder) => {
    const load = (path: string) => JSON.parse(readFileSync(join(folder, path), "utf8"));
    test("of trees, notes, keys and proofs", async () => {
      using second = closing(startSecondVerifier());
      const ask = (question: Question) => second.verifier.ask(question);
      for (const vector of load("merkle/inclusion.json")) {
        const { leafIdx: index, treeSize: size, leafHash: leaf, root, proof } = vector;
        const { accepted } = await ask({ kind: "inclusion", index, size, leaf, root, proof: proof ?? [] });
        expect([vector.name, accepted]).toEqual([vector.name, !vector.wantErr]);
      }
      for (const vector of load("merkle/consistency.json")) {
        const { size1, size2, root1, root2, proof } = vector;
        const { accepted } = await ask({ kind: "consistency", size1, size2, root1, root2, proof: proof ?? [] });
        expect([vector.name, accepted]).toEqual([vector.name, !vector.wantErr]);
      }
      const notes = ["c2sp-example", "go-sumdb-note", "cosignature-v1"].flatMap((name) => load(`note/${name}.json`));
      for (const vector of notes) {
        const keys = vector.vkeys ?? [vector.vkey];
        const { accepted } = await ask({ kind: "note", keys, input: base64(vector.note) });
        expect([vector.name, accepted]).toEqual([vector.name, vector.verifies]);
      }
    });
  });
});

function closing(verifier: SecondVerifier): { readonly verifier: SecondVerifier; [Symbol.dispose](): void } {
  return { verifier, [Symbol.dispose]: () => verifier.close() };
}
