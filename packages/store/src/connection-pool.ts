import { storeError } from "./store-error.ts";

export interface PoolOptions<Connection> {
  readonly open: () => Connection | Promise<Connection>;
  readonly close: (connection: Connection) => void;
  /** False for one that is lost or still inside a transaction: it is closed instead of kept. */
  readonly usable: (connection: Connection) => boolean;
  /** Connections in use at once. */
  readonly max: number;
  /** Connections kept open for the next caller. */
  readonly idleMax: number;
  /** How long a caller waits when all are in use. */
  readonly waitMsMax: number;
}

/** Callers that may wait at once; more is a caller without a bound of its own. */
const WAITING_MAX = 4096;

interface Waiting<Connection> {
  readonly resolve: (connection: Connection | Promise<Connection>) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

/** Connections that each serve one transaction at a time, handed out in order of arrival. */
export class ConnectionPool<Connection> {
  readonly #options: PoolOptions<Connection>;
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiting<Connection>[] = [];
  #taken = 0;
  #closed = false;

  constructor(options: PoolOptions<Connection>) {
    this.#options = options;
  }

  /** Throws `STORE_BUSY` when none became free in time, or what opening one threw. */
  async take(): Promise<Connection> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (this.#options.usable(idle)) {
        this.#taken += 1;
        return idle;
      }
      this.#options.close(idle);
    }
    if (this.#taken < this.#options.max) {
      this.#taken += 1;
      return this.#openTaken();
    }
    if (this.#waiting.length >= WAITING_MAX) throw noneFree(`\`${WAITING_MAX}\` callers wait for one already`);
    return this.#wait();
  }

  /** Owed once for each `take` that resolved. */
  give(connection: Connection): void {
    const usable = !this.#closed && this.#options.usable(connection);
    if (!usable) this.#options.close(connection);
    const next = this.#waiting.shift();
    if (next !== undefined) {
      clearTimeout(next.timer);
      next.resolve(usable ? connection : this.#openTaken());
      return;
    }
    this.#taken -= 1;
    if (!usable) return;
    if (this.#idle.length < this.#options.idleMax) this.#idle.push(connection);
    else this.#options.close(connection);
  }

  /** Closes what is idle and turns the waiting away; a connection still in use closes when it is given back. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) this.#options.close(connection);
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(storeError({ code: "STORE_CLOSED", message: "the store is closed" }));
    }
  }

  async #openTaken(): Promise<Connection> {
    try {
      return await this.#options.open();
    } catch (error) {
      this.#taken -= 1;
      throw error;
    }
  }

  async #wait(): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    const timer = setTimeout(() => {
      const position = this.#waiting.indexOf(waiting);
      if (position >= 0) this.#waiting.splice(position, 1);
      reject(noneFree(`waited \`${this.#options.waitMsMax}\` ms`));
    }, this.#options.waitMsMax);
    const waiting: Waiting<Connection> = { resolve, reject, timer };
    this.#waiting.push(waiting);
    return promise;
  }
}

function noneFree(why: string) {
  return storeError({ code: "STORE_BUSY", message: `no connection is free: ${why}` });
}
