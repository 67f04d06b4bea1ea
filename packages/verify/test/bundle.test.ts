import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import {
  bundleLines,
  canonicalText,
  checkpointNote,
  checkpointText,
  entryText,
  leafOf,
  naiveRoot,
  sealLines,
} from "./support/log-maker.ts";
import type { BundleParts } from "./support/log-maker.ts";
import { verifyBundle } from "../src/index.ts";
import type { VerifyResult } from "../src/index.ts";
import { log, logOnly, noteOf, otherLog, policy, RUN, sampleEntries, TIME, witness } from "./support/sample.ts";

const SIZE = 23;
const { entries, openings } = sampleEntries(SIZE);
const note = noteOf(entries);
const stretch: BundleParts = {
  entries,
  note,
  origin: log.name,
  scope: { run: RUN },
  parts: [{ from: 2, to: SIZE - 1 }],
  openings,
};
const singles: BundleParts = { ...stretch, scope: { entries: [3, 5, 9] }, parts: [3, 5, 9] };
const whole: BundleParts = {
  ...stretch,
  scope: { range: [0, SIZE] },
  parts: [
    { from: 0, to: 16 },
    { from: 16, to: SIZE },
  ],
};

const verify = (
  text: string | Uint8Array,
  options: { since?: string; trust?: typeof policy } = {},
): Promise<VerifyResult> => {
  const { since, trust = policy } = options;
  return verifyBundle([Buffer.from(text)], { policy: trust, ...(since === undefined ? {} : { since }) });
};
const codes = (result: VerifyResult): string[] => result.findings.map(({ code }) => code);
const seal = (parts: BundleParts, edit: (lines: string[]) => string[] = (lines) => lines): string =>
  sealLines(edit(bundleLines(parts)));
/** Changes a bundle's lines and keeps its old last line. */
const alter = (parts: BundleParts, edit: (lines: string[]) => string[]): string => {
  const lines = sealLines(bundleLines(parts)).split("\n").slice(0, -1);
  const end = lines.pop() ?? "";
  return [...edit(lines), end].map((line) => `${line}\n`).join("");
};
const set =
  (at: number, change: (value: Record<string, unknown>) => unknown) =>
  (lines: string[]): string[] =>
    lines.with(at, canonicalText(change(JSON.parse(lines[at] ?? ""))));

describe("a good bundle", () => {
  test.each([
    ["a stretch", stretch],
    ["single entries", singles],
    ["a whole log in two stretches", whole],
    [
      "a stretch and single entries",
      { ...singles, scope: { entries: [3, 6, 7, 8, 20] }, parts: [3, { from: 6, to: 9 }, 20] },
    ],
    ["a tenant's entries", { ...whole, scope: { tenant: "local" } }],
  ])("of %s passes", async (_name, parts) => {
    const result = await verify(seal(parts));
    expect(result.findings.filter(({ aspect }) => aspect !== "meaning")).toEqual([]);
    expect(result).toMatchObject({
      ok: true,
      exitCode: 0,
      size: SIZE,
      cosignatures: [{ name: witness.name, time: TIME }],
    });
    expect(result.notProven.length).toBeGreaterThanOrEqual(4);
  });

  test("passes however its bytes are cut into pieces", async () => {
    const bytes = Buffer.from(seal(whole));
    for (const width of [1, 2, 7, 100, 1000]) {
      const pieces = function* (): Generator<Uint8Array> {
        const piece = Buffer.alloc(width);
        for (let at = 0; at < bytes.length; at += width) yield piece.subarray(0, bytes.copy(piece, 0, at, at + width));
      };
      expect((await verifyBundle(pieces(), { policy })).exitCode).toBe(0);
    }
  });
});

describe("tampering", () => {
  const changedEntry = entryText({ n: 5, emitter: "agent-7", counter: 3, run: RUN, data: { tool: "other" } });
  const table: readonly (readonly [string, string, string, number])[] = [
    [
      "an entry changed in a stretch",
      seal(
        stretch,
        set(6, (line) => ({ ...line, entry: changedEntry })),
      ),
      "ROOT_MISMATCH",
      4,
    ],
    [
      "an entry changed under its own proof",
      seal(
        singles,
        set(3, (line) => ({ ...line, entry: changedEntry })),
      ),
      "ROOT_MISMATCH",
      4,
    ],
    [
      "an entry changed, last line kept",
      alter(
        stretch,
        set(6, (line) => ({ ...line, entry: changedEntry })),
      ),
      "DIGEST_MISMATCH",
      4,
    ],
    [
      "an index changed",
      seal(
        singles,
        set(3, (line) => ({ ...line, index: 6 })),
      ),
      "ROOT_MISMATCH",
      4,
    ],
    ["two entries exchanged", seal(stretch, (lines) => exchange(lines, 6, 7)), "INDEX_GAP", 4],
    [
      "two texts exchanged under their indexes",
      seal(stretch, (lines) => exchangeTexts(lines, 6, 7)),
      "ROOT_MISMATCH",
      4,
    ],
    ["an entry removed from a stretch", seal(stretch, (lines) => lines.toSpliced(8, 1)), "INDEX_GAP", 4],
    ["an entry removed, last line kept", alter(stretch, (lines) => lines.toSpliced(8, 1)), "LINES_MISSING", 4],
    ["the last entry removed from a stretch", seal(stretch, (lines) => lines.toSpliced(-1, 1)), "INDEX_GAP", 4],
    ["a single entry left out", seal({ ...singles, parts: [3, 9] }), "ENTRY_MISSING", 5],
    ["a piece of the range left out", seal({ ...whole, parts: [{ from: 0, to: 16 }] }), "ENTRY_MISSING", 5],
    [
      "an entry of the run left out",
      seal({
        ...stretch,
        parts: [
          { from: 2, to: 7 },
          { from: 8, to: SIZE - 1 },
        ],
      }),
      "RUN_COUNT",
      5,
    ],
    ["an entry of another run put in", seal({ ...stretch, parts: [{ from: 1, to: SIZE - 1 }] }), "OUT_OF_SCOPE", 4],
    ["an entry repeated", seal(singles, (lines) => lines.toSpliced(4, 0, lines[3] ?? "")), "BUNDLE_SYNTAX", 4],
    [
      "a proof hash changed",
      seal(
        singles,
        set(3, (line) => ({ ...line, proof: changeHash(line["proof"]) })),
      ),
      "ROOT_MISMATCH",
      4,
    ],
    [
      "a proof hash removed",
      seal(
        singles,
        set(3, (line) => ({ ...line, proof: (line["proof"] as string[]).slice(1) })),
      ),
      "PROOF_LENGTH",
      4,
    ],
    [
      "a boundary hash changed",
      seal(
        stretch,
        set(1, ({ range }) => ({ range: changeLeft(range) })),
      ),
      "ROOT_MISMATCH",
      4,
    ],
    [
      "a boundary hash removed",
      seal(
        stretch,
        set(1, ({ range }) => ({ range: { ...(range as object), right: [] } })),
      ),
      "PROOF_SYNTAX",
      4,
    ],
    ["the range line removed", seal(stretch, (lines) => lines.toSpliced(1, 1)), "BUNDLE_SYNTAX", 4],
    ["the header removed", seal(stretch, (lines) => lines.slice(1)), "BUNDLE_SYNTAX", 4],
    [
      "an opened field's content changed",
      seal(
        stretch,
        set(4, ({ open }) => ({ open: { ...(open as object), content: "AAAA" } })),
      ),
      "COMMITMENT_MISMATCH",
      4,
    ],
    [
      "an opened field's salt changed",
      seal(
        stretch,
        set(4, ({ open }) => ({ open: { ...(open as object), salt: Buffer.alloc(32).toString("base64") } })),
      ),
      "COMMITMENT_MISMATCH",
      4,
    ],
    [
      "an opened field renamed",
      seal(
        stretch,
        set(4, ({ open }) => ({ open: { ...(open as object), field: "x" } })),
      ),
      "COMMITMENT_MISMATCH",
      4,
    ],
    [
      "an opened field moved to another entry",
      seal(
        stretch,
        set(4, ({ open }) => ({ open: { ...(open as object), index: 5 } })),
      ),
      "BUNDLE_SYNTAX",
      4,
    ],
    ["another log's name in the header", seal({ ...stretch, origin: otherLog.name }), "ORIGIN_MISMATCH", 4],
    ["another log's checkpoint", seal({ ...stretch, note: checkpointNote(entries, otherLog) }), "ORIGIN_MISMATCH", 4],
    [
      "an unknown log in name and checkpoint",
      seal({ ...stretch, note: checkpointNote(entries, otherLog), origin: otherLog.name }),
      "LOG_NOT_TRUSTED",
      6,
    ],
    ["a checkpoint without its witness", seal({ ...stretch, note: checkpointNote(entries, log) }), "QUORUM_NOT_MET", 6],
    ["a checkpoint of another size", seal({ ...stretch, note: noteOf(entries.slice(0, 20)) }), "BUNDLE_SYNTAX", 4],
    [
      "a forged root",
      seal({ ...stretch, note: note.replace(rootText(entries), rootText(entries.slice(1))) }),
      "SIGNATURE_BAD",
      4,
    ],
    [
      "an unknown member",
      seal(
        stretch,
        set(6, (line) => ({ ...line, extra: 1 })),
      ),
      "BUNDLE_SYNTAX",
      4,
    ],
    ["an unknown line", seal(stretch, (lines) => lines.toSpliced(3, 0, '{"note":{}}')), "BUNDLE_SYNTAX", 4],
    ["white space in a line", seal(stretch, (lines) => lines.with(6, `${lines[6] ?? ""} `)), "NOT_CANONICAL", 4],
    [
      "a key twice in a line",
      seal(stretch, (lines) => lines.with(6, (lines[6] ?? "").replace(/}$/, ',"index":5}'))),
      "JSON_DUPLICATE_KEY",
      4,
    ],
    [
      "a newer version",
      seal(
        stretch,
        set(0, (line) => ({ ...line, v: 2 })),
      ),
      "BUNDLE_SYNTAX",
      4,
    ],
    ["bytes after the last line", `${seal(stretch)}x`, "TRAILING_BYTES", 4],
    ["a line after the last line", `${seal(stretch)}{}\n`, "TRAILING_BYTES", 4],
    ["two last lines", `${seal(stretch)}${sealLines([]).slice(0)}`, "TRAILING_BYTES", 4],
    ["a wrong count in the last line", seal(stretch).replace(/"lines":\d+/, '"lines":7'), "LINES_ADDED", 4],
    ["a cut before the last line", seal(stretch).split("\n").slice(0, -2).join("\n").concat("\n"), "TRUNCATED", 5],
    ["a cut in the middle of a line", seal(stretch).slice(0, 3000), "TRUNCATED", 5],
    [
      "an escape at the end that is none",
      `${seal(stretch).split("\n").slice(0, 6).join("\n")}\n{"entry":"\\x12`,
      "JSON_SYNTAX",
      4,
    ],
    ["a cut of the last newline", seal(stretch).slice(0, -1), "TRUNCATED", 5],
    ["nothing at all", "", "EMPTY", 5],
    ["only a header", seal(stretch, (lines) => lines.slice(0, 1)), "EMPTY", 5],
    ["a text of another kind", "hello\n", "JSON_SYNTAX", 4],
  ];
  test.each(table)("%s", async (_name, text, code, exitCode) => {
    const result = await verify(text);
    expect(codes(result)).toContain(code);
    expect(result.exitCode).toBe(exitCode);
    expect(result.ok).toBe(false);
  });

  test("an entry that is under the checkpoint and no entry by its form", async () => {
    for (const [bad, code] of [
      ["{}", "ENTRY_SYNTAX"],
      [` ${entries[5] ?? ""}`, "NOT_CANONICAL"],
      [(entries[5] ?? "").replace('"v":1', '"v":1,"w":1'), "ENTRY_SYNTAX"],
      [(entries[5] ?? "").replace('"n":3', '"n":3.5'), "ENTRY_SYNTAX"],
      [(entries[5] ?? "").replace('"data":{', '"data":{"a":1,"a":1,'), "JSON_DUPLICATE_KEY"],
      [`${"[".repeat(20)}${"]".repeat(20)}`, "JSON_DEPTH"],
    ] as const) {
      const list = entries.with(5, bad);
      const result = await verify(seal({ ...singles, entries: list, note: noteOf(list) }));
      expect(codes(result), bad.slice(0, 40)).toContain(code);
      expect(result.exitCode).toBe(4);
    }
  });

  test("every byte changed is found, and every cut is told apart from a change", async () => {
    for (const [parts, step] of [
      [stretch, 5],
      [singles, 1],
    ] as const) {
      const bytes = Buffer.from(seal(parts));
      for (let at = 0; at < bytes.length; at += step) {
        const kept = bytes[at] ?? 0;
        bytes[at] = kept ^ (1 << (at % 8));
        const { exitCode, findings } = await verify(bytes);
        if (exitCode !== 4) expect.fail(`byte ${at} changed ends with ${exitCode}`);
        if (findings.every(({ where }) => Object.keys(where).length === 0))
          expect.fail(`byte ${at}: nothing says where`);
        bytes[at] = kept;
      }
      for (let at = 0; at < bytes.length; at += 7 * step) {
        const { exitCode } = await verify(bytes.subarray(0, at));
        if (exitCode !== 5) expect.fail(`cut at ${at} ends with ${exitCode}`);
      }
    }
  }, 120_000);
});

describe("what the reader remembers", () => {
  const older = noteOf(entries.slice(0, 10));
  const otherHistory = noteOf(entries.slice(0, 10).with(4, entryText({ n: 4, counter: 7 })));
  const longer = noteOf([...entries, entryText({ n: SIZE })]);
  test.each([
    ["the same checkpoint", seal(stretch), note, [], 0],
    ["an earlier one that a stretch passes over", seal(stretch), older, [], 0],
    ["an earlier one that a proof ties to it", seal({ ...singles, consistency: [4, 10] }), older, [], 0],
    ["an earlier one that nothing ties to it", seal(singles), older, ["CONSISTENCY_MISSING"], 5],
    ["another history under a stretch", seal(stretch), otherHistory, ["SINCE_INCONSISTENT"], 4],
    ["another history under a proof", seal({ ...singles, consistency: [10] }), otherHistory, ["SINCE_INCONSISTENT"], 4],
    ["a later one", seal(singles), longer, ["SINCE_NEWER"], 5],
    ["another log", seal(stretch), checkpointNote(entries, otherLog), ["SINCE_OTHER_LOG"], 4],
  ])("%s", async (_name, text, since, expected, exitCode) => {
    const result = await verify(text, { since });
    expect(codes(result).filter((code) => code !== "RUN_OPEN")).toEqual(expected);
    expect(result.exitCode).toBe(exitCode);
  });
});

describe("attestations", () => {
  const statement = Buffer.from('{"_type":"https://in-toto.io/Statement/v1","predicateType":"urn:x","subject":[]}');
  const envelopeOf = (signer: typeof log): Record<string, unknown> => {
    const type = "application/vnd.in-toto+json";
    const pae = `DSSEv1 ${type.length} ${type} ${statement.length} ${statement.toString()}`;
    const sig = signer.sign(pae).toString("base64");
    return { payload: statement.toString("base64"), payloadType: type, signatures: [{ keyid: signer.name, sig }] };
  };
  test("signed by the log pass", async () => {
    expect((await verify(seal({ ...singles, attestations: [envelopeOf(log)] }))).exitCode).toBe(0);
  });
  test("signed by nobody known do not meet the policy", async () => {
    const result = await verify(seal({ ...singles, attestations: [envelopeOf(otherLog)] }));
    expect(codes(result)).toContain("ATTESTATION_NOT_TRUSTED");
    expect(result.exitCode).toBe(6);
  });
  test("before an entry are out of order", async () => {
    const text = seal({ ...singles, attestations: [envelopeOf(log)] }, (lines) => exchange(lines, 4, 5));
    expect((await verify(text)).exitCode).toBe(4);
  });
});

test("counters that jump within a range show a lost entry", async () => {
  const list = entries.with(9, entryText({ n: 9, emitter: "agent-7", counter: 8, run: RUN }));
  const result = await verify(seal({ ...whole, entries: list, note: noteOf(list) }), { trust: logOnly });
  expect(codes(result)).toContain("SEQUENCE_GAP");
  expect(result.exitCode).toBe(5);
});

test("an intent without a receipt is unfinished, which is no fault of the record", async () => {
  const list = entries.with(9, entryText({ n: 9, emitter: "agent-7", counter: 7, run: RUN, kind: "execution.intent" }));
  const result = await verify(seal({ ...whole, entries: list, note: noteOf(list) }));
  expect(codes(result)).toEqual(["UNFINISHED"]);
  expect(result.exitCode).toBe(0);
});

test("the oldest acceptable age of a cosignature is held", async () => {
  const at = (now: number): Promise<VerifyResult> =>
    verifyBundle([Buffer.from(seal(stretch))], { policy, maxAgeSeconds: 60, now });
  expect((await at(TIME + 60)).exitCode).toBe(0);
  expect(codes(await at(TIME + 61))).toEqual(["TOO_OLD"]);
});

test("a line over 24 MiB is refused without being kept", async () => {
  const pieces = function* (): Generator<Uint8Array> {
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    for (let at = 0; at < 1000; at += 1) yield piece;
  };
  const result = await verifyBundle(pieces(), { policy });
  expect(codes(result)).toContain("LINE_SIZE");
  expect(result.exitCode).toBe(4);
});

test("the end line's digest is that of all bytes before it", () => {
  const text = seal(stretch);
  const at = text.lastIndexOf('{"end"');
  expect(text.slice(at)).toContain(createHash("sha256").update(text.slice(0, at)).digest("hex"));
});

function rootText(list: readonly string[]): string {
  return checkpointText("x", 1, naiveRoot(list.map(leafOf))).split("\n")[2] ?? "";
}
function exchange(lines: readonly string[], left: number, right: number): string[] {
  return lines.with(left, lines[right] ?? "").with(right, lines[left] ?? "");
}
function exchangeTexts(lines: readonly string[], left: number, right: number): string[] {
  const [a, b] = [JSON.parse(lines[left] ?? ""), JSON.parse(lines[right] ?? "")];
  return lines.with(left, canonicalText({ ...a, entry: b.entry })).with(right, canonicalText({ ...b, entry: a.entry }));
}
function changeHash(proof: unknown): string[] {
  const [first = "", ...rest] = proof as string[];
  const bytes = Buffer.from(first, "base64");
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return [bytes.toString("base64"), ...rest];
}
function changeLeft(range: unknown): unknown {
  const value = range as { left: string[] };
  return { ...value, left: changeHash(value.left) };
}
