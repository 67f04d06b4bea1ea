import type { WebSocketLike } from "@hono/node-server";
import type { WSContext } from "hono/ws";
import { SOCKET_BUFFER_BYTES_MAX } from "@writ/api";
import type { Caller, Engine, EngineEvent } from "@writ/engine";
import { toWire } from "../routes/actions.ts";

export type Peer = WSContext<WebSocketLike>;

/** One connected client. */
export interface Seat {
  readonly caller: Caller;
  readonly peer: Peer;
  /** Whether the credential it came with would be let in today. */
  readonly stillValid: () => Promise<boolean>;
}

/** How often a client is asked for a sign of life when nobody says otherwise. */
const HEARTBEAT_MS = 30_000;

/** What `ws` gives beyond the standard's interface. */
interface RawSocket {
  readonly bufferedAmount: number;
  ping(): void;
  on(event: "pong", listener: () => void): unknown;
  terminate(): void;
}

/** Hands each event to the clients that may see it. It listens only while somebody does, and writes each frame once. */
export class SocketHub {
  readonly #engine: Engine;
  readonly #seats = new Set<Seat>();
  readonly #silent = new Set<Seat>();
  readonly #heartbeatMs: number;
  #stop: (() => void) | undefined;

  constructor(engine: Engine, heartbeatMs = HEARTBEAT_MS) {
    this.#engine = engine;
    this.#heartbeatMs = heartbeatMs;
  }

  get size(): number {
    return this.#seats.size;
  }

  /** Returns what ends the membership. */
  join(seat: Seat): () => void {
    this.#seats.add(seat);
    rawOf(seat.peer).on("pong", () => this.#silent.delete(seat));
    this.#stop ??= this.#start();
    return () => {
      this.#seats.delete(seat);
      this.#silent.delete(seat);
      if (this.#seats.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  #start(): () => void {
    const unsubscribe = this.#engine.subscribe((event) => this.#tell(event));
    const timer = setInterval(() => this.#beat(), this.#heartbeatMs);
    timer.unref();
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }

  /** Clients that did not answer the last ping are gone, though nobody said so; they would fill the bound. */
  #beat(): void {
    for (const seat of this.#seats) {
      if (this.#silent.has(seat)) rawOf(seat.peer).terminate();
      else rawOf(seat.peer).ping();
      this.#silent.add(seat);
    }
  }

  #tell(event: EngineEvent): void {
    if (event.type === "entry" && event.payload.kind === "x.token.revoked") this.#expel(event.tenant);
    let text: string | undefined;
    for (const seat of this.#seats) {
      if (!maySee(seat.caller, event)) continue;
      text ??= frameOf(event);
      send(seat.peer, text);
    }
  }

  /** A token was revoked: whoever came with it has to leave at once. */
  #expel(tenant: string): void {
    for (const seat of this.#seats) {
      if (seat.caller.tenant !== tenant || seat.caller.auth !== "token") continue;
      void seat.stillValid().then((valid) => {
        if (!valid) seat.peer.close(1008, "the token was revoked");
      });
    }
  }
}

/** Events stay in their tenant; agents see their own actions and the governance they are under. */
function maySee(caller: Caller, event: EngineEvent): boolean {
  if (event.tenant !== caller.tenant) return false;
  if (caller.rights !== "agent" || event.type === "governance_updated") return true;
  if (event.type === "entry") return false;
  const { principal } = event.payload;
  return principal.type === caller.principal.type && principal.id === caller.principal.id;
}

function frameOf(event: EngineEvent): string {
  const payload = "decision" in event.payload ? toWire(event.payload) : event.payload;
  return JSON.stringify({ type: event.type, payload });
}

/** A client that does not read is cut off; it reconnects and asks for what it missed. */
export function send(peer: Peer, text: string): void {
  if (rawOf(peer).bufferedAmount <= SOCKET_BUFFER_BYTES_MAX) return peer.send(text);
  // A close frame would wait behind everything unread.
  rawOf(peer).terminate();
}

function rawOf(peer: Peer): RawSocket {
  return peer.raw as unknown as RawSocket;
}
