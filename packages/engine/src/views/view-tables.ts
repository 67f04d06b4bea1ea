import { canonicalize } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import type { Database, Row, SqlValue, Transaction } from "@writ/store";

import { engineError } from "../errors.ts";
import { principalText } from "../principal.ts";
import type { ActionRecord } from "./action-record.ts";
import { expiryOf } from "./action-record.ts";
import type { Folded, StoredAction } from "./fold.ts";
import type { FoldEntry } from "./fold-entry.ts";
import { parseDocument } from "./fold-entry.ts";
import type { Fact, FactDocument } from "./fold-fact.ts";
import { FOLD_VERSION, SQL, VIEW_MIGRATIONS, VIEW_TABLES } from "./schema.ts";

export interface Position {
  readonly position: number;
  readonly clockMs: number;
  /** False when the tables were made by other folding rules. */
  readonly current: boolean;
}

/** Creates what is missing and says how far the tables are. */
export async function openTables(database: Database): Promise<Position> {
  await database.migrate(VIEW_MIGRATIONS);
  return database.write(async (tx) => {
    const row = await tx.get(SQL.positionGet);
    if (row === undefined) await tx.run(SQL.positionAdd, [FOLD_VERSION]);
    if (row === undefined) return { position: 0, clockMs: 0, current: true };
    return {
      position: Number(row["position"]),
      clockMs: Number(row["clock_ms"]),
      current: row["fold"] === FOLD_VERSION,
    };
  });
}

/**
 * Writes what a batch folded to, and the position after it, in one transaction. INVARIANT: the position moves from
 * `from` alone, so a second engine on the same tables is found instead of followed.
 */
export async function writeFolded(
  tx: Transaction,
  { entries, folded, from, clockMs }: { entries: readonly FoldEntry[]; folded: Folded; from: number; clockMs: number },
): Promise<void> {
  const moved = await tx.run(SQL.positionPut, [from + entries.length, clockMs, FOLD_VERSION, from]);
  if (moved !== 1) throw positionMoved();
  await tx.runMany(
    SQL.entryAdd,
    entries.map(({ who, index, kind, run }) => [who.tenant, index, kind, run]),
  );
  await writeActions(tx, [...folded.actions.values()]);
  const tickets = folded.tickets.map(({ tenant, ticket, action }) => [tenant, ticket, action]);
  if (tickets.length > 0) await tx.runMany(SQL.ticketAdd, tickets);
  const facts = [...folded.facts.values()];
  if (facts.length > 0) await tx.runMany(SQL.factPut, facts.map(factRow));
  for (const { tenant, index, fields } of folded.erased) {
    if (fields.includes("contract")) await tx.run(SQL.contractDrop, [tenant, index]);
  }
}

async function writeActions(tx: Transaction, actions: readonly (StoredAction & { isNew: boolean })[]): Promise<void> {
  const added = actions.filter(({ isNew }) => isNew);
  if (added.length > 0) await tx.runMany(SQL.actionAdd, added.map(actionRow));
  for (const { record, isNew } of actions) {
    if (!isNew)
      await tx.run(SQL.actionPut, [
        record.state,
        expiryOf(record)?.ms ?? null,
        docText(record),
        record.tenant,
        record.id,
      ]);
  }
}

function actionRow({ record, contract }: StoredAction): readonly SqlValue[] {
  const { tenant, id, index, run, state, principal } = record;
  return [
    tenant,
    id,
    index,
    run,
    state,
    principalText(principal),
    expiryOf(record)?.ms ?? null,
    contract,
    docText(record),
  ];
}

function factRow({ tenant, kind, key, doc }: Fact): readonly SqlValue[] {
  return [tenant, kind, key, docText(doc)];
}

/** Records are documents of our own making, so the engine's own writer is enough. */
function docText(doc: ActionRecord | FactDocument): string {
  return JSON.stringify(doc);
}

export async function readAction(tx: Transaction, tenant: string, id: string): Promise<StoredAction | undefined> {
  const row = await tx.get(SQL.actionGet, [tenant, id]);
  return row === undefined ? undefined : storedAction(row);
}

export function storedAction(row: { readonly [column: string]: SqlValue }): StoredAction {
  const contract = row["contract"];
  return {
    record: parseDocument(String(row["doc"])) as unknown as ActionRecord,
    contract: typeof contract === "string" ? contract : null,
  };
}

export async function readFacts(tx: Transaction): Promise<readonly Fact[]> {
  const rows = await tx.all(SQL.factAll);
  return rows.map((row) => ({
    tenant: String(row["tenant"]),
    kind: row["kind"] as Fact["kind"],
    key: String(row["key"]),
    doc: parseDocument(String(row["doc"])) as unknown as FactDocument,
  }));
}

export async function emptyTables(tx: Transaction, from: number): Promise<void> {
  for (const table of VIEW_TABLES) await tx.run(`DELETE FROM ${table}`);
  if ((await tx.run(SQL.positionPut, [0, 0, FOLD_VERSION, from])) !== 1) throw positionMoved();
}

/** Canonical text of everything the views hold, for comparing rebuilt views with live ones. */
export async function dumpTables(database: Database): Promise<readonly string[]> {
  return database.read(async (tx) => {
    const lines: string[] = [];
    for (const table of ["view_position", ...VIEW_TABLES]) {
      const rows = await tx.all(`SELECT * FROM ${table}`);
      lines.push(...rows.map((row) => `${table} ${canonicalize(comparable(row))}`));
    }
    return lines.toSorted();
  });
}

/** Documents made from fresh entries and from stored ones differ in the order of their keys alone. */
function comparable({ doc, ...columns }: Row): JsonValue {
  const rest = columns as unknown as { readonly [column: string]: JsonValue };
  return typeof doc === "string" ? { ...rest, doc: parseDocument(doc) } : rest;
}

function positionMoved() {
  return engineError({
    code: "VIEWS_CORRUPT",
    message: "the views moved under this engine",
    reason: "each engine has views of its own; two share these",
    next: "give each engine its own views, or run `writ views rebuild`",
  });
}
