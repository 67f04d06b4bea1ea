import { DatabaseSync } from "node:sqlite";

import { storeError } from "@writ/store";
import type { AdvisoryLock, Database, Row, SqlValue, Transaction } from "@writ/store";

import { LEDGER_MIGRATIONS } from "../../src/schema.ts";
import { Session } from "./network.ts";
import type { Peer, Weather } from "./network.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** As the sessions of the PostgreSQL driver have them. */
const LOCK_WAIT_MS = 4_000;
const IDLE_IN_TRANSACTION_MS = 3_000;

export interface ServerOptions {
  readonly path: string;
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly weather: () => Weather;
}

/**
 * A database server that many nodes share, with the tables of PostgreSQL: one write transaction at a time, snapshots
 * for readers, notifications with the commit, advisory locks of sessions. Its disk, its network and its machine fail.
 */
export class SimulatedServer {
  readonly #options: ServerOptions;
  readonly #writer: DatabaseSync;
  readonly #sessions = new Set<Session>();
  readonly #waiting: { readonly session: Session; readonly take: () => void }[] = [];
  readonly #listeners = new Map<string, Set<(payload: string | undefined) => void>>();
  readonly #advisory = new Map<number, Session>();
  #holder: Session | undefined;
  #isUp = true;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#writer = new DatabaseSync(options.path);
    this.#writer.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${tables()}`);
  }

  /** Every connection and every transaction is gone; what was committed is there. */
  crash(downMs: number): void {
    this.#isUp = false;
    for (const session of this.#sessions) session.drop();
    this.#options.time.in(downMs, () => (this.#isUp = true));
  }

  /** A copy of what is committed now. */
  copyTo(path: string): void {
    const reader = new DatabaseSync(this.#options.path);
    reader.exec(`VACUUM INTO '${path}'`);
    reader.close();
  }

  close(): void {
    for (const session of this.#sessions) session.drop();
    this.#writer.close();
  }

  /** The node's own view of the database. */
  database(peer: Peer): Database {
    return {
      dialect: "postgres",
      write: (work) => this.#write(peer, work),
      read: (work) => this.#read(peer, work),
      iterate: () => {
        throw new Error("the ledger does not iterate");
      },
      migrate: () => Promise.resolve(),
      settings: () => Promise.resolve({ fsync: "on", full_page_writes: "on", synchronous_commit: "on" }),
      close: () => Promise.resolve(),
      nodes: {
        notify: (tx, channel, payload) => notifyOf(tx)(channel, payload),
        listen: (channel, heard) => this.#listen(peer, channel, heard),
        tryAdvisoryLock: (key) => this.#tryAdvisoryLock(peer, key),
      },
    };
  }

  #open(peer: Peer): Session {
    const { time, random, weather } = this.#options;
    const session = new Session(peer, time, random, weather);
    this.#sessions.add(session);
    session.onLost(() => {
      this.#sessions.delete(session);
      for (const [key, holder] of this.#advisory) if (holder === session) this.#advisory.delete(key);
      if (this.#holder === session) this.#end("ROLLBACK");
    });
    if (!this.#isUp) session.drop();
    return session;
  }

  async #write<T>(peer: Peer, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const session = this.#open(peer);
    try {
      await session.ask(() => undefined);
      await this.#lock(session);
      const tx = new SimulatedTransaction(session, this.#writer, () => this.#holder === session);
      const result = await work(tx);
      await this.#commit(session, tx);
      return result;
    } finally {
      session.drop();
    }
  }

  /** Commits, unless connection or disk fail; then it is done or not, and the node does not know which. */
  async #commit(session: Session, tx: SimulatedTransaction): Promise<void> {
    tx.end();
    const { random, weather } = this.#options;
    const unknown = (cause: unknown) =>
      storeError({ code: "STORE_OUTCOME_UNKNOWN", message: "the connection was lost in COMMIT", cause });
    let fault: Error | undefined;
    const commit = () => {
      if (this.#holder !== session) throw storeError({ code: "STORE_LOST", message: "the transaction was ended" });
      if (random() < weather().disk) {
        const kind = Math.floor(random() * 3);
        if (kind === 0) fault = storeError({ code: "STORE_FULL", message: "the disk is full" });
        else fault = storeError({ code: "STORE_IO", message: "the disk failed" });
        this.#end(kind === 2 ? "COMMIT" : "ROLLBACK");
        if (kind === 2) this.#tell(tx.notices);
        return;
      }
      this.#end(random() < weather().lie ? "ROLLBACK" : "COMMIT");
      this.#tell(tx.notices);
    };
    await session.ask(commit).catch((error: unknown) => {
      throw unknown(error);
    });
    if (fault !== undefined) throw fault;
  }

  /** Waits in line for the one write transaction. */
  async #lock(session: Session): Promise<void> {
    const { time } = this.#options;
    const taken = await new Promise<boolean>((resolve) => {
      const giveUp = time.in(LOCK_WAIT_MS, () => resolve(false));
      this.#waiting.push({
        session,
        take: () => {
          giveUp();
          resolve(true);
        },
      });
      session.onLost(() => resolve(true));
      this.#next();
    });
    const place = this.#waiting.findIndex((one) => one.session === session);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (!taken) throw storeError({ code: "STORE_BUSY", message: "the lock was not to be had" });
  }

  #next(): void {
    if (this.#holder !== undefined) return;
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
      if (one.session.lost) continue;
      const { session } = one;
      this.#holder = session;
      this.#writer.exec("BEGIN IMMEDIATE");
      this.#options.time.in(IDLE_IN_TRANSACTION_MS, () => this.#holder === session && session.drop());
      return one.take();
    }
  }

  #end(how: "COMMIT" | "ROLLBACK"): void {
    this.#holder = undefined;
    this.#writer.exec(how);
    this.#next();
  }

  async #read<T>(peer: Peer, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const session = this.#open(peer);
    const reader = new DatabaseSync(this.#options.path, { readOnly: true });
    try {
      reader.exec("BEGIN");
      return await work(new SimulatedTransaction(session, reader, () => !session.lost));
    } finally {
      reader.close();
      session.drop();
    }
  }

  #tell(notices: readonly Notice[]): void {
    const { time, random, weather } = this.#options;
    for (const { channel, payload } of notices) {
      for (const heard of this.#listeners.get(channel) ?? []) {
        if (random() >= weather().deaf) time.in(random(), () => heard(payload));
      }
    }
  }

  async #listen(peer: Peer, channel: string, heard: (payload: string | undefined) => void) {
    const all = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, all);
    const own = (payload: string | undefined) => peer.alive && heard(payload);
    all.add(own);
    return () => {
      all.delete(own);
      return Promise.resolve();
    };
  }

  async #tryAdvisoryLock(peer: Peer, key: number): Promise<AdvisoryLock | undefined> {
    const session = this.#open(peer);
    const isTaken = await session.ask(() => {
      if (this.#advisory.has(key)) return false;
      this.#advisory.set(key, session);
      return true;
    });
    if (!isTaken) {
      session.drop();
      return undefined;
    }
    return {
      get held() {
        return !session.lost;
      },
      release: () => {
        session.drop();
        return Promise.resolve();
      },
    };
  }
}

interface Notice {
  readonly channel: string;
  readonly payload: string;
}

/** Statements of one transaction; after the first that fails, all fail. */
class SimulatedTransaction implements Transaction {
  readonly notices: Notice[] = [];
  readonly #session: Session;
  readonly #database: DatabaseSync;
  readonly #isOpen: () => boolean;
  #failure: unknown;

  constructor(session: Session, database: DatabaseSync, isOpen: () => boolean) {
    this.#session = session;
    this.#database = database;
    this.#isOpen = isOpen;
  }

  run(sql: string, params: readonly SqlValue[] = []): Promise<number> {
    return this.#ask(() => Number(this.#prepare(sql).run(...params).changes));
  }

  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<number> {
    return this.#ask(() => {
      const statement = this.#prepare(sql);
      return rows.reduce((sum, row) => sum + Number(statement.run(...row).changes), 0);
    });
  }

  async get(sql: string, params: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.all(sql, params))[0];
  }

  all(sql: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- columns hold what the statements put there
    return this.#ask(() => this.#prepare(sql).all(...params) as readonly Row[]);
  }

  script(sql: string): Promise<void> {
    return this.#ask(() => this.#database.exec(sql));
  }

  /** Throws the first failure, if there was one. */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #prepare(sql: string) {
    return this.#database.prepare(sql.replace(" FOR UPDATE", ""));
  }

  #ask<T>(work: () => T): Promise<T> {
    const asked = this.#session.ask(() => {
      if (this.#failure !== undefined) throw this.#failure;
      if (!this.#isOpen()) throw storeError({ code: "STORE_LOST", message: "the transaction was ended" });
      return work();
    });
    const known = asked.catch((error: unknown) => {
      throw (this.#failure ??= refusalOf(error));
    });
    // A failure counts even where nobody awaits the statement.
    known.catch(() => {});
    return known;
  }
}

function notifyOf(tx: Transaction) {
  if (!(tx instanceof SimulatedTransaction)) throw new Error("a transaction of another store");
  return (channel: string, payload: string) => {
    tx.notices.push({ channel, payload });
    return Promise.resolve();
  };
}

function refusalOf(error: unknown): unknown {
  const isConstraint =
    error instanceof Error && "errcode" in error && typeof error.errcode === "number" && (error.errcode & 0xff) === 19;
  return isConstraint
    ? storeError({ code: "STORE_CONSTRAINT", message: "a constraint refused it", cause: error })
    : error;
}

/** The tables of PostgreSQL in SQLite's words; triggers guard against accidents that do not happen here. */
function tables(): string {
  return LEDGER_MIGRATIONS.map(({ postgres }) => postgres.slice(0, postgres.indexOf("CREATE FUNCTION")))
    .join("\n")
    .replaceAll(/^CREATE ((?:UNIQUE )?\w+) (?=\w)/gm, "CREATE $1 IF NOT EXISTS ")
    .replaceAll(/\bbigint\b/g, "INTEGER")
    .replaceAll(/\bbytea\b/g, "BLOB");
}
