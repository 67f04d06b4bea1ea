import { createHash } from "node:crypto";

import { canonicalize, compareCodeUnits, toBase64 } from "@writ/canon";
import type { JsonValue } from "@writ/canon";

import { corrupt, outOfRange } from "./ledger-error.ts";
import type { OpenLedger } from "./log-ledger.ts";
import type { StoredEntry } from "./port.ts";
import { alignedStretches } from "./proof.ts";

/** Which entries a bundle holds. */
export type BundleSelection =
  /** `policies`: indexes, rising, of `policy.changed` entries that go with the run. */
  | { readonly run: string; readonly policies?: readonly number[] }
  | { readonly tenant: string }
  | { readonly range: readonly [from: number, to: number] }
  /** Every entry of an action, whether or not it belongs to a run: exported as a list of indexes. */
  | { readonly action: string }
  | { readonly entries: readonly number[] };

export interface BundleOptions {
  /** Whether private fields that are still there are opened. Default true. */
  readonly open?: boolean;
  /** Sizes of earlier checkpoints that the reader may remember: a consistency proof for each. */
  readonly since?: readonly number[];
  /** Indexes of the selection where a view knows them, rising; else the log is read through. */
  readonly indexes?: AsyncIterable<number> | Iterable<number>;
}

/** A stretch starts anew at each multiple of this, so that a failure is located. */
const STRETCH_ENTRIES = 1_024;
const LISTED_ENTRIES_MAX = 65_536;
const SINCE_MAX = 64;

/**
 * The lines of a bundle (docs/reference/bundle.md), each with its newline. The checkpoint is of the head as it is
 * now, its signer's memory durable before the first line is given out; of a log that takes nothing more, the newest
 * that was signed. Throws `INDEX_OUT_OF_RANGE` for a selection
 * that is empty by its form, and what reading the log throws.
 */
export async function* exportBundle(
  ledger: OpenLedger,
  selection: BundleSelection,
  options: BundleOptions = {},
): AsyncGenerator<string, void, undefined> {
  const checkpoint = await ledger.provable();
  const size = checkpointSize(checkpoint);
  const { scope, entries } = await resolve(ledger, selection, size, options);
  const digest = createHash("sha256");
  let lines = 0;
  for await (const line of body(ledger, { checkpoint, size, scope, entries, options })) {
    digest.update(line);
    lines++;
    yield line;
  }
  yield jsonLine({ end: { lines, sha256: digest.digest("hex") } });
}

interface Body {
  readonly checkpoint: string;
  readonly size: number;
  readonly scope: JsonValue;
  readonly entries: AsyncIterable<StoredEntry>;
  readonly options: BundleOptions;
}

async function* body(ledger: OpenLedger, { checkpoint, size, scope, entries, options }: Body): AsyncGenerator<string> {
  yield jsonLine({ checkpoint, kind: "writ.bundle", origin: ledger.origin, scope, v: 1 });
  for (const first of sinceSizes(options.since ?? [], size)) {
    const proof = await ledger.consistencyProof(first, size);
    yield jsonLine({ consistency: { proof: proof.map(toBase64), size: first } });
  }
  for await (const stretch of stretches(entries)) yield* stretchLines(ledger, stretch, size, options.open ?? true);
}

/** Groups entries that follow each other, up to the next multiple of 1,024. */
async function* stretches(entries: AsyncIterable<StoredEntry>): AsyncGenerator<readonly StoredEntry[]> {
  let stretch: StoredEntry[] = [];
  for await (const entry of entries) {
    const last = stretch.at(-1);
    if (last !== undefined && (last.index + 1 !== entry.index || entry.index % STRETCH_ENTRIES === 0)) {
      yield stretch;
      stretch = [];
    }
    stretch.push(entry);
  }
  if (stretch.length > 0) yield stretch;
}

async function* stretchLines(
  ledger: OpenLedger,
  stretch: readonly StoredEntry[],
  size: number,
  open: boolean,
): AsyncGenerator<string> {
  const [first] = stretch;
  if (first === undefined) return;
  const alone = stretch.length === 1;
  if (!alone) yield await rangeLine(ledger, first.index, first.index + stretch.length, size);
  for (const { index, bytes, value } of stretch) {
    const entry = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
    const proof = alone ? { proof: (await ledger.inclusionProof(index, size)).map(toBase64) } : {};
    yield jsonLine({ entry, index, ...proof });
    if (open) yield* openLines(ledger, index, Object.keys(value.private ?? {}));
  }
}

async function rangeLine(ledger: OpenLedger, from: number, to: number, size: number): Promise<string> {
  const left = alignedStretches(0, from);
  const right = alignedStretches(to, size);
  const hashes = await ledger.hashes([...left, ...right], size);
  const texts = hashes.map(toBase64);
  return jsonLine({ range: { from, left: texts.slice(0, left.length), right: texts.slice(left.length), to } });
}

async function* openLines(ledger: OpenLedger, index: number, fields: readonly string[]): AsyncGenerator<string> {
  for (const field of fields.toSorted(compareCodeUnits)) {
    const opened = await ledger.openPrivate(index, field);
    if (opened === undefined) continue;
    yield jsonLine({ open: { content: toBase64(opened.content), field, index, salt: toBase64(opened.salt) } });
  }
}

async function resolve(
  ledger: OpenLedger,
  selection: BundleSelection,
  size: number,
  { indexes }: BundleOptions,
): Promise<{ scope: JsonValue; entries: AsyncIterable<StoredEntry> }> {
  if ("range" in selection) {
    const [from, to] = selection.range;
    if (!(from < to && to <= size)) throw outOfRange(`\`${from}\` to \`${to}\` is not a range of a log of ${size}`);
    return { scope: { range: [from, to] }, entries: ledger.read(from, to) };
  }
  if ("entries" in selection) return listed(ledger, selection.entries, size);
  if ("action" in selection) {
    const found: number[] = [];
    for await (const { index } of matching(ledger, selection.action, size, isOfAction, indexes)) found.push(index);
    return listed(ledger, found, size);
  }
  if ("run" in selection) {
    const isOfRun = (entry: StoredEntry, run: string) => entry.value.run === run;
    const entries = matching(ledger, selection.run, size, isOfRun, indexes);
    return { scope: { run: selection.run }, entries: merged(fetch(ledger, selection.policies ?? [], size), entries) };
  }
  const isOfTenant = (entry: StoredEntry, tenant: string) => entry.value.who.tenant === tenant;
  return {
    scope: { tenant: selection.tenant },
    entries: matching(ledger, selection.tenant, size, isOfTenant, indexes),
  };
}

function isOfAction({ value }: StoredEntry, action: string): boolean {
  return value.run === action || value.data["action_id"] === action;
}

function listed(ledger: OpenLedger, given: readonly number[], size: number) {
  const entries = [...new Set(given)].sort((a, b) => a - b);
  if (entries.length === 0 || entries.length > LISTED_ENTRIES_MAX || (entries.at(-1) ?? size) >= size) {
    throw outOfRange(`${entries.length} entries below ${size} are not a list of 1 to ${LISTED_ENTRIES_MAX}`);
  }
  return { scope: { entries }, entries: fetch(ledger, entries, size) };
}

async function* matching(
  ledger: OpenLedger,
  text: string,
  size: number,
  matches: (entry: StoredEntry, text: string) => boolean,
  indexes: BundleOptions["indexes"],
): AsyncGenerator<StoredEntry> {
  const candidates =
    indexes === undefined ? ledger.readContaining(canonicalize(text), size) : fetch(ledger, indexes, size);
  for await (const entry of candidates) if (matches(entry, text)) yield entry;
}

/** Two rising lists as one. */
async function* merged(few: AsyncIterable<StoredEntry>, many: AsyncIterable<StoredEntry>): AsyncGenerator<StoredEntry> {
  const waiting: StoredEntry[] = [];
  for await (const entry of few) waiting.push(entry);
  for await (const entry of many) {
    while ((waiting[0]?.index ?? entry.index) < entry.index) yield* waiting.splice(0, 1);
    yield entry;
  }
  yield* waiting;
}

async function* fetch(
  ledger: OpenLedger,
  indexes: AsyncIterable<number> | Iterable<number>,
  size: number,
): AsyncGenerator<StoredEntry> {
  for await (const index of indexes) {
    if (index >= size) return;
    const entry = await ledger.get(index);
    if (entry === undefined) throw corrupt(`entry ${index} is missing`, "indexes have no gaps below the head");
    yield entry;
  }
}

function sinceSizes(since: readonly number[], size: number): readonly number[] {
  const sizes = [...new Set(since)].sort((a, b) => a - b).filter((first) => first !== size);
  if (sizes.length > SINCE_MAX) throw outOfRange(`${sizes.length} earlier checkpoints are more than ${SINCE_MAX}`);
  return sizes;
}

/** The size in a checkpoint of ours: its second line. */
export function checkpointSize(checkpoint: string): number {
  const size = Number(checkpoint.split("\n", 2)[1]);
  if (Number.isSafeInteger(size)) return size;
  throw corrupt("our own checkpoint has no size", "its second line is the size");
}

function jsonLine(value: JsonValue): string {
  return `${canonicalize(value)}\n`;
}
