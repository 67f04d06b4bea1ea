import {
  bundleLines,
  canonicalText,
  checkpointNote,
  commit,
  entryText,
  leafOf,
  naivePath,
  sealLines,
  signerOf,
} from "./log-maker.ts";
import type { BundleParts } from "./log-maker.ts";

/**
 * One input, the policy to hold it against, and what any verifier must say: the exit code and the code of a finding.
 */
export interface VerifyCase {
  readonly name: string;
  readonly kind: "bundle" | "proof";
  readonly policy: string;
  readonly since?: string;
  readonly input: string;
  readonly exit_code: number;
  /** A finding that must be among those reported; null for a pass. */
  readonly finding: string | null;
}

const log = signerOf("acme.example/writ/golden", 7);
const other = signerOf("other.example/writ/golden", 8);
const witness = signerOf("witness.example/w1", 9, 4);
const policy = `log ${log.vkey}\nwitness w1 ${witness.vkey}\nquorum w1\n`;
const witnesses = [{ signer: witness, time: 1767229200 }];
const RUN = "run-1";

export function verifyCases(): VerifyCase[] {
  const opening = commit("what was said", "golden");
  const fields = { text: { c: opening.c, n: opening.n, type: "text/plain" } };
  const entries = [
    entryText({ n: 0, kind: "ledger.opened", data: { origin: log.name } }),
    ...[1, 2, 3, 4, 5].map((n) =>
      entryText({ n, run: RUN, emitter: "agent-7", counter: n - 1, ...(n === 3 ? { privateFields: fields } : {}) }),
    ),
    entryText({
      n: 6,
      kind: "run.closed",
      run: RUN,
      emitter: "agent-7",
      counter: 5,
      data: { emitters: [{ entries: 5, id: "agent-7" }] },
    }),
    entryText({ n: 7, counter: 1 }),
  ];
  const note = checkpointNote(entries, log, witnesses);
  const openings = new Map([[3, [{ field: "text", salt: opening.salt, content: opening.content }]]]);
  const run: BundleParts = {
    entries,
    note,
    origin: log.name,
    scope: { run: RUN },
    parts: [{ from: 1, to: 7 }],
    openings,
  };
  const picked: BundleParts = { ...run, scope: { entries: [2, 5] }, parts: [2, 5], consistency: [4] };
  const seal = (parts: BundleParts, edit: (lines: string[]) => string[] = (lines) => lines): string =>
    sealLines(edit(bundleLines(parts)));
  const good = seal(run);
  const forged = entryText({ n: 4, run: RUN, emitter: "agent-7", counter: 3, data: { tool: "forged" } });
  const change = (lines: string[], at: number, put: object): string[] =>
    lines.with(at, canonicalText({ ...JSON.parse(lines[at] ?? "{}"), ...put }));
  const proofText = (text: string): string => {
    const hashes = naivePath(4, entries.map(leafOf)).map((hash) => `${hash.toString("base64")}\n`);
    return `c2sp.org/tlog-proof@v1\nextra ${Buffer.from(text).toString("base64")}\nindex 4\n${hashes.join("")}\n${note}`;
  };
  const older = checkpointNote(entries.slice(0, 4), log, witnesses);
  const rewritten = checkpointNote(entries.slice(0, 4).with(2, forged), log, witnesses);
  const bundle = (
    name: string,
    input: string,
    exit: number,
    finding: string | null,
    more: { since?: string } = {},
  ): VerifyCase => ({
    name,
    kind: "bundle",
    policy,
    ...more,
    input,
    exit_code: exit,
    finding,
  });
  return [
    bundle("good-run", good, 0, null),
    bundle("good-entries", seal(picked), 0, null),
    bundle("good-since", seal(picked), 0, null, { since: older }),
    bundle("rewritten-since", seal(picked), 4, "SINCE_INCONSISTENT", { since: rewritten }),
    bundle("no-consistency-since", seal({ ...picked, consistency: [] }), 5, "CONSISTENCY_MISSING", { since: older }),
    bundle(
      "changed-entry",
      seal(run, (lines) => change(lines, 6, { entry: forged })),
      4,
      "ROOT_MISMATCH",
    ),
    bundle(
      "changed-entry-with-proof",
      seal(picked, (lines) => change(lines, 3, { entry: forged })),
      4,
      "ROOT_MISMATCH",
    ),
    bundle("swapped-proofs", seal(picked, swapProofs), 4, "ROOT_MISMATCH"),
    bundle(
      "removed-entry",
      seal(run, (lines) => lines.toSpliced(3, 1)),
      4,
      "INDEX_GAP",
    ),
    bundle("removed-line-old-end", good.split("\n").toSpliced(3, 1).join("\n"), 4, "LINES_MISSING"),
    bundle(
      "left-out-of-run",
      seal({
        ...run,
        parts: [
          { from: 1, to: 4 },
          { from: 5, to: 7 },
        ],
      }),
      5,
      "RUN_COUNT",
    ),
    bundle("left-out-of-selection", seal({ ...picked, parts: [2] }), 5, "ENTRY_MISSING"),
    bundle("foreign-entry", seal({ ...run, parts: [{ from: 0, to: 7 }] }), 4, "OUT_OF_SCOPE"),
    bundle(
      "changed-opening",
      seal(run, (lines) =>
        change(lines, 5, { open: { content: "AAAA", field: "text", index: 3, salt: opening.salt.toString("base64") } }),
      ),
      4,
      "COMMITMENT_MISMATCH",
    ),
    bundle("cut-tail", `${good.split("\n").slice(0, -2).join("\n")}\n`, 5, "TRUNCATED"),
    bundle("cut-inside-line", good.slice(0, 2000), 5, "TRUNCATED"),
    bundle("changed-digest", good.replace(/("sha256":")./, "$1g"), 4, "BUNDLE_SYNTAX"),
    bundle("trailing-bytes", `${good}\n`, 4, "TRAILING_BYTES"),
    bundle(
      "not-canonical",
      seal(run, (lines) => lines.with(3, ` ${lines[3] ?? ""}`)),
      4,
      "NOT_CANONICAL",
    ),
    bundle("forged-root", seal({ ...run, note: forgeRoot(note) }), 4, "SIGNATURE_BAD"),
    bundle("other-log", seal({ ...run, note: checkpointNote(entries, other, witnesses) }), 4, "ORIGIN_MISMATCH"),
    bundle(
      "unknown-log",
      seal({ ...run, origin: other.name, note: checkpointNote(entries, other, witnesses) }),
      6,
      "LOG_NOT_TRUSTED",
    ),
    bundle("no-witness", seal({ ...run, note: checkpointNote(entries, log) }), 6, "QUORUM_NOT_MET"),
    bundle("empty", "", 5, "EMPTY"),
    bundle(
      "no-entries",
      seal(run, (lines) => lines.slice(0, 1)),
      5,
      "EMPTY",
    ),
    { ...bundle("good-proof", proofText(entries[4] ?? ""), 0, null), kind: "proof" },
    { ...bundle("proof-of-another-entry", proofText(forged), 4, "ROOT_MISMATCH"), kind: "proof" },
    { ...bundle("proof-without-entry", proofText("x").replace(/extra .*\n/, ""), 5, "ENTRY_MISSING"), kind: "proof" },
  ];
}

function forgeRoot(note: string): string {
  const [origin, size, , ...rest] = note.split("\n");
  return [origin, size, Buffer.alloc(32, 1).toString("base64"), ...rest].join("\n");
}

function swapProofs(lines: string[]): string[] {
  const at = lines.flatMap((line, number) =>
    line.includes('"proof":[') && line.startsWith('{"entry"') ? [number] : [],
  );
  const [one = 0, two = 0] = at;
  const [a, b] = [JSON.parse(lines[one] ?? "{}"), JSON.parse(lines[two] ?? "{}")];
  return lines.with(one, canonicalText({ ...a, proof: b.proof })).with(two, canonicalText({ ...b, proof: a.proof }));
}
