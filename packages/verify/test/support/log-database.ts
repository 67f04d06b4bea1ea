import { DatabaseSync } from "node:sqlite";

import { checkpointText, cover, leafOf, naiveRoot } from "./log-maker.ts";
import type { Opening, Signer } from "./log-maker.ts";

export interface LogParts {
  readonly entries: readonly string[];
  readonly log: Signer;
  /** Sizes at which a checkpoint is stored. */
  readonly checkpoints: readonly number[];
  readonly witness?: { readonly signer: Signer; readonly time: number };
  readonly openings?: ReadonlyMap<number, readonly Opening[]>;
}

/** Writes a log's file by the tables of spec ledger.md §5, without triggers so that tests can tamper with it. */
export function writeLogDatabase(path: string, { entries, log, checkpoints, witness, openings }: LogParts): void {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA application_id = 1465010516; BEGIN;
CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT;
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL,
                   frontier BLOB NOT NULL, ver INTEGER NOT NULL) STRICT;
CREATE TABLE entry (idx INTEGER PRIMARY KEY, id BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX entry_id ON entry (id);
CREATE TABLE tile (pos INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
CREATE TABLE source (id BLOB PRIMARY KEY, next INTEGER NOT NULL) STRICT;
CREATE TABLE private (idx INTEGER NOT NULL, field TEXT NOT NULL, salt BLOB NOT NULL, body BLOB NOT NULL,
                      subject BLOB, PRIMARY KEY (idx, field)) STRICT;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL,
                         shown INTEGER NOT NULL) STRICT;`);
  const leaves = entries.map(leafOf);
  const addEntry = db.prepare("INSERT INTO entry VALUES (?, ?, ?)");
  const next = new Map<string, number>();
  for (const [index, text] of entries.entries()) {
    const { id, src } = JSON.parse(text) as { id: string; src: { id: string; n: number } };
    addEntry.run(index, Buffer.from(id.replaceAll("-", ""), "hex"), text);
    next.set(src.id, src.n + 1);
    for (const { field, salt, content } of openings?.get(index) ?? []) {
      db.prepare("INSERT INTO private VALUES (?, ?, ?, ?, NULL)").run(index, field, salt, content);
    }
  }
  for (const [id, count] of next) db.prepare("INSERT INTO source VALUES (?, ?)").run(Buffer.from(id), count);
  let hashes = leaves;
  for (let level = 0; hashes.length >= 256; level += 1) {
    const above: Buffer[] = [];
    for (let number = 0; (number + 1) * 256 <= hashes.length; number += 1) {
      const tile = hashes.slice(number * 256, (number + 1) * 256);
      db.prepare("INSERT INTO tile VALUES (?, ?)").run(level * 2 ** 48 + number, Buffer.concat(tile));
      above.push(naiveRoot(tile));
    }
    hashes = above;
  }
  for (const size of checkpoints) {
    const root = naiveRoot(leaves.slice(0, size));
    const text = checkpointText(log.name, size, root);
    const seen = witness === undefined ? "" : witness.signer.line(text, witness.time);
    db.prepare("INSERT INTO checkpoint VALUES (?, ?, ?, 0, 0)").run(size, root, `${text}\n${log.line(text)}${seen}`);
  }
  db.prepare("INSERT INTO meta VALUES ('origin', ?)").run(log.name);
  const frontier = Buffer.concat(cover(0, entries.length, leaves));
  db.prepare("INSERT INTO head VALUES (1, ?, ?, ?, 0)").run(entries.length, naiveRoot(leaves), frontier);
  db.exec("COMMIT");
  db.close();
}
