import { join } from "node:path";
import { isWritError, WritError } from "@writ/canon";
import { openPostgres, type Row, type Transaction } from "@writ/store";
import { nameOfDatabase, type LogCopy } from "@writ/verify/node";
import { copyTables, impossibleRow } from "./verify-copy.ts";
import { makePassingFolder } from "./verify-folder.ts";

/** Origins that are listed when one must be chosen. */
const LISTED_MAX = 20;

/**
 * Copies a log out of a PostgreSQL database, in one read-only snapshot and in batches, into a file that goes when this
 * process does. `told` hears, at most once a second and after the first, how far it is. Throws the store's errors,
 * `USAGE` where the origin does not say which log, and `LEDGER_CORRUPT`.
 */
export async function copyLog(
  address: string,
  origin: string | undefined,
  told: (text: string) => void = () => {},
): Promise<LogCopy> {
  const database = await openPostgres({ connectionString: address, readOnly: true, poolSize: 1 });
  const folder = makePassingFolder();
  const path = join(folder.path, "log.db");
  try {
    const shown = progress(told);
    await database.read(async (tx) => copyTables(tx, await chooseLog(tx, address, origin), path, shown.copied));
    shown.done();
  } catch (error) {
    folder.remove();
    throw explained(error, address);
  } finally {
    await database.close();
  }
  return { path, discard: () => folder.remove() };
}

/** The number of the log with that origin, or of the only one. */
async function chooseLog(tx: Transaction, address: string, origin: string | undefined): Promise<number> {
  const logs = await tx.all(`SELECT l.log AS log, m.v AS origin
    FROM (SELECT log FROM head UNION SELECT log FROM meta) l LEFT JOIN meta m ON m.log = l.log AND m.k = 'origin'
    ORDER BY l.log`);
  const [found, ...more] = origin === undefined ? logs : logs.filter((log) => log["origin"] === origin);
  if (found !== undefined && more.length === 0) return Number(found["log"]);
  if (logs.length === 0) throw noLog(address);
  throw new WritError({
    code: "USAGE",
    message:
      origin === undefined
        ? `\`${nameOfDatabase(address)}\` holds ${logs.length} logs`
        : `no one log of \`${nameOfDatabase(address)}\` is called \`${origin}\``,
    reason: `it holds ${listed(logs)}`,
    next: "name one of them with `--origin`",
  });
}

function listed(logs: readonly Row[]): string {
  const names = logs.slice(0, LISTED_MAX).map(({ origin }) => `\`${String(origin)}\``);
  return `${names.join(", ")}${logs.length > LISTED_MAX ? ` and ${logs.length - LISTED_MAX} more` : ""}`;
}

function progress(told: (text: string) => void): {
  readonly copied: (rows: number) => void;
  readonly done: () => void;
} {
  let [rows, next, shown] = [0, Date.now() + 1000, false];
  return {
    copied(more) {
      rows += more;
      if (Date.now() < next) return;
      [next, shown] = [Date.now() + 1000, true];
      told(`\r${rows} rows copied`);
    },
    done() {
      if (shown) told("\r\u001b[K");
    },
  };
}

/** INVARIANT: quotes nothing of the address but its name. */
function explained(error: unknown, address: string): unknown {
  if (isWritError(error, "STORE_STATEMENT") && error.details["state"] === UNDEFINED_TABLE) return noLog(address, error);
  if (isWritError(error, "STORE_VALUE")) return impossibleRow(error);
  if (!(error instanceof URIError)) return error;
  return new WritError({
    code: "USAGE",
    message: "the address of the database cannot be read",
    reason: "a `%` in it does not stand for a character",
    next: "write `%25` for a percent sign",
    cause: error,
  });
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNDEFINED_TABLE = "42P01";

function noLog(address: string, cause?: unknown): WritError {
  return new WritError({
    code: "STORE_STATEMENT",
    message: `\`${nameOfDatabase(address)}\` holds no log of Writ`,
    reason: "the schema `writ` with the tables of a log is not there, or this user may not see it",
    next: "check the name of the database at the end of the address",
    cause,
  });
}
