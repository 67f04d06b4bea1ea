import type { SqlValue, Transaction } from "@writ/store";

import type { PreparedPrivate } from "./entry.ts";
import type { LedgerSql } from "./sql.ts";

/** A private field that is still there. */
export interface OpenedPrivate {
  readonly content: Uint8Array;
  readonly salt: Uint8Array;
}

/** A private field to be stored with its entry. */
export interface PlacedPrivate extends PreparedPrivate {
  readonly index: number;
}

/**
 * Where private content lies (spec ledger.md §9). SQLite keeps it as it is, because it is overwritten in place there;
 * where copies outlive deletes it is sealed under a key per subject that can be destroyed.
 */
export interface PrivateVault {
  store(tx: Transaction, fields: readonly PlacedPrivate[]): Promise<void>;
  open(tx: Transaction, index: number, field: string): Promise<OpenedPrivate | undefined>;
  erase(tx: Transaction, fields: readonly { readonly index: number; readonly field: string }[]): Promise<void>;
  /** Destroys what opens a subject's content, once its rows are gone. */
  forget(subject: string): Promise<void>;
}

/** Content as it is. */
export function plainVault(sql: LedgerSql): PrivateVault {
  return {
    async store(tx, fields) {
      await tx.runMany(
        sql.privateAdd,
        fields.map((one) => privateRow(one, one.content)),
      );
    },
    open: (tx, index, field) => readPrivate(tx, sql, index, field),
    erase: (tx, fields) => dropPrivate(tx, sql, fields),
    forget: () => Promise.resolve(),
  };
}

export function privateRow(field: PlacedPrivate, body: Uint8Array): readonly SqlValue[] {
  return [field.index, field.field, field.salt, body, subjectBytes(field.subject)];
}

/** A stored row: content as stored, salt, and the subject's id. */
export async function readPrivate(
  tx: Transaction,
  sql: LedgerSql,
  index: number,
  field: string,
): Promise<(OpenedPrivate & { readonly subject: string | undefined }) | undefined> {
  const row = await tx.get(sql.privateGet, [index, field]);
  const { body: content, salt, subject } = row ?? {};
  if (!(content instanceof Uint8Array) || !(salt instanceof Uint8Array)) return undefined;
  return { content, salt, subject: subject instanceof Uint8Array ? Buffer.from(subject).toString("utf8") : undefined };
}

export async function dropPrivate(
  tx: Transaction,
  sql: LedgerSql,
  fields: readonly { readonly index: number; readonly field: string }[],
): Promise<void> {
  for (const { index, field } of fields) await tx.run(sql.privateDrop, [index, field]);
}

/** A subject's id as its column holds it. */
export function subjectBytes(subject: string | undefined): Uint8Array | null {
  return subject === undefined ? null : Buffer.from(subject, "utf8");
}
