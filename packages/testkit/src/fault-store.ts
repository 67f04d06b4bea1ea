import type { Database, Row, SqlValue, Transaction } from "@writ/store";

/** What happens to one write: whether its work is done all the same, and what the caller hears. */
export interface Fault {
  readonly apply: boolean;
  readonly error: Error;
}

export interface FaultyDatabase extends Database {
  /** Write transactions begun so far. */
  readonly writes: number;
}

/**
 * A database whose writes fail as `decide` says, given the number of the write from 0: not done, or done and reported
 * as failed. `undefined` lets the write through. Reads, migrations and settings are those of `inner`.
 */
export function faultyDatabase(inner: Database, decide: (write: number) => Fault | undefined): FaultyDatabase {
  let writes = 0;
  return {
    get writes() {
      return writes;
    },
    dialect: inner.dialect,
    async write(work) {
      const fault = decide(writes++);
      if (fault === undefined) return inner.write(work);
      if (fault.apply) await inner.write(work);
      throw fault.error;
    },
    read: (work) => inner.read(work),
    iterate: (sql, params) => inner.iterate(sql, params),
    migrate: (migrations) => inner.migrate(migrations),
    settings: () => inner.settings(),
    close: () => inner.close(),
  };
}

/** A database where the statement with this number, counted over all write transactions from 0, fails inside its transaction. */
export function faultyStatements(inner: Database, decide: (statement: number) => Error | undefined): Database {
  let statements = 0;
  const next = () => {
    const error = decide(statements++);
    if (error !== undefined) throw error;
  };
  const counted = (tx: Transaction): Transaction => ({
    async run(sql: string, params?: readonly SqlValue[]): Promise<number> {
      next();
      return tx.run(sql, params);
    },
    async runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<number> {
      next();
      return tx.runMany(sql, rows);
    },
    async get(sql: string, params?: readonly SqlValue[]): Promise<Row | undefined> {
      next();
      return tx.get(sql, params);
    },
    async all(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]> {
      next();
      return tx.all(sql, params);
    },
    async script(sql: string): Promise<void> {
      next();
      return tx.script(sql);
    },
  });
  return {
    dialect: inner.dialect,
    write: (work) => inner.write((tx) => work(counted(tx))),
    read: (work) => inner.read(work),
    iterate: (sql, params) => inner.iterate(sql, params),
    migrate: (migrations) => inner.migrate(migrations),
    settings: () => inner.settings(),
    close: () => inner.close(),
  };
}
