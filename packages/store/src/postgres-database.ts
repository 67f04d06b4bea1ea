import type { WritError } from "@writ/canon";
import { isWritError } from "@writ/canon";

import { ConnectionPool } from "./connection-pool.ts";
import { applyMigrations } from "./migrations.ts";
import type { Database, Migration, NodeCoordination, Row, SqlValue, StoreErrorCode, Transaction } from "./port.ts";
import { postgresNodes } from "./postgres-nodes.ts";
import { PostgresSession } from "./postgres-session.ts";
import type { SessionOptions } from "./postgres-session.ts";
import type { PostgresOptions } from "./postgres.ts";
import { readSettings } from "./postgres-settings.ts";
import { PostgresSql } from "./postgres-sql.ts";
import { PostgresTransaction } from "./postgres-transaction.ts";
import { storeError } from "./store-error.ts";

/** See `openPostgres`; apart from it, so that a log on SQLite does not load `pg`. */
export async function openPostgresDatabase(
  options: PostgresOptions,
): Promise<Database & { readonly nodes: NodeCoordination }> {
  const {
    schema = "writ",
    poolSize = 8,
    applicationName = "writ",
    replyMsMax = 30_000,
    readOnly = false,
    ...connection
  } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    throw storeError({ code: "STORE_VALUE", message: `\`${schema}\` is not a name for a schema` });
  const session: SessionOptions = { connection, schema, applicationName, replyMsMax, readOnly };
  if (!readOnly) await createSchema(session);
  return new PostgresDatabase(session, poolSize);
}

const WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/** A reader holds no row, so it may pause for longer than a writer. */
const READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = '10min'";
/** Rows of one page of `iterate`; two pages are in memory. */
const PAGE_ROWS = 256;
const POOL_WAIT_MS = 10_000;

class PostgresDatabase implements Database {
  readonly dialect = "postgres";
  readonly nodes: NodeCoordination & { close(): void };
  readonly #sql = new PostgresSql();
  readonly #pool: ConnectionPool<PostgresSession>;
  readonly #readOnly: boolean;
  #dead: WritError<StoreErrorCode> | undefined;
  #closed = false;

  constructor(options: SessionOptions, poolSize: number) {
    this.#readOnly = options.readOnly;
    const open = () => new PostgresSession(options).open();
    this.#pool = new ConnectionPool({
      open,
      close: (session) => session.close(),
      usable: (session) => !session.lost,
      max: poolSize,
      idleMax: poolSize,
      waitMsMax: POOL_WAIT_MS,
    });
    this.nodes = postgresNodes(open);
  }

  async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.#readOnly) throw storeError({ code: "STORE_READ_ONLY", message: "the store cannot be written" });
    return this.#withSession(async (session) => {
      const tx = new PostgresTransaction(session, this.#sql, WRITE);
      try {
        const result = await work(tx);
        await tx.commit();
        return result;
      } catch (error) {
        tx.rollBack();
        throw error;
      }
    });
  }

  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#withSession(async (session) => {
      const tx = new PostgresTransaction(session, this.#sql, READ);
      try {
        const result = await work(tx);
        tx.leave();
        return result;
      } catch (error) {
        tx.rollBack();
        throw error;
      }
    });
  }

  async *iterate(sql: string, params: readonly SqlValue[] = []): AsyncGenerator<Row, void, undefined> {
    this.#refuseWhenOver();
    const session = await this.#pool.take();
    const quiet = (sent: Promise<unknown>) => void sent.catch(() => {});
    try {
      quiet(session.script(READ));
      quiet(session.query(`DECLARE page NO SCROLL CURSOR FOR ${this.#sql.text(sql)}`, params, true));
      const fetch = () => session.query(`FETCH ${PAGE_ROWS} FROM page`, [], true);
      for (let page = fetch(); ;) {
        const { rows } = await page;
        if (rows.length < PAGE_ROWS) {
          yield* rows;
          return;
        }
        page = fetch();
        quiet(page);
        yield* rows;
        this.#refuseWhenOver();
      }
    } catch (error) {
      throw this.#watch(error);
    } finally {
      quiet(session.script("ROLLBACK"));
      this.#pool.give(session);
    }
  }

  migrate(migrations: readonly Migration[]): Promise<void> {
    return applyMigrations(this, migrations);
  }

  async settings(): Promise<{ readonly [name: string]: string }> {
    return this.#withSession(readSettings);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.nodes.close();
    this.#pool.close();
  }

  async #withSession<T>(work: (session: PostgresSession) => Promise<T>): Promise<T> {
    this.#refuseWhenOver();
    const session = await this.#pool.take();
    try {
      this.#refuseWhenOver();
      return await work(session);
    } catch (error) {
      throw this.#watch(error);
    } finally {
      this.#pool.give(session);
    }
  }

  /** INVARIANT: after the server reported a failed read, write or sync, nothing more goes through this handle. */
  #watch(error: unknown): unknown {
    if (isWritError<StoreErrorCode>(error, "STORE_IO")) this.#dead ??= error;
    return error;
  }

  #refuseWhenOver(): void {
    if (this.#closed) throw storeError({ code: "STORE_CLOSED", message: "the store is closed" });
    if (this.#dead !== undefined)
      throw storeError({ code: "STORE_IO", message: "the store failed earlier", cause: this.#dead });
  }
}

/** Nodes that start together may both create it; the loser finds it there. */
async function createSchema(options: SessionOptions): Promise<void> {
  const session = await new PostgresSession(options).open();
  try {
    const there = () => session.query("SELECT 1 AS there FROM pg_namespace WHERE nspname = $1", [options.schema], true);
    if ((await there()).rows.length > 0) return;
    try {
      await session.script(`CREATE SCHEMA IF NOT EXISTS ${options.schema}`);
    } catch (error) {
      if ((await there()).rows.length === 0) throw error;
    }
  } finally {
    session.close();
  }
}
