import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

import { VerifyError } from "./errors.ts";
import type { FieldName } from "./gone-fields.ts";

/** `WRIT` in ASCII: the application id in the header of a log's file. */
const APPLICATION_ID = 0x57524954;
/** Enough to see what kind of damage it is. */
const FAULTS_MAX = 10;
/** Private fields are seen through a view, which leaves out those that were overwritten. */
const TABLES = ["meta", "head", "entry", "tile", "source", "checkpoint"];

export interface HeadRow {
  readonly size: number;
  readonly root: Uint8Array;
  readonly frontier: Uint8Array;
}
export interface EntryRow {
  readonly idx: number;
  readonly id: Uint8Array;
  readonly body: string;
}
export interface CheckpointRow {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}
export interface PrivateRow {
  readonly idx: number;
  readonly field: string;
  readonly salt: Uint8Array;
  readonly body: Uint8Array;
}

/** What is wrong with the tables themselves, whatever their rows say. */
export interface TableFaults {
  readonly faults: readonly string[];
  readonly repeatedId: boolean;
}

/** The tables of a SQLite log (spec ledger.md §5), read-only and in one snapshot. Rows are as hostile as the file. */
export class LogRows {
  readonly #database: DatabaseSync;

  /** `FILE_UNREADABLE` or `FILE_UNKNOWN`. */
  constructor(path: string) {
    try {
      this.#database = open(path);
    } catch (cause) {
      throw unreadable(path, cause);
    }
    if (this.#number("PRAGMA application_id", "application_id") !== APPLICATION_ID) {
      this.close();
      throw new VerifyError({
        code: "FILE_UNKNOWN",
        message: `\`${path}\` is a database, but no log of Writ`,
        reason: "its application id is another",
        next: "name the log's own file, usually `log.db` in the data home",
      });
    }
  }

  close(): void {
    this.#database.close();
  }

  meta(key: string): string | undefined {
    const value = this.#get("SELECT v FROM meta WHERE k = ?", key)?.["v"];
    return typeof value === "string" ? value : undefined;
  }

  head(): HeadRow | undefined {
    const row = this.#get("SELECT size, root, frontier FROM head");
    if (row === undefined) return undefined;
    return { size: numberOf(row["size"]), root: bytesOf(row["root"]), frontier: bytesOf(row["frontier"]) };
  }

  /** 0 for an empty log. */
  smallestIndex(): number {
    return this.#number("SELECT coalesce(min(idx), 0) AS n FROM entry", "n");
  }

  largestIndex(): number {
    return this.#number("SELECT coalesce(max(idx), -1) AS n FROM entry", "n");
  }

  *entries(from: number, to: number): Generator<EntryRow> {
    const rows = this.#database
      .prepare("SELECT idx, id, body FROM entry WHERE idx >= ? AND idx < ? ORDER BY idx")
      .iterate(from, to);
    for (const row of rows) {
      requireEntryRow(row);
      yield row;
    }
  }

  *checkpoints(order: "rising" | "falling"): Generator<CheckpointRow> {
    const direction = order === "rising" ? "ASC" : "DESC";
    const rows = this.#database.prepare(`SELECT size, root, note FROM checkpoint ORDER BY size ${direction}`).iterate();
    for (const row of rows) {
      yield { size: numberOf(row["size"]), root: bytesOf(row["root"]), note: textOf(row["note"]) };
    }
  }

  /** Sizes of checkpoints between two others. */
  checkpointSizes(from: number, to: number): number[] {
    const rows = this.#database.prepare("SELECT size FROM checkpoint WHERE size > ? AND size < ? ORDER BY size");
    return rows.all(from, to).map((row) => numberOf(row["size"]));
  }

  *privates(from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER): Generator<PrivateRow> {
    const rows = this.#database
      .prepare("SELECT idx, field, salt, body FROM private WHERE idx >= ? AND idx < ? ORDER BY idx, field")
      .iterate(from, to);
    for (const row of rows) {
      const { idx, field, salt, body } = row;
      yield { idx: numberOf(idx), field: textOf(field), salt: bytesOf(salt), body: bytesOf(body) };
    }
  }

  hasPrivate({ index, field }: FieldName): boolean {
    return this.#get("SELECT 1 AS n FROM private WHERE idx = ? AND field = ?", index, field) !== undefined;
  }

  /** Looks through every page, row and index; a lookup goes by an index, so a wrong one hides rows. */
  tableFaults(): TableFaults {
    return { faults: this.#faults(), repeatedId: this.#hasRepeatedId() };
  }

  *sources(): Generator<{ readonly id: string; readonly next: number }> {
    for (const row of this.#database.prepare("SELECT id, next FROM source").iterate()) {
      yield { id: new TextDecoder().decode(bytesOf(row["id"])), next: numberOf(row["next"]) };
    }
  }

  tile(level: number, number: number): Uint8Array | undefined {
    const row = this.#get("SELECT hashes FROM tile WHERE pos = ?", level * 2 ** 48 + number);
    return row === undefined ? undefined : bytesOf(row["hashes"]);
  }

  tileCount(): number {
    return this.#number("SELECT count(*) AS n FROM tile", "n");
  }

  // What SQLite itself finds, at most `FAULTS_MAX` of it.
  #faults(): readonly string[] {
    const rows = this.#database.prepare(`PRAGMA integrity_check(${FAULTS_MAX})`).all();
    const faults = rows.map(({ integrity_check }) => String(integrity_check)).filter((fault) => fault !== "ok");
    return [...faults, ...this.#notTables()];
  }

  // What has no page of its own is a view or computed by a module, and may answer each reader differently.
  #notTables(): readonly string[] {
    const rows = this.#database.prepare(
      "SELECT name FROM sqlite_schema WHERE rootpage = 0 AND name IN (SELECT value FROM json_each(?))",
    );
    return rows.all(JSON.stringify(TABLES)).map(({ name }) => `\`${String(name)}\` is not kept as a table`);
  }

  #hasRepeatedId(): boolean {
    return this.#get("SELECT 1 AS n FROM entry GROUP BY id HAVING count(*) > 1 LIMIT 1") !== undefined;
  }

  #get(sql: string, ...parameters: (string | number)[]): Record<string, unknown> | undefined {
    return this.#database.prepare(sql).get(...parameters);
  }

  #number(sql: string, column: string): number {
    return numberOf(this.#get(sql)?.[column]);
  }
}

/**
 * A log is kept in WAL mode, which even a reader needs files beside the database for. On a medium where none can be made, a
 * file without a WAL is all there is of the log, and is read as one that nobody changes meanwhile.
 */
function open(path: string): DatabaseSync {
  try {
    return begun(path);
  } catch (error) {
    if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) throw error;
    const unchanging = pathToFileURL(path);
    unchanging.searchParams.set("immutable", "1");
    return begun(unchanging);
  }
}

function begun(file: string | URL): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -4096; BEGIN");
    database.prepare("PRAGMA application_id").get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The row itself is handed on: a log has millions of them. */
function requireEntryRow(row: Record<string, unknown>): asserts row is Record<string, unknown> & EntryRow {
  numberOf(row["idx"]);
  bytesOf(row["id"]);
  textOf(row["body"]);
}

function numberOf(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw damaged("a column that holds numbers holds something else");
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw damaged("a column that holds text holds something else");
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw damaged("a column that holds bytes holds something else");
}

function damaged(reason: string): VerifyError {
  return new VerifyError({ code: "ENCODING", message: "the database does not have the tables of a log", reason });
}

function unreadable(path: string, cause: unknown): VerifyError {
  return new VerifyError({
    code: "FILE_UNREADABLE",
    message: `\`${path}\` cannot be opened as a database`,
    reason: cause instanceof Error ? cause.message : String(cause),
    next: "check that the file is there, whole, and may be read",
    cause,
  });
}
