import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { WritError } from "@writ/canon";
import { LEDGER_APPLICATION_ID, LEDGER_MIGRATIONS } from "@writ/ledger";
import { storeError, type Transaction } from "@writ/store";

interface Table {
  readonly name: string;
  /** Columns in the order of `values`. */
  readonly columns: readonly string[];
  /**
   * What is selected for each column. Longer than the verifier reads it is cut, to a length that it refuses: whoever can
   * write the database does not choose how much memory a reader takes.
   */
  readonly values: readonly string[];
  readonly order: string;
}

const TABLES: readonly Table[] = [
  { name: "meta", columns: ["k", "v"], values: ["k", "substr(v, 1, 65536)"], order: "k" },
  {
    name: "head",
    columns: ["one", "size", "root", "frontier", "ver"],
    values: ["1", "size", "substr(root, 1, 33)", "substr(frontier, 1, 4096)", "ver"],
    order: "log",
  },
  {
    name: "entry",
    columns: ["idx", "id", "body"],
    values: ["idx", "substr(id, 1, 17)", "substr(body, 1, 32769)"],
    order: "idx",
  },
  { name: "tile", columns: ["pos", "hashes"], values: ["pos", "substr(hashes, 1, 8193)"], order: "pos" },
  { name: "source", columns: ["id", "next"], values: ["substr(id, 1, 4096)", "next"], order: "id" },
  { name: "guard", columns: ["key", "idx"], values: ["substr(key, 1, 4096)", "idx"], order: "key" },
  {
    name: "private_content",
    columns: ["idx", "field", "salt", "body", "subject"],
    values: [
      "idx",
      "substr(field, 1, 4096)",
      "substr(salt, 1, 33)",
      "substr(body, 1, 16777245)",
      "substr(subject, 1, 4096)",
    ],
    order: "idx, field",
  },
  {
    name: "checkpoint",
    columns: ["size", "root", "note", "at", "shown"],
    values: ["size", "substr(root, 1, 33)", "substr(note, 1, 262145)", "at", "shown"],
    order: "size",
  },
];

/** Rows, and about how many bytes of the widest of them, that are in memory at once. */
const BATCH_ROWS = 256;
const BATCH_BYTES = 4 * 2 ** 20;

/**
 * Writes one log of a PostgreSQL database, as the transaction sees it, to a new SQLite file with the ledger's tables
 * (spec ledger.md §5), mode 0600. Throws `LEDGER_CORRUPT` for rows that these tables cannot hold, two with one key for
 * example, `STORE_FULL` and `STORE_IO` where the file cannot be written, and the store's errors.
 */
export async function copyTables(
  tx: Transaction,
  log: number,
  path: string,
  copied: (rows: number) => void,
): Promise<void> {
  closeSync(openSync(path, "wx", 0o600));
  const file = new DatabaseSync(path);
  try {
    const tables = LEDGER_MIGRATIONS.map(({ sqlite }) => sqlite).join("\n");
    file.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;
PRAGMA application_id = ${LEDGER_APPLICATION_ID}; BEGIN; ${tables}`);
    for (const table of TABLES) await copyTable(tx, log, { table, file, copied });
    file.exec("COMMIT");
  } catch (error) {
    throw copyError(error);
  } finally {
    file.close();
  }
}

interface Target {
  readonly table: Table;
  readonly file: DatabaseSync;
  readonly copied: (rows: number) => void;
}

async function copyTable(tx: Transaction, log: number, { table, file, copied }: Target): Promise<void> {
  const { name, columns, values, order } = table;
  const places = columns.map(() => "?").join(", ");
  const insert = file.prepare(`INSERT INTO ${name} (${columns.join(", ")}) VALUES (${places})`);
  const selected = columns.map((column, at) => `${values[at] ?? column} AS ${column}`).join(", ");
  const count = await batchRows(tx, log, table);
  await tx.run(
    `DECLARE all_of_${name} NO SCROLL CURSOR FOR SELECT ${selected} FROM ${name} WHERE log = ${log} ORDER BY ${order}`,
  );
  for (;;) {
    const rows = await tx.all(`FETCH ${count} FROM all_of_${name}`);
    for (const row of rows) insert.run(...columns.map((column) => row[column] ?? null));
    copied(rows.length);
    if (rows.length < count) return;
  }
}

/** Private content may have 16 MiB a field; all else is cut to what a batch can take. */
async function batchRows(tx: Transaction, log: number, { name }: Table): Promise<number> {
  if (name !== "private_content") return BATCH_ROWS;
  const widest = await tx.get(`SELECT max(octet_length(body)) AS bytes FROM private_content WHERE log = ${log}`);
  return Math.max(1, Math.min(BATCH_ROWS, Math.floor(BATCH_BYTES / Number(widest?.["bytes"] ?? 1))));
}

/** For rows that no log has. */
export function impossibleRow(cause: Error): WritError {
  return new WritError({
    code: "LEDGER_CORRUPT",
    message: "the database has a row that a log cannot have",
    reason: cause.message,
    next: "look who could change the database, and restore a copy that verifies",
    cause,
  });
}

/** Result codes of https://www.sqlite.org/rescode.html: rows that do not fit, and whatever the disk says. */
function copyError(cause: unknown): unknown {
  if (!(cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number")) return cause;
  const primary = cause.errcode & 0xff;
  if (primary === SQLITE_CONSTRAINT || primary === SQLITE_MISMATCH) return impossibleRow(cause);
  return storeError({
    code: primary === SQLITE_FULL ? "STORE_FULL" : "STORE_IO",
    message: "the log cannot be copied to the folder for temporary files",
    reason: cause.message,
    next: "make room, or name another folder with `TMPDIR`",
    cause,
  });
}

const [SQLITE_FULL, SQLITE_CONSTRAINT, SQLITE_MISMATCH] = [13, 19, 20];
