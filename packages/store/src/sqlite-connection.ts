import { DatabaseSync } from "node:sqlite";
import type { SQLOutputValue, StatementSync } from "node:sqlite";

import { checkValues } from "./column-value.ts";
import type { Row, SqlValue } from "./port.ts";
import { sqliteError } from "./sqlite-error.ts";

/** Prepared statements kept per connection: far more than one room has; the oldest goes first. */
const STATEMENTS_MAX = 512;

/** One connection with its prepared statements. Synchronous; every failure is a `StoreErrorCode`. */
export class SqliteConnection {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, options: { readonly readOnly: boolean; readonly lockWaitMs: number }) {
    try {
      this.database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: options.lockWaitMs });
    } catch (error) {
      throw sqliteError(error, `open \`${path}\``);
    }
  }

  exec(sql: string): void {
    try {
      this.database.exec(sql);
    } catch (error) {
      throw sqliteError(error, `run \`${firstLine(sql)}\``);
    }
  }

  run(sql: string, params: readonly SqlValue[]): number {
    checkValues(params);
    try {
      return Number(this.#prepare(sql).run(...params).changes);
    } catch (error) {
      throw sqliteError(error, `run \`${firstLine(sql)}\``);
    }
  }

  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): number {
    let changed = 0;
    try {
      const statement = this.#prepare(sql);
      for (const row of rows) {
        checkValues(row);
        changed += Number(statement.run(...row).changes);
      }
    } catch (error) {
      throw sqliteError(error, `run \`${firstLine(sql)}\``);
    }
    return changed;
  }

  get(sql: string, params: readonly SqlValue[]): Row | undefined {
    checkValues(params);
    try {
      const row = this.#prepare(sql).get(...params);
      return row === undefined ? undefined : asRow(row);
    } catch (error) {
      throw sqliteError(error, `run \`${firstLine(sql)}\``);
    }
  }

  all(sql: string, params: readonly SqlValue[]): readonly Row[] {
    checkValues(params);
    try {
      return this.#prepare(sql)
        .all(...params)
        .map(asRow);
    } catch (error) {
      throw sqliteError(error, `run \`${firstLine(sql)}\``);
    }
  }

  /** Rows one by one; the connection belongs to this loop until it ends. */
  *rows(sql: string, params: readonly SqlValue[]): Generator<Row, void, undefined> {
    checkValues(params);
    try {
      for (const row of this.#prepare(sql).iterate(...params)) yield asRow(row);
    } catch (error) {
      throw sqliteError(error, `run \`${firstLine(sql)}\``);
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.database.isOpen) this.database.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    if (this.#statements.size >= STATEMENTS_MAX) {
      const oldest = this.#statements.keys().next();
      if (oldest.done !== true) this.#statements.delete(oldest.value);
    }
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** `node:sqlite` gives bigints only where a statement asks for them, which none here does. */
function asRow(row: Record<string, SQLOutputValue>): Row {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checking each column would cost as much as reading it
  return row as Row;
}

function firstLine(sql: string): string {
  return sql.trimStart().split("\n", 1)[0]?.slice(0, 80) ?? "";
}
