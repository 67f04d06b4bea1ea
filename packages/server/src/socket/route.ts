import { upgradeWebSocket, type WebSocketLike } from "@hono/node-server";
import type { Context } from "hono";
import type { WSEvents } from "hono/ws";
import { SOCKETS_MAX } from "@writ/api";
import { WritError } from "@writ/canon";
import type { Caller } from "@writ/engine";
import type { ServerParts, WritEnv } from "../context.ts";
import { toWire } from "../routes/actions.ts";
import { identify } from "../security.ts";
import { answerFrame } from "./answer-frame.ts";
import { send, SocketHub, type Peer, type Seat } from "./hub.ts";

/** Holds shown in the first frame; more are asked for in pages. */
const SNAPSHOT_HOLDS = 100;

/**
 * `/ws`: one snapshot, then every event the caller may see (spec command.md §15.1). A browser cannot set headers
 * here, so the token may come as the subprotocol `bearer.<token>` beside `writ`.
 */
export function socketRoute(parts: ServerParts) {
  const hub = new SocketHub(parts.engine, parts.heartbeatMs);
  return async (context: Context<WritEnv>, next: () => Promise<void>) => {
    // An upgrade has no answer to write; whatever its headers say, a request that has one is none.
    if (context.env.outgoing !== undefined) throw notWebSocket();
    const authorization = context.req.header("authorization") ?? fromProtocol(context);
    const caller = await identify(parts, context.env.door, authorization);
    if (hub.size >= SOCKETS_MAX) throw tooMany();
    const stillValid = async (): Promise<boolean> =>
      identify(parts, context.env.door, authorization).then(
        () => true,
        () => false,
      );
    return upgradeWebSocket(() => session(parts, hub, { caller, stillValid }))(context, next);
  };
}

function session(
  parts: ServerParts,
  hub: SocketHub,
  who: Pick<Seat, "caller" | "stillValid">,
): WSEvents<WebSocketLike> {
  let leave = (): void => {};
  return {
    onOpen(_event, peer) {
      leave = hub.join({ ...who, peer });
      snapshot(parts, who.caller, peer).catch((error: unknown) => {
        parts.log.warn({ err: error }, "no snapshot for a socket");
        peer.close(1011, "no snapshot; reconnect");
      });
    },
    onMessage(event, peer) {
      send(peer, answerFrame(event.data));
    },
    onClose() {
      leave();
    },
    onError() {
      // The close event follows.
    },
  };
}

async function snapshot({ engine, trial }: ServerParts, caller: Caller, peer: Peer): Promise<void> {
  const [governance, held] = await Promise.all([
    engine.governance(caller),
    engine.listActions(caller, { state: "held", limit: SNAPSHOT_HOLDS }),
  ]);
  const payload = { governance, held: held.actions.map(toWire), trial };
  peer.send(JSON.stringify({ type: "state_snapshot", payload }));
}

function fromProtocol(context: Context<WritEnv>): string | undefined {
  const offered = context.req.header("sec-websocket-protocol")?.split(",") ?? [];
  const bearer = offered.map((name) => name.trim()).find((name) => name.startsWith("bearer."));
  return bearer === undefined ? undefined : `Bearer ${bearer.slice("bearer.".length)}`;
}

function tooMany(): WritError {
  return new WritError({
    code: "SERVER_BUSY",
    message: `${SOCKETS_MAX} sockets are open already`,
    reason: "each one costs memory, so their number has a bound",
    next: "close some, or ask for actions in pages",
  });
}

function notWebSocket(): WritError {
  return new WritError({
    code: "REQUEST_INVALID",
    message: "the request does not ask for a WebSocket",
    reason: "events are told on a WebSocket alone",
    next: "connect with `ws://`, or ask for actions in pages",
    details: { field: "upgrade" },
  });
}
