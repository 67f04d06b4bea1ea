import { createCipheriv, createDecipheriv } from "node:crypto";

import { corrupt } from "./ledger-error.ts";
import { dropPrivate, privateRow, readPrivate } from "./private-vault.ts";
import type { PrivateVault } from "./private-vault.ts";
import type { LedgerSql } from "./sql.ts";

/**
 * Keys of subjects, kept where a delete is a delete: with the key home, in no backup of the database. Content without
 * a subject is sealed under the subject `""`.
 */
export interface SubjectKeys {
  /** The subject's 32-byte key, made and durable when it had none. */
  make(subject: string): Promise<Uint8Array>;
  /** The key, if there is one. */
  find(subject: string): Promise<Uint8Array | undefined>;
  /** Destroys it for good. */
  destroy(subject: string): Promise<void>;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Content sealed with AES-256-GCM under its subject's key (spec ledger.md §9): nonce, ciphertext, tag, with the
 * entry's index and the field's name authenticated. Destroying the key erases every copy of the rows.
 */
export function sealedVault(
  keys: SubjectKeys,
  random: (bytes: number) => Uint8Array,
): (sql: LedgerSql) => PrivateVault {
  return (sql) => ({
    async store(tx, fields) {
      const rows = [];
      for (const one of fields) {
        const key = await keys.make(one.subject ?? "");
        rows.push(privateRow(one, seal(key, random(NONCE_BYTES), address(one.index, one.field), one.content)));
      }
      await tx.runMany(sql.privateAdd, rows);
    },
    async open(tx, index, field) {
      const row = await readPrivate(tx, sql, index, field);
      if (row === undefined) return undefined;
      const key = await keys.find(row.subject ?? "");
      if (key === undefined) return undefined;
      return { content: unseal(key, address(index, field), row.content), salt: row.salt };
    },
    erase: (tx, fields) => dropPrivate(tx, sql, fields),
    forget: (subject) => keys.destroy(subject),
  });
}

function address(index: number, field: string): Buffer {
  return Buffer.from(`writ.seal.v1\n${index}\n${field}`, "utf8");
}

function seal(key: Uint8Array, nonce: Uint8Array, about: Uint8Array, content: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(about);
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: Uint8Array, about: Uint8Array, sealed: Uint8Array): Uint8Array {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw corrupt("sealed content is too short", "it has a nonce and a tag");
  const end = sealed.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(about)
      .setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch (error) {
    throw corrupt("sealed content does not open under its subject's key", "it was changed", error);
  }
}
