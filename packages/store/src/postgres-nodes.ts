import { setTimeout as pause } from "node:timers/promises";

import type { AdvisoryLock, NodeCoordination, Transaction } from "./port.ts";
import type { PostgresSession } from "./postgres-session.ts";
import { storeError } from "./store-error.ts";

/** A notification is one of the server's queue pages at most. */
const PAYLOAD_BYTES_MAX = 7999;
const RECONNECT_MS = 500;

/** LISTEN/NOTIFY and session advisory locks, each on a session of its own from `open`. */
export function postgresNodes(open: () => Promise<PostgresSession>): NodeCoordination & { close(): void } {
  const stops = new Set<() => void>();
  let spare: PostgresSession | undefined;
  let closed = false;
  return {
    notify,
    listen: async (channel, heard) => {
      const listener = new Listener(open, channel, heard);
      await listener.start();
      const stop = () => listener.stop();
      stops.add(stop);
      return async () => {
        stops.delete(stop);
        stop();
      };
    },
    tryAdvisoryLock: async (key) => {
      const session = spare === undefined || spare.lost ? await open() : spare;
      // Kept for the next attempt, which may come every second; given away with a lock that was taken.
      spare = session;
      const taken = !closed && (await tryLock(session, key));
      if (closed) {
        session.close();
        throw storeError({ code: "STORE_CLOSED", message: "the store is closed" });
      }
      if (!taken) return undefined;
      spare = undefined;
      const stop = () => session.close();
      stops.add(stop);
      return heldLock(session, key, () => stops.delete(stop));
    },
    close: () => {
      closed = true;
      for (const stop of stops) stop();
      stops.clear();
      spare?.close();
    },
  };
}

async function notify(tx: Transaction, channel: string, payload: string): Promise<void> {
  if (Buffer.byteLength(payload) > PAYLOAD_BYTES_MAX)
    throw storeError({
      code: "STORE_VALUE",
      message: `a notification of \`${payload.length}\` characters is too long`,
    });
  await tx.run("SELECT pg_notify(?, ?)", [channel, payload]);
}

async function tryLock(session: PostgresSession, key: number): Promise<boolean> {
  const { rows } = await session.query("SELECT pg_try_advisory_lock($1::bigint) AS taken", [key]);
  return rows[0]?.["taken"] === 1;
}

/** Where the server cannot be asked, it frees the lock when it ends the session. */
function heldLock(session: PostgresSession, key: number, forget: () => void): AdvisoryLock {
  return {
    get held() {
      return !session.lost;
    },
    release: async () => {
      forget();
      try {
        if (!session.lost) await session.query("SELECT pg_advisory_unlock($1::bigint)", [key]);
      } catch {
        // The session ends with the connection.
      } finally {
        session.close();
      }
    },
  };
}

class Listener {
  readonly #open: () => Promise<PostgresSession>;
  readonly #channel: string;
  readonly #heard: (payload: string | undefined) => void;
  #session: PostgresSession | undefined;
  #stopped = false;

  constructor(open: () => Promise<PostgresSession>, channel: string, heard: (payload: string | undefined) => void) {
    this.#open = open;
    this.#channel = channel;
    this.#heard = heard;
  }

  async start(): Promise<void> {
    const session = await this.#open();
    session.onNotification((channel, payload) => {
      if (channel === this.#channel && !this.#stopped) this.#heard(payload);
    });
    session.onLost(() => void this.#comeBack());
    try {
      await session.script(`LISTEN "${this.#channel.replaceAll('"', '""')}"`);
    } catch (error) {
      session.close();
      throw error;
    }
    if (this.#stopped) session.close();
    else this.#session = session;
  }

  stop(): void {
    this.#stopped = true;
    this.#session?.close();
  }

  /** Tries until it is stopped: the server may be away for long. */
  async #comeBack(): Promise<void> {
    if (this.#session === undefined) return;
    this.#session = undefined;
    while (!this.#stopped) {
      await pause(RECONNECT_MS * (0.5 + Math.random()), undefined, { ref: false });
      try {
        if (!this.#stopped) await this.start();
        if (!this.#stopped) this.#heard(undefined);
        return;
      } catch {
        // The server is still away.
      }
    }
  }
}
