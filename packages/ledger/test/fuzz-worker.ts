import { parentPort, workerData } from "node:worker_threads";

import { isWritError, parseJson as canonJson } from "@writ/canon";
import {
  parseCheckpoint,
  parseEntry,
  parseJson,
  parseNote,
  parsePolicy,
  parseTilePath,
  parseTlogProof,
  parseVerifierKey,
  verifyBundle,
  VerifyError,
} from "@writ/verify";

import { parseCheckpoint as ownCheckpoint } from "../src/checkpoint.ts";
import { parseEntry as ownEntry } from "../src/entry.ts";
import { parseNote as ownNote } from "../src/note.ts";
import { parseVkey } from "../src/vkey.ts";
import { seeded } from "./disk-states.ts";

export interface FuzzTask {
  readonly format: keyof typeof READERS;
  /** Good texts that the inputs are near to. */
  readonly corpus: readonly string[];
  readonly policy: string;
  readonly seed: number;
  readonly count: number;
}

export interface FuzzResult {
  readonly read: number;
  /** Inputs that ended in anything but an answer or a refusal by name. */
  readonly crashed: readonly string[];
  /** Inputs that took longer than the limit, again and again. */
  readonly slow: readonly string[];
  /** Inputs that writer and verifier, which share no code, judge differently. */
  readonly disputed: readonly string[];
}

type Read = (text: string, policy: string) => unknown;

/** The verifier's reader of each format, and the writer's where it has one. */
const READERS = {
  note: [parseNote, ownNote],
  checkpoint: [parseCheckpoint, ownCheckpoint],
  proof: [parseTlogProof],
  policy: [parsePolicy],
  vkey: [parseVerifierKey, parseVkey],
  "tile path": [parseTilePath],
  entry: [(text: string) => parseEntry(text.toWellFormed()), (text: string) => ownEntry(Buffer.from(text))],
  json: [(text: string) => parseJson(text), (text: string) => canonJson(text)],
  bundle: [(text: string, policy: string) => verifyBundle([Buffer.from(text)], { policy: parsePolicy(policy) })],
} as const satisfies Record<string, readonly Read[]>;

function never(): never {
  throw new Error("no reader");
}

const LIMIT_MS = 100;
const KEPT_MAX = 5;

async function fuzz({ format, corpus, policy, seed, count }: FuzzTask): Promise<FuzzResult> {
  const random = seeded(seed);
  const readers: readonly Read[] = READERS[format];
  const [theirs = never, ours] = readers;
  const result = { read: 0, crashed: [] as string[], slow: [] as string[], disputed: [] as string[] };
  const keep = (list: string[], input: string) =>
    void (list.length < KEPT_MAX && list.push(JSON.stringify(input.slice(0, 2_000))));
  for (let n = 0; n < count; n++) {
    const input = mutated(corpus, random);
    const verdict = await judge(theirs, input, policy);
    if (verdict.is === "read") result.read++;
    if (verdict.is === "crashed") keep(result.crashed, input);
    if (verdict.ms > LIMIT_MS && (await isSlow(theirs, input, policy))) keep(result.slow, input);
    if (ours === undefined) continue;
    const own = await judge(ours, input, policy);
    if (own.is === "crashed") keep(result.crashed, input);
    // A writer holds its entries to more rules than a reader of others' entries may ask for.
    const fits = own.is === verdict.is || (format === "entry" && verdict.is === "read");
    if (!fits) keep(result.disputed, input);
  }
  return result;
}

async function judge(read: Read, input: string, policy: string) {
  const start = performance.now();
  const is = await Promise.resolve()
    .then(() => read(input, policy))
    .then(
      () => "read" as const,
      (error: unknown) => (error instanceof VerifyError || isWritError(error) ? "refused" : "crashed"),
    );
  return { is, ms: performance.now() - start };
}

/** Another process may have had the machine: what is slow once is asked again. */
async function isSlow(read: Read, input: string, policy: string): Promise<boolean> {
  for (let again = 0; again < 5; again++) if ((await judge(read, input, policy)).ms <= LIMIT_MS) return false;
  return true;
}

const ODD = ["", "\n", "\n\n", "\u2014 ", "+", "=", "\0", "\ud800", "\u{1f600}", "\u00a0", "9".repeat(40)].concat([
  "[".repeat(99),
  '{"a":',
  "\\u",
  "-0",
  "1e999",
  "none",
  "__proto__",
  '"',
  ",",
  "//",
  "0x",
  "AAAA",
  "\r",
  "\t",
  " ",
]);

/** One to four changes of a good text: a character, a piece gone, doubled, moved or from elsewhere, something odd. */
function mutated(corpus: readonly string[], random: () => number): string {
  const below = (end: number) => Math.floor(random() * end);
  let text = corpus[below(corpus.length)] ?? "";
  for (let change = 1 + below(4); change > 0; change--) {
    const at = below(text.length + 1);
    const end = Math.min(text.length, at + 1 + below(30));
    const [head, piece, tail] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
    const other = corpus[below(corpus.length)] ?? "";
    const from = below(other.length + 1);
    const kinds = [
      () => head + String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << below(7))) + text.slice(at + 1),
      () => head + String.fromCharCode(32 + below(95)) + text.slice(at + 1),
      () => head + tail,
      () => head + piece + piece + tail,
      () => head + (ODD[below(ODD.length)] ?? "") + tail,
      () => head + (ODD[below(ODD.length)] ?? "") + piece + tail,
      () => head + other.slice(from, from + below(80)) + tail,
    ];
    text = (kinds[below(kinds.length)] ?? kinds[0])?.() ?? text;
  }
  return text;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the test that starts this worker gives it
const result = await fuzz(workerData as FuzzTask);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
parentPort?.postMessage(result);
