import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

import type { WritError } from "@writ/canon";

import { ConnectionPool } from "./connection-pool.ts";
import { applyMigrations } from "./migrations.ts";
import type { Database, Migration, Row, SqlValue, StoreErrorCode, Transaction } from "./port.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { ensureSqliteFile } from "./sqlite-creation.ts";
import { sqliteError } from "./sqlite-error.ts";
import { applySettings, readSettings } from "./sqlite-settings.ts";
import type { Durability, SqliteSettings } from "./sqlite-settings.ts";
import { SqliteTransaction } from "./sqlite-transaction.ts";
import { storeError } from "./store-error.ts";
import { WriteQueue } from "./write-queue.ts";

export interface SqliteOptions {
  /** The database file; its folder must exist. A new one is for this user alone (mode 0600). */
  readonly path: string;
  /** Reads alone: nothing is created, no migration applied. Default false. */
  readonly readOnly?: boolean;
  /** Written into a new file's header; a file that carries another is refused. 32-bit signed. */
  readonly applicationId?: number;
  /** `full` (default): a commit survives a power cut. `rebuildable`: the last ones may be lost, for views. */
  readonly durable?: Durability;
  /** How long to try for the write lock that another process holds. Default 1000. */
  readonly busyTimeoutMs?: number;
  /** Default 8192. */
  readonly pageSize?: number;
}

/**
 * Opens a SQLite file in WAL mode with the settings of spec ledger.md §5, each read back. Writes queue and run one
 * after the other; reads have connections of their own and never wait for the writer. Statements run in the calling
 * thread, so a slow disk holds up its event loop. After `STORE_IO` everything but `close` is refused.
 */
export function openSqlite(options: SqliteOptions): Database {
  return new SqliteDatabase(options);
}

/** SQLite's own wait blocks the thread; it only covers the moments when locks change hands. */
const LOCK_WAIT_MS = 25;
/** Snapshots at once. A connection costs three file handles and up to 2 MiB of cache. */
const READERS_MAX = 32;
const READERS_IDLE_MAX = 4;
const READER_WAIT_MS = 10_000;
/** Rows handed out before other work of the process gets its turn. */
const ROWS_PER_TURN = 512;

class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly #settings: SqliteSettings;
  readonly #busyTimeoutMs: number;
  readonly #main: SqliteConnection;
  readonly #readers: ConnectionPool<SqliteConnection>;
  readonly #queue = new WriteQueue();
  #dead: WritError<StoreErrorCode> | undefined;
  #closed = false;

  constructor(options: SqliteOptions) {
    const { path, readOnly = false, durable = "full", pageSize = 8192, applicationId } = options;
    this.#settings = { durable, pageSize, applicationId, readOnly };
    this.#busyTimeoutMs = options.busyTimeoutMs ?? 1000;
    if (!readOnly) ensureSqliteFile(path, this.#settings);
    this.#main = new SqliteConnection(path, { readOnly, lockWaitMs: Math.max(LOCK_WAIT_MS, this.#busyTimeoutMs) });
    try {
      applySettings(this.#main, this.#settings);
      this.#main.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
    } catch (error) {
      this.#main.close();
      throw error;
    }
    this.#readers = new ConnectionPool({
      open: () => this.#openReader(path),
      close: (reader) => reader.close(),
      usable: (reader) => !reader.database.isTransaction,
      max: READERS_MAX,
      idleMax: READERS_IDLE_MAX,
      waitMsMax: READER_WAIT_MS,
    });
  }

  async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.#refuseWhenOver();
    if (this.#settings.readOnly) throw storeError({ code: "STORE_READ_ONLY", message: "the store cannot be written" });
    const turn = this.#queue.enter();
    if (turn !== undefined) await turn;
    try {
      this.#refuseWhenOver();
      await this.#beginImmediate();
      return await this.#commitOrRollBack(work);
    } catch (error) {
      throw this.#watch(error);
    } finally {
      this.#queue.leave();
    }
  }

  async read<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    this.#refuseWhenOver();
    const reader = await this.#readers.take();
    try {
      this.#refuseWhenOver();
      reader.run("BEGIN", []);
      const tx = new SqliteTransaction(reader);
      const result = await work(tx);
      tx.end();
      reader.run("COMMIT", []);
      return result;
    } catch (error) {
      endRead(reader);
      throw this.#watch(error);
    } finally {
      this.#readers.give(reader);
    }
  }

  async *iterate(sql: string, params: readonly SqlValue[] = []): AsyncGenerator<Row, void, undefined> {
    this.#refuseWhenOver();
    const reader = await this.#readers.take();
    try {
      let handedOut = 0;
      for (const row of reader.rows(sql, params)) {
        yield row;
        handedOut += 1;
        if (handedOut % ROWS_PER_TURN === 0) await nextTurn();
        this.#refuseWhenOver();
      }
    } catch (error) {
      throw this.#watch(error);
    } finally {
      this.#readers.give(reader);
    }
  }

  migrate(migrations: readonly Migration[]): Promise<void> {
    return applyMigrations(this, migrations);
  }

  async settings(): Promise<{ readonly [name: string]: string }> {
    this.#refuseWhenOver();
    return readSettings(this.#main, this.#settings);
  }

  /** Waits for the write that is under way, then closes; SQLite folds the WAL into the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const turn = this.#queue.enter();
    if (turn !== undefined) await turn;
    this.#queue.leave();
    this.#readers.close();
    this.#main.close();
  }

  /** Waits without holding the event loop; SQLite's own wait would. */
  async #beginImmediate(): Promise<void> {
    const until = performance.now() + this.#busyTimeoutMs;
    for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
      try {
        this.#main.run("BEGIN IMMEDIATE", []);
        return;
      } catch (error) {
        if (sqliteError(error, "begin").code !== "STORE_BUSY" || performance.now() >= until) throw error;
      }
      await pause(waitMs * (0.5 + Math.random()));
    }
  }

  async #commitOrRollBack<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const tx = new SqliteTransaction(this.#main);
    try {
      const result = await work(tx);
      tx.end();
      this.#main.run("COMMIT", []);
      return result;
    } catch (error) {
      tx.abandon();
      this.#rollBack();
      throw error;
    }
  }

  /** Some failures have rolled back already; a rollback that fails leaves a handle nobody can trust. */
  #rollBack(): void {
    if (!this.#main.database.isTransaction) return;
    try {
      this.#main.run("ROLLBACK", []);
    } catch (error) {
      this.#dead ??= storeError({ code: "STORE_IO", message: "sqlite could not roll back", cause: error });
    }
  }

  #openReader(path: string): SqliteConnection {
    const reader = new SqliteConnection(path, { readOnly: true, lockWaitMs: LOCK_WAIT_MS });
    applySettings(reader, { ...this.#settings, readOnly: true });
    return reader;
  }

  /** INVARIANT: after one failed read, write or sync, nothing more goes through this handle. */
  #watch(error: unknown): unknown {
    if (isStoreIo(error)) this.#dead ??= error;
    return error;
  }

  #refuseWhenOver(): void {
    if (this.#closed) throw storeError({ code: "STORE_CLOSED", message: "the store is closed" });
    if (this.#dead !== undefined)
      throw storeError({ code: "STORE_IO", message: "the store failed earlier", cause: this.#dead });
  }
}

/** A reader that cannot end its transaction is not kept, see `usable`. */
function endRead(reader: SqliteConnection): void {
  try {
    if (reader.database.isTransaction) reader.run("ROLLBACK", []);
  } catch {
    // The first failure is the one to report.
  }
}

function isStoreIo(error: unknown): error is WritError<StoreErrorCode> {
  return error instanceof Error && "code" in error && error.code === "STORE_IO";
}
