import type { Database } from "@writ/store";

/** Which log of a database: PostgreSQL holds many, a SQLite file is one. */
export interface LogAddress {
  readonly dialect: Database["dialect"];
  /** The log's number; only PostgreSQL stores it. */
  readonly log: number;
}

export type LedgerSql = ReturnType<typeof ledgerSql>;

/**
 * Every statement of the ledger, once, as text for one log. PostgreSQL has `log` in front of each key, given as a
 * literal so that parameters count the same on both; the head row is locked there, while a SQLite write transaction
 * already is alone. Texts are built once per open log, because drivers look prepared statements up by identity.
 */
export function ledgerSql({ dialect, log }: LogAddress) {
  const many = dialect === "postgres";
  const column = many ? "log, " : "";
  const value = many ? `${log}, ` : "";
  const only = many ? ` AND log = ${log}` : "";
  const all = many ? ` WHERE log = ${log}` : "";
  const headColumns = many ? "log" : "one";
  const headValue = many ? `${log}` : "1";
  const insert = (table: string, columns: string, places: string) =>
    `INSERT INTO ${table} (${column}${columns}) VALUES (${value}${places})`;
  const key = (columns: string) => `${column}${columns}`;
  return {
    metaGet: `SELECT v FROM meta WHERE k = ?${only}`,
    metaAdd: `${insert("meta", "k, v", "?, ?")} ON CONFLICT (${key("k")}) DO NOTHING`,
    metaDrop: `DELETE FROM meta WHERE k = ?${only}`,
    metaPut: `${insert("meta", "k, v", "?, ?")} ON CONFLICT (${key("k")}) DO UPDATE SET v = excluded.v`,
    headAdd: `INSERT INTO head (${headColumns}, size, root, frontier, ver) VALUES (${headValue}, 0, ?, ?, 0)
      ON CONFLICT (${headColumns}) DO NOTHING`,
    headGet: `SELECT size, root, frontier, ver FROM head WHERE ${headColumns} = ${headValue}`,
    headLock: `SELECT size, root, frontier, ver FROM head WHERE ${headColumns} = ${headValue}${many ? " FOR UPDATE" : ""}`,
    signLock: `SELECT v FROM meta WHERE k = 'origin'${only}${many ? " FOR UPDATE" : ""}`,
    headPut: `UPDATE head SET size = ?, root = ?, frontier = ?, ver = ver + 1
      WHERE ${headColumns} = ${headValue} AND ver = ?`,
    // One owner counts what went in; among nodes a taken id fails the transaction, so that COMMIT may follow at once.
    entryAdd: insert("entry", "idx, id, body", "?, ?, ?") + (many ? "" : ` ON CONFLICT (${key("id")}) DO NOTHING`),
    entryAt: `SELECT idx, body FROM entry WHERE idx = ?${only}`,
    entryById: `SELECT idx, body FROM entry WHERE id = ?${only}`,
    entryRange: `SELECT idx, body FROM entry WHERE idx >= ? AND idx < ?${only} ORDER BY idx`,
    entryLast: `SELECT max(idx) AS idx FROM entry${all}`,
    tileAdd: insert("tile", "pos, hashes", "?, ?"),
    tileGet: `SELECT hashes FROM tile WHERE pos = ?${only}`,
    sourceGet: `SELECT next FROM source WHERE id = ?${only}`,
    sourcePut: `${insert("source", "id, next", "?, ?")} ON CONFLICT (${key("id")}) DO UPDATE SET next = excluded.next`,
    guardGet: `SELECT idx FROM guard WHERE key = ?${only}`,
    guardAdd: insert("guard", "key, idx", "?, ?"),
    privateAdd: insert("private_content", "idx, field, salt, body, subject", "?, ?, ?, ?, ?"),
    privateGet: `SELECT salt, body, subject FROM private WHERE idx = ? AND field = ?${only}`,
    privateOf: `SELECT idx, field FROM private WHERE subject = ?${only} ORDER BY idx, field`,
    privateAfter: `SELECT p.idx AS idx, p.field AS field, p.subject AS subject, e.body AS body
      FROM private p JOIN entry e ON e.idx = p.idx${many ? ` AND p.log = ${log} AND e.log = ${log}` : ""}
      WHERE (p.idx, p.field) > (?, ?) ORDER BY p.idx, p.field LIMIT 256`,
    // Same sizes, so that SQLite overwrites the row where it lies, its overflow pages included.
    privateDrop: many
      ? `DELETE FROM private_content WHERE idx = ? AND field = ?${only}`
      : `UPDATE private_content SET salt = zeroblob(length(salt)), body = zeroblob(length(body)),
         subject = zeroblob(length(subject)), erased = 1 WHERE idx = ? AND field = ?`,
    checkpointPut: `${insert("checkpoint", "size, root, note, at, shown", "?, ?, ?, ?, ?")}
      ON CONFLICT (${key("size")}) DO UPDATE SET note = excluded.note, at = excluded.at,
      shown = CASE WHEN checkpoint.shown > excluded.shown THEN checkpoint.shown ELSE excluded.shown END`,
    checkpointMove: `UPDATE checkpoint SET size = ?, root = ?, note = ?, at = ? WHERE size = ? AND shown = 0${only}`,
    checkpointNewest: `SELECT size, root, note, at, shown FROM checkpoint${all} ORDER BY size DESC LIMIT 1`,
    checkpointShown: `SELECT size, at FROM checkpoint WHERE shown = 1${only} ORDER BY size DESC LIMIT 1`,
    checkpointAt: `SELECT size, root, note, shown FROM checkpoint WHERE size = ?${only}`,
    checkpointOld: `SELECT size, at FROM checkpoint WHERE size > ? AND shown = 0 AND at < ?${only} ORDER BY size LIMIT 1000`,
    checkpointDrop: `DELETE FROM checkpoint WHERE size = ? AND shown = 0${only}`,
  } as const;
}

/** Position of a tile in its table: level × 2^48 + number. */
export function tilePosition(level: number, number: number): number {
  return level * 2 ** 48 + number;
}
