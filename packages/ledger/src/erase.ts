import type { Database, Transaction } from "@writ/store";

import { outOfRange } from "./ledger-error.ts";
import type { AppendResult, NewEntry, Who } from "./port.ts";
import { subjectBytes } from "./private-vault.ts";
import type { PrivateVault } from "./private-vault.ts";
import type { LedgerSql } from "./sql.ts";

/** One private field of one entry. */
export interface FieldAddress {
  readonly index: number;
  readonly field: string;
}

/** What an erasure would remove, to be shown and approved before it is done. */
export interface ErasurePlan {
  /** The person whose content it is; absent when single fields were chosen. */
  readonly subject?: string;
  /** By index, then field. */
  readonly fields: readonly FieldAddress[];
}

export interface ErasureOrder {
  /** UUIDv7 of the `erasure` entry: the retry key. */
  readonly id: string;
  readonly who: Who;
  /** Why the law or the house asks for it, for example `gdpr-17`. */
  readonly ground: string;
  /** Opaque id of who approved it. */
  readonly approver: string;
}

export interface ErasurePorts {
  readonly database: Database;
  readonly sql: LedgerSql;
  readonly vault: PrivateVault;
  readonly append: (entry: NewEntry, alongside: (tx: Transaction) => Promise<void>) => Promise<AppendResult>;
  readonly truncateWal: () => Promise<void>;
}

/** Fields that one `erasure` entry can name within its 32 KiB. */
const FIELDS_PER_ERASURE = 400;
/** A row in `meta` while erased content may still lie in the write-ahead log. */
const WAL_HOLDS_ERASED = "wal_holds_erased";

/** Every private field of a subject that is still there. */
export async function planErasure({ database, sql }: ErasurePorts, subject: string): Promise<ErasurePlan> {
  const rows = await database.read((tx) => tx.all(sql.privateOf, [subjectBytes(subject)]));
  return { subject, fields: rows.map((row) => ({ index: Number(row["idx"]), field: String(row["field"]) })) };
}

/**
 * Removes private fields for good and records it (spec ledger.md §9): rows and `erasure` entry in one transaction, so
 * nothing is erased without a record, then the write-ahead log cut to nothing. The entries' commitments stay, and
 * nobody can test them against guesses, because the salts are gone. Throws `INDEX_OUT_OF_RANGE` for a plan that is
 * empty or too long for one entry, and what `append` throws.
 */
export async function erase(ports: ErasurePorts, plan: ErasurePlan, order: ErasureOrder): Promise<AppendResult> {
  if (plan.fields.length === 0 || plan.fields.length > FIELDS_PER_ERASURE) {
    throw outOfRange(`an erasure of ${plan.fields.length} fields is not one of 1 to ${FIELDS_PER_ERASURE}`);
  }
  const result = await ports.append(erasureEntry(plan, order), async (tx) => {
    await ports.vault.erase(tx, plan.fields);
    await tx.run(ports.sql.metaPut, [WAL_HOLDS_ERASED, "1"]);
  });
  if (plan.subject !== undefined) await ports.vault.forget(plan.subject);
  await finishErasure(ports);
  return result;
}

/** Cuts the write-ahead log if an erasure left content in it; a start does this for one that was interrupted. */
export async function finishErasure({
  database,
  sql,
  truncateWal,
}: Omit<ErasurePorts, "append" | "vault">): Promise<void> {
  const held = await database.read((tx) => tx.get(sql.metaGet, [WAL_HOLDS_ERASED]));
  if (held === undefined) return;
  await truncateWal();
  await database.write((tx) => tx.run(sql.metaDrop, [WAL_HOLDS_ERASED]));
}

function erasureEntry(plan: ErasurePlan, { id, who, ground, approver }: ErasureOrder): NewEntry {
  const byIndex = Map.groupBy(plan.fields, ({ index }) => index);
  const erased = [...byIndex].map(([index, fields]) => ({ index, fields: fields.map(({ field }) => field) }));
  return { id, kind: "erasure", who: { ...who, approver }, data: { ground, approver, erased } };
}
