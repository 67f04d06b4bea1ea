import type { Row, SqlValue, Transaction } from "@writ/store";

import { findDuplicates } from "./duplicate.ts";
import { EmitterCache } from "./emitters.ts";
import { renderEntry } from "./entry.ts";
import type { PreparedEntry } from "./entry.ts";
import { HASH_BYTES, leafHashOfText } from "./hash.ts";
import { corrupt, ledgerError } from "./ledger-error.ts";
import { planBatch } from "./plan.ts";
import type { Found, Plan } from "./plan.ts";
import type { PlacedPrivate, PrivateVault } from "./private-vault.ts";
import type { Waiting } from "./queue.ts";
import type { LedgerSql } from "./sql.ts";
import { tilePosition } from "./sql.ts";
import type { TileReader } from "./tile-reader.ts";
import { Tree } from "./tree.ts";

/** The log as its writer remembers it between two commits. */
export interface WriterMemory {
  tree: Tree;
  /** Version of the head row that `tree` belongs to. */
  version: number;
  /** A commit of ours may have happened unseen: the head may be one version further. */
  unsure: boolean;
  readonly ownId: string;
  ownNext: number;
  readonly emitters: EmitterCache;
}

export interface CommitPorts {
  readonly sql: LedgerSql;
  readonly vault: PrivateVault;
  readonly tiles: TileReader;
  /** One process owns the log: a head that moved under us is a fork, not news. */
  readonly soleOwner: boolean;
  /** Other rows of the same transaction, for example the note of the commit before. */
  readonly alongside?: (tx: Transaction) => Promise<void>;
  /** Tells other nodes, with the commit, that the log has `size` entries. */
  readonly announce?: (tx: Transaction, size: number) => Promise<void>;
}

export interface Written {
  readonly plan: Plan;
  /** Leaf hash of each placed entry, 32 bytes each, in order. */
  readonly leaves: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  /** Looks at what the statements answered; throws `IdTaken` or `LEDGER_FORKED`. */
  readonly confirm: () => Promise<void>;
}

/** An id of the batch is already in the log, so the transaction is rolled back and the batch looked at with care. */
export class IdTaken extends Error {}

/**
 * Writes one batch inside a write transaction (spec ledger.md §6 step 4): entries, private parts, tiles, guards,
 * counters and head are there together or not at all. The common case inserts without looking ids up first; `careful`
 * looks first. On success the memory is ahead of the database until the transaction commits: the caller restores it
 * when that fails.
 */
export async function writeBatch(
  tx: Transaction,
  ports: CommitPorts,
  memory: WriterMemory,
  batch: readonly Waiting[],
  careful: boolean,
): Promise<Written> {
  await meetHead(tx, ports, memory);
  const plan = await agree(tx, ports, memory, batch, careful);
  if (ports.alongside !== undefined) await ports.alongside(tx);
  if (plan.placed.length === 0) {
    memory.ownNext = plan.ownNext;
    const { tree } = memory;
    return { plan, leaves: new Uint8Array(0), size: tree.size, root: tree.root(), confirm: async () => {} };
  }
  for (const [number, group] of batch.entries()) {
    if (plan.verdicts[number]?.is === "write" && group.alongside !== undefined) await group.alongside(tx);
  }
  const written = await sendAll(tx, ports, memory, plan);
  remember(memory, plan);
  // Where other nodes write too, a taken id or place is refused by the database itself, so COMMIT need not wait.
  if (ports.soleOwner) await written.confirm();
  return written;
}

/** Statements after the lock are sent together: on a network they cost one wait, not one each (spec ledger.md §6). */
async function sendAll(tx: Transaction, ports: CommitPorts, memory: WriterMemory, plan: Plan): Promise<Written> {
  const { sql } = ports;
  const { leaves, rows, privates } = placeEntries(memory.tree, plan);
  const inserted = tx.runMany(sql.entryAdd, rows);
  if (privates.length > 0) await ports.vault.store(tx, privates);
  const others: Promise<unknown>[] = [...(await sendTiles(tx, ports, memory.tree)), ...sendFacts(tx, sql, plan)];
  const root = memory.tree.root();
  const moved = tx.run(sql.headPut, [memory.tree.size, root, memory.tree.frontier(), memory.version]);
  if (ports.announce !== undefined) others.push(ports.announce(tx, memory.tree.size));
  // A failure fails the transaction too, where nobody comes to confirm.
  for (const other of others) other.catch(() => {});
  const confirm = async () => {
    await Promise.all(others);
    if ((await inserted) !== rows.length) throw new IdTaken();
    if ((await moved) !== 1) throw forked("the head moved inside our transaction");
  };
  return { plan, leaves, size: memory.tree.size, root, confirm };
}

async function meetHead(tx: Transaction, ports: CommitPorts, memory: WriterMemory): Promise<void> {
  const row = await tx.get(ports.sql.headLock);
  if (row === undefined) throw corrupt("the log has no head", "a log has exactly one");
  if (row["ver"] === memory.version) return;
  if (ports.soleOwner && !(memory.unsure && row["ver"] === memory.version + 1))
    throw forked(`the head has version ${String(row["ver"])}, not ${memory.version}`);
  memory.tree = treeOfHead(row);
  memory.version = Number(row["ver"]);
  memory.emitters.clear();
}

/** The tree whose head row this is. Throws `LEDGER_CORRUPT` where size and frontier do not fit. */
export function treeOfHead(row: Row): Tree {
  const size = Number(row["size"]);
  const frontier = row["frontier"];
  if (!(frontier instanceof Uint8Array) || frontier.length !== ones(size) * HASH_BYTES) {
    throw corrupt(`the frontier does not fit a log of ${size}`, "it has one hash for each 1-bit of the size");
  }
  return new Tree(size, frontier);
}

function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

async function agree(
  tx: Transaction,
  ports: CommitPorts,
  memory: WriterMemory,
  batch: readonly Waiting[],
  careful: boolean,
): Promise<Plan> {
  const guards = await takenGuards(tx, ports.sql, batch);
  const sources = await nextCounters(tx, ports.sql, memory.emitters, batch);
  const { ownId, ownNext } = memory;
  const known = { size: memory.tree.size, ownId, guards, sources };
  const look = (entries: readonly PreparedEntry[]) => findDuplicates(tx, ports.sql.entryById, ports.vault, entries);
  const entries = batch.flatMap((group) => group.entries);
  const found: ReadonlyMap<PreparedEntry, Found> = careful ? await look(entries) : new Map();
  const plan = planBatch(batch, { ...known, found, ownNext: ownCounter(ownNext, ownId, found) });
  // A retry meets its own guards and counters: before a refusal is believed, its ids are looked up.
  if (careful || plan.verdicts.every(({ is }) => is === "write" || is === "later")) return plan;
  const again = await look(entries);
  return planBatch(batch, { ...known, found: again, ownNext: ownCounter(ownNext, ownId, again) });
}

/** A commit that happened unseen took numbers of our own emitter: what is found of it moves the counter on. */
function ownCounter(next: number, ownId: string, found: ReadonlyMap<PreparedEntry, Found>): number {
  let counter = next;
  for (const { src } of found.values()) if (src.id === ownId) counter = Math.max(counter, src.n + 1);
  return counter;
}

async function takenGuards(tx: Transaction, sql: LedgerSql, batch: readonly Waiting[]): Promise<Map<string, number>> {
  const keys = [...new Set(batch.flatMap((group) => group.once))];
  const rows = await Promise.all(keys.map((key) => tx.get(sql.guardGet, [key])));
  const taken = new Map<string, number>();
  keys.forEach((key, position) => {
    const row = rows[position];
    if (row !== undefined) taken.set(key, Number(row["idx"]));
  });
  return taken;
}

async function nextCounters(
  tx: Transaction,
  sql: LedgerSql,
  emitters: EmitterCache,
  batch: readonly Waiting[],
): Promise<Map<string, number>> {
  const next = new Map<string, number>();
  for (const { src } of batch.flatMap((group) => group.entries)) {
    if (src === undefined || next.has(src.id)) continue;
    const known = emitters.get(src.id) ?? Number((await tx.get(sql.sourceGet, [idBytes(src.id)]))?.["next"] ?? 0);
    next.set(src.id, known);
  }
  return next;
}

function placeEntries(tree: Tree, plan: Plan) {
  const leaves = new Uint8Array(plan.placed.length * HASH_BYTES);
  const rows: SqlValue[][] = [];
  const privates: PlacedPrivate[] = [];
  plan.placed.forEach(({ entry, index, src }, position) => {
    const body = renderEntry(entry, src);
    leafHashOfText(body, leaves, position * HASH_BYTES);
    tree.append(leaves, position * HASH_BYTES);
    rows.push([index, entry.idBytes, body]);
    for (const field of entry.privates) privates.push({ ...field, index });
  });
  return { leaves, rows, privates };
}

async function sendTiles(tx: Transaction, ports: CommitPorts, tree: Tree): Promise<Promise<number>[]> {
  const full = tree.takeFullTiles();
  if (full.length === 0) return [];
  const rows: SqlValue[][] = [];
  for (const { level, number, hashes, missing } of full) {
    if (missing > 0) {
      const known = await ports.tiles.tile(tx, level, number, missing);
      hashes.set(known.subarray(0, missing * HASH_BYTES), 0);
    }
    rows.push([tilePosition(level, number), hashes]);
  }
  return [tx.runMany(ports.sql.tileAdd, rows)];
}

function sendFacts(tx: Transaction, sql: LedgerSql, plan: Plan): Promise<number>[] {
  const sent: Promise<number>[] = [];
  if (plan.guards.size > 0) sent.push(tx.runMany(sql.guardAdd, [...plan.guards]));
  if (plan.sources.size > 0) {
    const rows = [...plan.sources].map(([id, next]) => [idBytes(id), next]);
    sent.push(tx.runMany(sql.sourcePut, rows));
  }
  return sent;
}

function remember(memory: WriterMemory, plan: Plan): void {
  memory.version++;
  memory.ownNext = plan.ownNext;
  for (const [id, next] of plan.sources) memory.emitters.set(id, next);
}

function idBytes(id: string): Uint8Array {
  return Buffer.from(id, "utf8");
}

function forked(message: string) {
  return ledgerError({
    code: "LEDGER_FORKED",
    message,
    reason: "somebody else wrote to a log that one process owns",
    next: "stop the other writer, run `writ verify`, and start again",
  });
}
