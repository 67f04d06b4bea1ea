import { isWritError } from "@writ/canon";
import type { WritError } from "@writ/canon";

import type { StoreErrorCode } from "./port.ts";
import { storeError } from "./store-error.ts";

/** What `pg` or the server reported, as a `StoreErrorCode` (spec ledger.md §6). Without SQLSTATE it is the connection. */
export function postgresError(error: unknown, doing: string): WritError<StoreErrorCode> {
  if (isWritError<StoreErrorCode>(error)) return error;
  const state = sqlState(error);
  if (state === undefined)
    return storeError({
      code: "STORE_LOST",
      message: `postgres could not ${doing}`,
      cause: error,
      ...unreached(error),
    });
  const code = BY_STATE.get(state) ?? BY_CLASS.get(state.slice(0, 2)) ?? "STORE_STATEMENT";
  const failure = {
    code,
    message: `postgres could not ${doing}: state \`${state}\``,
    cause: error,
    details: { state },
  };
  return storeError({ ...failure, ...REMEDY_BY_CLASS.get(state.slice(0, 2)) });
}

/** The five characters of https://www.postgresql.org/docs/current/errcodes-appendix.html. */
function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  return "severity" in error && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

const BY_STATE: ReadonlyMap<string, StoreErrorCode> = new Map<string, StoreErrorCode>([
  ["08P01", "STORE_STATEMENT"], // protocol_violation: a wrong number of parameters
  ["25006", "STORE_READ_ONLY"], // read_only_sql_transaction
  ["25P03", "STORE_LOST"], // idle_in_transaction_session_timeout: the server ended the session
  ["25P04", "STORE_LOST"], // transaction_timeout: as above
  ["53300", "STORE_BUSY"], // too_many_connections
  ["55P03", "STORE_BUSY"], // lock_not_available
  ["55006", "STORE_BUSY"], // object_in_use
  ["57014", "STORE_BUSY"], // query_canceled, statement time-out included
  ["57P01", "STORE_LOST"], // admin_shutdown
  ["57P02", "STORE_LOST"], // crash_shutdown
  ["57P03", "STORE_LOST"], // cannot_connect_now
  ["57P05", "STORE_LOST"], // idle_session_timeout
  ["P0001", "STORE_CONSTRAINT"], // raise_exception: a trigger's refusal
  ["XX001", "STORE_FORMAT"], // data_corrupted
  ["XX002", "STORE_FORMAT"], // index_corrupted
]);

const BY_CLASS: ReadonlyMap<string, StoreErrorCode> = new Map<string, StoreErrorCode>([
  ["08", "STORE_LOST"], // connection exception
  ["22", "STORE_VALUE"], // data exception
  ["23", "STORE_CONSTRAINT"], // integrity constraint violation
  ["28", "STORE_SETTINGS"], // invalid authorization
  ["3D", "STORE_SETTINGS"], // no such database
  ["40", "STORE_BUSY"], // serialisation failure, deadlock
  ["53", "STORE_FULL"], // insufficient resources, disk full
  ["58", "STORE_IO"], // system error
  ["F0", "STORE_IO"], // configuration file
  ["XX", "STORE_IO"], // internal error
]);

/** Why no connection came about; undefined where there was one that went away. */
function unreached(error: unknown): Remedy | undefined {
  const { code, syscall, address, port, hostname, message } = error as Partial<NodeJS.ErrnoException> & Place;
  if (syscall === "connect" || syscall === "getaddrinfo" || address !== undefined) {
    const place = hostname ?? (port === undefined ? address : `${address ?? ""} port ${String(port)}`);
    return {
      reason: `no server answers${place === undefined ? "" : ` at \`${place}\``}: ${code ?? "no answer"}`,
      next: START,
    };
  }
  // What `pg` says when connecting took too long, and when the server asks for a password that was not given.
  if (message === "timeout expired") return { reason: "the address gave no answer in time", next: START };
  if (/password must be a/.test(message ?? "")) return REMEDY_BY_CLASS.get("28");
  return undefined;
}

interface Remedy {
  readonly reason: string;
  readonly next: string;
}

/** What Node's errors of a connection carry besides. */
interface Place {
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

const START = "start the server, or correct host and port of the connection string; nothing was written";
const REMEDY_BY_CLASS: ReadonlyMap<string, Remedy> = new Map([
  [
    "28",
    { reason: "the server refuses this user or password", next: "correct user and password in the connection string" },
  ],
  [
    "3D",
    {
      reason: "the server has no database of this name",
      next: "make it (`createdb`), or correct the connection string",
    },
  ],
]);
