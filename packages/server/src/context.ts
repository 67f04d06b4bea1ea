import type { HttpBindings } from "@hono/node-server";
import type { Caller, Engine, PolicySetSource } from "@writ/engine";
import type { Logger } from "pino";
import type { Metrics } from "./metrics.ts";

/** Which listener a request came through. The socket lies in a folder only its user can enter; TCP needs a token. */
export type Door = "socket" | "tcp";

/** What the composition root hands to the server. */
export interface ServerParts {
  readonly engine: Engine;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The loopback-only switch without tokens (ARCHITECTURE §6). */
  readonly trial: boolean;
  /** Who speaks on the Unix socket: the local operator's caller. */
  readonly localOperator: Caller;
  /** The version the client and the owner must share. */
  readonly version: string;
  /** Called when the local operator asks an idle owner to step down. */
  readonly stepDown: () => void;
  /** Reads a folder of policies on this machine; without one the operator's own, else the shipped ones. */
  readonly readPolicies: (folder: string | undefined) => Promise<PolicySetSource>;
  /** Told at the start of each request; what it returns is told at its end. An owner in the background ends when idle. */
  readonly touched: () => () => void;
  readonly hosts: HostRules;
  /** Aborted when the server is to stop: who waits is answered as things stand. */
  readonly stopping?: AbortSignal;
  /** How often WebSocket clients are asked for a sign of life; default 30 seconds. */
  readonly heartbeatMs?: number;
}

/** Which `Host` and `Origin` values are ours; anything else is a rebinding or a foreign page. */
export interface HostRules {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
}

/** Hono's types for every handler of this room. */
export interface WritEnv {
  Bindings: Partial<HttpBindings> & { door: Door };
  Variables: { caller: Caller };
}
