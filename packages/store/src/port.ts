/** What a column can hold. Integers are numbers within ±(2^53−1); a driver refuses others. */
export type SqlValue = null | number | string | Uint8Array;
export type Row = { readonly [column: string]: SqlValue };

/**
 * Statements inside one transaction. SQL uses `?` placeholders and the subset that SQLite and PostgreSQL share;
 * a driver holds only its differences. Texts are prepared once per connection and looked up by identity, so they
 * should be constants. After a statement failed, the transaction rolls back whatever the callback makes of the
 * error; once the callback is over, its transaction refuses everything with `STORE_CLOSED`.
 *
 * Statements run in the order they are called and need not be awaited one by one: on PostgreSQL those called together
 * cost one wait, COMMIT included. What was called before the callback resolved is part of the transaction.
 */
export interface Transaction {
  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, params?: readonly SqlValue[]): Promise<number>;
  /** Runs one INSERT for many rows, in order, in as few round trips as the driver can. */
  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<number>;
  get(sql: string, params?: readonly SqlValue[]): Promise<Row | undefined>;
  all(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Runs several statements of one text, without parameters or result: for migrations. */
  script(sql: string): Promise<void>;
}

export interface Database {
  readonly dialect: "sqlite" | "postgres";
  /**
   * One write transaction: committed durably when `work` resolves, rolled back when it rejects. Inside `work`, a
   * second `write` must not be awaited: on SQLite it waits for the first.
   */
  write<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** A consistent snapshot without writing. */
  read<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Rows in order, fetched in bounded pages from one snapshot; memory does not grow with the result. */
  iterate(sql: string, params?: readonly SqlValue[]): AsyncIterable<Row>;
  /** Applies the numbered migrations not yet applied, each in its own transaction, in order. */
  migrate(migrations: readonly Migration[]): Promise<void>;
  /** Durability settings as read back from the engine, for status and doctor. */
  settings(): Promise<{ readonly [name: string]: string }>;
  /** Present where several nodes write one database. */
  readonly nodes?: NodeCoordination;
  close(): Promise<void>;
}

/** How nodes on one database tell each other what happened and agree who does what only one should do. */
export interface NodeCoordination {
  /** Sends `payload` (at most 7,999 bytes) to every listener of `channel` when the transaction commits, else to none. */
  notify(tx: Transaction, channel: string, payload: string): Promise<void>;
  /**
   * Calls `heard` for each payload until the returned function is called. A lost connection is made again; what was
   * sent meanwhile is lost and `heard` is called with undefined instead.
   */
  listen(channel: string, heard: (payload: string | undefined) => void): Promise<() => Promise<void>>;
  /** Takes the advisory lock `key` for a connection of its own, or answers undefined when another node has it. */
  tryAdvisoryLock(key: number): Promise<AdvisoryLock | undefined>;
}

export interface AdvisoryLock {
  /** False once the connection that holds the lock is gone; another node may have it then. */
  readonly held: boolean;
  /** Resolves when others can take it. */
  release(): Promise<void>;
}

/** A numbered step that stays as released. */
export interface Migration {
  /** Unique within `component`, counted from 1 without gaps. */
  readonly number: number;
  /** Whose tables these are, for example `ledger` or `views`. */
  readonly component: string;
  readonly sqlite: string;
  readonly postgres: string;
}

/** How a database failed, as the layers above must treat it (spec ledger.md §6). */
export type StoreErrorCode =
  /** Busy, serialisation failure, deadlock or lock time-out: the transaction did nothing; try again. */
  | "STORE_BUSY"
  /** The disk or quota is full: the transaction did nothing. */
  | "STORE_FULL"
  /** A read, write, sync or commit failed in the system: this handle must not be used again. */
  | "STORE_IO"
  /** The connection went away during COMMIT: the outcome is unknown until looked up. */
  | "STORE_OUTCOME_UNKNOWN"
  /** The connection went away before COMMIT: the transaction did nothing. */
  | "STORE_LOST"
  /** A unique or check constraint refused the statement. */
  | "STORE_CONSTRAINT"
  /** A setting read back differs from the one required. */
  | "STORE_SETTINGS"
  /** The file is not ours, of a newer schema, or damaged. */
  | "STORE_FORMAT"
  /** A value is outside what a column can hold. */
  | "STORE_VALUE"
  /** The statement itself is wrong for this schema: a missing table or column, a syntax error, a wrong parameter count. */
  | "STORE_STATEMENT"
  /** A write on a store that was opened for reading alone. */
  | "STORE_READ_ONLY"
  /** The store was closed, or the transaction is over. */
  | "STORE_CLOSED";
