import type { Row, SqlValue, Transaction } from "./port.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { storeError } from "./store-error.ts";

/** One transaction's statements; the first failure decides its fate even where the callback goes on. */
export class SqliteTransaction implements Transaction {
  readonly #connection: SqliteConnection;
  #failure: unknown;
  #over = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.#guarded(() => this.#connection.run(sql, params));
  }

  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<number> {
    return this.#guarded(() => this.#connection.runMany(sql, rows));
  }

  get(sql: string, params: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.#guarded(() => this.#connection.get(sql, params));
  }

  all(sql: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return this.#guarded(() => this.#connection.all(sql, params));
  }

  script(sql: string): Promise<void> {
    return this.#guarded(() => this.#connection.exec(sql));
  }

  /** No more statements; throws the first failure, if there was one. */
  end(): void {
    this.#over = true;
    if (this.#failure !== undefined) throw this.#failure;
  }

  abandon(): void {
    this.#over = true;
  }

  #guarded<T>(statement: () => T): Promise<T> {
    if (this.#over) return Promise.reject(storeError({ code: "STORE_CLOSED", message: "the transaction is over" }));
    try {
      if (this.#failure === undefined) return Promise.resolve(statement());
    } catch (error) {
      this.#failure = error;
    }
    const failed = Promise.reject<T>(this.#failure);
    // The transaction fails with it even where nobody waits for this statement.
    failed.catch(() => {});
    return failed;
  }
}
