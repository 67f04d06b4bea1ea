import { isWritError } from "@writ/canon";

import type { Row, SqlValue, StoreErrorCode, Transaction } from "./port.ts";
import type { PostgresSession, SessionResult } from "./postgres-session.ts";
import type { PostgresSql } from "./postgres-sql.ts";
import { storeError } from "./store-error.ts";

/** The protocol counts parameters of a statement in 16 bits. */
const PARAMETERS_MAX = 65_535;
/** Rows of one INSERT: beyond this the statement costs more to plan than it saves. */
const ROWS_MAX = 256;

/** One transaction's statements; BEGIN travels with the first of them, and the first failure decides its fate. */
export class PostgresTransaction implements Transaction {
  readonly #session: PostgresSession;
  readonly #sql: PostgresSql;
  #failure: unknown;
  #over = false;

  constructor(session: PostgresSession, sql: PostgresSql, begin: string) {
    this.#session = session;
    this.#sql = sql;
    void this.#watch(session.script(begin));
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.#watch(this.#send(sql, params).then((result) => result.changed));
  }

  get(sql: string, params: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.#watch(this.#send(sql, params).then((result) => result.rows[0]));
  }

  all(sql: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return this.#watch(this.#send(sql, params).then((result) => result.rows));
  }

  script(sql: string): Promise<void> {
    return this.#watch(this.#guarded(() => this.#session.script(sql)).then(() => undefined));
  }

  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<number> {
    return this.#watch(this.#insert(sql, rows));
  }

  /**
   * Commits, or throws what failed. A connection that goes away once COMMIT is sent leaves the outcome unknown,
   * unless a statement was refused before: then the server can only have rolled back.
   */
  async commit(): Promise<void> {
    this.#over = true;
    if (this.#failure !== undefined) throw this.#failure;
    const lostBefore = this.#session.lost;
    try {
      const { command } = await this.#session.script("COMMIT");
      if (command === "COMMIT") return;
      // After a refused statement the server rolls back instead, and says so.
      throw this.#failure ?? storeError({ code: "STORE_IO", message: `postgres answered \`${command}\` to COMMIT` });
    } catch (error) {
      if (lostBefore || !isWritError<StoreErrorCode>(error, "STORE_LOST")) throw error;
      if (this.#failure !== undefined && !isWritError(this.#failure, "STORE_LOST")) throw this.#failure;
      throw storeError({ code: "STORE_OUTCOME_UNKNOWN", message: "the connection was lost in COMMIT", cause: error });
    }
  }

  /** Sent, not waited for: whoever uses the session next comes after it. */
  rollBack(): void {
    this.#over = true;
    this.#session.script("ROLLBACK").catch(() => {});
  }

  /** Ends a transaction that wrote nothing, without waiting; throws what failed. */
  leave(): void {
    this.#over = true;
    if (this.#failure !== undefined) throw this.#failure;
    this.#session.script("COMMIT").catch(() => {});
  }

  /** Chunks are powers of two, so that few texts are prepared; all are sent before the first answer. */
  async #insert(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<number> {
    const batch = this.#sql.batch(sql);
    const sent: Promise<SessionResult>[] = [];
    for (let at = 0; at < rows.length;) {
      const room = batch === null ? 1 : Math.min(ROWS_MAX, Math.floor(PARAMETERS_MAX / batch.places));
      const size = 2 ** Math.floor(Math.log2(Math.min(rows.length - at, room)));
      const text = batch === null ? this.#sql.text(sql) : this.#sql.insertText(batch, size);
      const params = rows.slice(at, at + size).flat();
      sent.push(this.#guarded(() => this.#session.query(text, params)));
      at += size;
    }
    let changed = 0;
    for (const result of await Promise.all(sent)) changed += result.changed;
    return changed;
  }

  #send(sql: string, params: readonly SqlValue[]): Promise<SessionResult> {
    return this.#guarded(() => this.#session.query(this.#sql.text(sql), params));
  }

  async #guarded<T>(send: () => Promise<T>): Promise<T> {
    if (this.#over) throw storeError({ code: "STORE_CLOSED", message: "the transaction is over" });
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await send();
    } catch (error) {
      throw (this.#failure ??= error);
    }
  }

  /** A failure counts even where nobody awaits the statement. */
  #watch<T>(sent: Promise<T>): Promise<T> {
    sent.catch((error: unknown) => (this.#failure ??= error));
    return sent;
  }
}
