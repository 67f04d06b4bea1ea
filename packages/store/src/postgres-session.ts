import { Client } from "pg";
import type { QueryConfig, QueryResult } from "pg";

import { checkValues } from "./column-value.ts";
import type { Row, SqlValue } from "./port.ts";
import { postgresError } from "./postgres-error.ts";
import { checkSession } from "./postgres-settings.ts";
import type { PostgresConnection } from "./postgres.ts";
import { postgresTypes } from "./postgres-value.ts";
import { storeError } from "./store-error.ts";

export interface SessionOptions {
  readonly connection: PostgresConnection;
  readonly schema: string;
  readonly applicationName: string;
  /** How long an answer may take before the connection counts as lost. */
  readonly replyMsMax: number;
  /** Every transaction is, and durability is not asked for. */
  readonly readOnly: boolean;
}

export interface SessionResult {
  /** `COMMIT`, `ROLLBACK`, `INSERT`, … */
  readonly command: string;
  readonly rows: readonly Row[];
  readonly changed: number;
}

/** A node that stops inside a transaction must not keep the head row for longer than others are willing to wait. */
const IDLE_IN_TRANSACTION_MS = 3000;
const LOCK_WAIT_MS = 4000;
const CONNECT_MS_MAX = 5000;
/** Statements prepared per session; beyond it they are parsed each time. */
const PREPARED_MAX = 512;

/**
 * One server session. Statements are sent at once, without waiting for earlier answers (the protocol keeps their
 * order), so a batch costs one round trip.
 */
export class PostgresSession {
  readonly #client: Client;
  readonly #readOnly: boolean;
  readonly #names = new Map<string, string>();
  #lost = false;
  #gathering = false;

  constructor(options: SessionOptions) {
    this.#readOnly = options.readOnly;
    const settings = {
      search_path: options.schema,
      synchronous_commit: "on",
      lock_timeout: LOCK_WAIT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      client_encoding: "UTF8",
      ...(options.readOnly && { default_transaction_read_only: "on" }),
      // A node that vanished without a goodbye gives its locks back in half a minute, not in two hours.
      tcp_keepalives_idle: 15,
      tcp_keepalives_interval: 5,
      tcp_keepalives_count: 3,
    };
    this.#client = new Client({
      ...options.connection,
      application_name: options.applicationName,
      options: Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(" "),
      connectionTimeoutMillis: CONNECT_MS_MAX,
      query_timeout: options.replyMsMax,
      keepAlive: true,
      pipeline: true,
      types: postgresTypes,
    });
    this.#client.on("error", () => (this.#lost = true));
    this.#client.on("end", () => (this.#lost = true));
  }

  /** Connects and reads the durability settings back; throws `STORE_SETTINGS` or `STORE_LOST`. */
  async open(): Promise<this> {
    try {
      await this.#client.connect();
    } catch (error) {
      throw postgresError(error, "connect");
    }
    try {
      await checkSession(this, this.#readOnly);
    } catch (error) {
      this.close();
      throw error;
    }
    return this;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Sends a statement with numbered places; prepared once per session unless `once`. */
  query(text: string, params: readonly SqlValue[], once = false): Promise<SessionResult> {
    checkValues(params);
    const name = once ? undefined : this.#nameOf(text);
    return this.#send(name === undefined ? { text, values: [...params] } : { name, text, values: [...params] });
  }

  /** Sends one or more statements without parameters as one simple query. */
  script(text: string): Promise<SessionResult> {
    return this.#send({ text });
  }

  onNotification(heard: (channel: string, payload: string) => void): void {
    this.#client.on("notification", ({ channel, payload }) => heard(channel, payload ?? ""));
  }

  onLost(lost: () => void): void {
    this.#client.on("end", lost);
  }

  /** Says goodbye without waiting for the answer. */
  close(): void {
    this.#lost = true;
    this.#client.end().catch(() => {});
  }

  #send(config: QueryConfig): Promise<SessionResult> {
    if (this.#lost) return Promise.reject(storeError({ code: "STORE_LOST", message: "the connection is gone" }));
    this.#gather();
    const { promise, resolve, reject } = Promise.withResolvers<SessionResult>();
    this.#client.query<Row>(config, (error: Error | null, result?: QueryResult<Row> | QueryResult<Row>[]) => {
      const last = Array.isArray(result) ? result.at(-1) : result;
      if (error === null && last !== undefined)
        resolve({ command: last.command, rows: last.rows, changed: last.rowCount ?? 0 });
      else reject(postgresError(error, `run \`${config.text.trimStart().slice(0, 60)}\``));
    });
    return promise;
  }

  /** Whatever is sent before the event loop turns goes out in one write: fewer system calls and fewer wake-ups. */
  #gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    const { stream } = this.#client.connection;
    stream.cork();
    process.nextTick(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= PREPARED_MAX) return known;
    const name = `s${this.#names.size + 1}`;
    this.#names.set(text, name);
    return name;
  }
}
