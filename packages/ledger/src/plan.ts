import type { PreparedEntry } from "./entry.ts";
import { ledgerError } from "./ledger-error.ts";
import type { LedgerError } from "./ledger-error.ts";
import type { AppendResult } from "./port.ts";
import type { Waiting } from "./queue.ts";

/** An entry of the log that has the id of one that is to be appended. */
export interface Found {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly at: string;
  readonly src: { readonly id: string; readonly n: number };
  /** Whether it means the same as the new one. */
  readonly same: boolean;
}

/** What the log says about a batch before it is written. */
export interface Knowledge {
  readonly size: number;
  /** Next counter of the ledger's own emitter. */
  readonly ownNext: number;
  readonly ownId: string;
  /** Guards of the batch that are taken, and by which entry. */
  readonly guards: ReadonlyMap<string, number>;
  /** Next counter of each emitter of the batch. */
  readonly sources: ReadonlyMap<string, number>;
  /** Filled only when looked for: see `careful` in the writer. */
  readonly found: ReadonlyMap<PreparedEntry, Found>;
}

/** One entry at its place. */
export interface Placed {
  readonly entry: PreparedEntry;
  readonly index: number;
  readonly src: { readonly id: string; readonly n: number };
}

export type Verdict =
  | { readonly is: "write"; readonly placed: readonly Placed[] }
  | { readonly is: "duplicate"; readonly found: readonly Found[] }
  | { readonly is: "done"; readonly result: AppendResult & { readonly ok: false } }
  | { readonly is: "refused"; readonly error: LedgerError }
  /** Its ids are being written by an earlier group of the batch: look again when that is durable. */
  | { readonly is: "later" };

export interface Plan {
  /** One for each group, in order. */
  readonly verdicts: readonly Verdict[];
  readonly placed: readonly Placed[];
  /** Guards to insert. */
  readonly guards: ReadonlyMap<string, number>;
  /** Emitters other than our own, with their next counters. */
  readonly sources: ReadonlyMap<string, number>;
  readonly ownNext: number;
}

/**
 * Decides what a batch does (spec ledger.md §6 step 4), without touching anything. Groups are looked at in order of
 * arrival; a refused group leaves no trace in what follows. When several reasons apply to a group, the first of this
 * list counts: its id is in the log (a duplicate, or `ID_REUSED`), a guard is taken (`ALREADY_DONE`), an emitter's
 * counter is not the next one (`SEQUENCE_GAP`).
 */
export function planBatch(batch: readonly Waiting[], knowledge: Knowledge): Plan {
  const draft: Draft = {
    placed: [],
    ids: new Set(),
    guards: new Map(),
    sources: new Map(),
    ownNext: knowledge.ownNext,
  };
  const verdicts = batch.map((group) => planGroup(group, knowledge, draft));
  return { verdicts, placed: draft.placed, guards: draft.guards, sources: draft.sources, ownNext: draft.ownNext };
}

interface Draft {
  readonly placed: Placed[];
  readonly ids: Set<string>;
  readonly guards: Map<string, number>;
  readonly sources: Map<string, number>;
  ownNext: number;
}

function planGroup(group: Waiting, knowledge: Knowledge, draft: Draft): Verdict {
  const repeated = planDuplicate(group, knowledge);
  if (repeated !== undefined) return repeated;
  if (group.entries.some(({ id }) => draft.ids.has(id))) return { is: "later" };
  for (const guard of group.once) {
    const index = knowledge.guards.get(guard) ?? draft.guards.get(guard);
    if (index !== undefined) return { is: "done", result: { ok: false, code: "ALREADY_DONE", guard, index } };
  }
  const sources = new Map<string, number>();
  for (const { id, src } of group.entries) {
    if (src === undefined) continue;
    const next = sources.get(src.id) ?? draft.sources.get(src.id) ?? knowledge.sources.get(src.id) ?? 0;
    if (src.n !== next) return { is: "refused", error: gap(id, src, next) };
    sources.set(src.id, next + 1);
  }
  return place(group, knowledge, draft, sources);
}

function planDuplicate(group: Waiting, knowledge: Knowledge): Verdict | undefined {
  if (knowledge.found.size === 0) return undefined;
  const found = group.entries.map((entry) => knowledge.found.get(entry));
  if (found.every((one) => one === undefined)) return undefined;
  const same = found.filter((one): one is Found => one?.same === true);
  if (same.length === group.entries.length) return { is: "duplicate", found: same };
  const position = found.findIndex((one) => one !== undefined && !one.same);
  return { is: "refused", error: reused(group, position === -1 ? 0 : position) };
}

function place(group: Waiting, knowledge: Knowledge, draft: Draft, sources: ReadonlyMap<string, number>): Verdict {
  const first = knowledge.size + draft.placed.length;
  const placed = group.entries.map((entry, position) => ({
    entry,
    index: first + position,
    src: entry.src ?? { id: knowledge.ownId, n: draft.ownNext++ },
  }));
  draft.placed.push(...placed);
  for (const { id } of group.entries) draft.ids.add(id);
  for (const guard of group.once) draft.guards.set(guard, first);
  for (const [id, next] of sources) draft.sources.set(id, next);
  return { is: "write", placed };
}

function gap(id: string, src: { readonly id: string; readonly n: number }, next: number): LedgerError {
  return ledgerError({
    code: "SEQUENCE_GAP",
    message: `entry \`${id}\` has number ${src.n} of emitter \`${src.id}\`, the next is ${next}`,
    reason: "an emitter's entries come one after the other, so that a lost one shows",
    next: "append what is missing first",
    details: { expected: next, actual: src.n },
  });
}

function reused(group: Waiting, position: number): LedgerError {
  return ledgerError({
    code: "ID_REUSED",
    message: `the id \`${group.entries[position]?.id ?? ""}\` is in the log with another meaning`,
    reason: "an id names one entry for ever; a retry repeats the whole group unchanged",
    next: "make a new id for a new entry",
  });
}
