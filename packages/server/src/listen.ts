import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { dirname } from "node:path";
import {
  createAdaptorServer,
  getRequestListener,
  type HttpBindings,
  type WebSocketServerLike,
} from "@hono/node-server";
import type { Hono } from "hono";
import { WebSocketServer } from "ws";
import { CONNECTIONS_MAX, SOCKET_FRAME_BYTES_MAX } from "@writ/api";
import { WritError } from "@writ/canon";
import {
  answerBare,
  answerBelowTheApplication,
  bareFailure,
  boundConnections,
  malformed,
  opensSocket,
} from "./connection.ts";
import type { Door, WritEnv } from "./context.ts";
import { setSecurityHeaders } from "./security-headers.ts";

export interface Listener {
  /** Stops accepting, lets answers under way finish for two seconds, then cuts what is left. */
  close(): Promise<void>;
}

/**
 * Serves the application on a Unix socket of mode 0600 in a folder of mode 0700.
 * INVARIANT: the caller owns the log, so a socket file found here has no listener any more.
 */
export async function listenOnSocket(app: Hono<WritEnv>, path: string): Promise<Listener> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  chmodSync(dirname(path), 0o700);
  rmSync(path, { force: true });
  const previous = process.umask(0o177);
  try {
    return await listen(app, "socket", { path });
  } finally {
    process.umask(previous);
  }
}

/** Serves the application on TCP. @throws WritError `PORT_TAKEN`, `ADDRESS_UNAVAILABLE`. */
export function listenOnTcp(
  app: Hono<WritEnv>,
  options: { readonly host: string; readonly port: number; readonly connectionsMax?: number },
): Promise<Listener> {
  return listen(app, "tcp", options);
}

/** A connection that dribbles its head or its body is cut: at the latest one check after its time is over. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
} as const;

type Place = ({ readonly path: string } | { readonly host: string; readonly port: number }) & {
  readonly connectionsMax?: number;
};

async function listen(app: Hono<WritEnv>, door: Door, where: Place): Promise<Listener> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: SOCKET_FRAME_BYTES_MAX,
    handleProtocols: (offered) => (offered.has("writ") ? "writ" : false),
  });
  const fetch = (request: Request, bindings: object): Response | Promise<Response> => {
    // An upgrade to WebSocket comes without an answer to write. The object itself goes on: the upgrade is noted in it.
    const { incoming, outgoing } = bindings as Partial<HttpBindings>;
    if (outgoing !== undefined) setSecurityHeaders(outgoing);
    const answer = app.fetch(request, Object.assign(bindings, { door }));
    return outgoing === undefined && incoming !== undefined ? refusedUpgrade(incoming, answer) : answer;
  };
  const errorHandler = (error: unknown): Response =>
    bareFailure(malformed(error instanceof Error ? error.message : ""));
  const answer = getRequestListener(fetch, { errorHandler });
  const server = createAdaptorServer({
    fetch,
    createServer: ((options: object) =>
      createServer(options, (incoming, outgoing) => void answer(incoming, outgoing))) as typeof createServer,
    // `ws` types `noServer` as possibly undefined; it is set above.
    websocket: { server: sockets as unknown as WebSocketServerLike },
    serverOptions: { ...LIMITS, shouldUpgradeCallback: opensSocket, requireHostHeader: false },
  }) as Server;
  answerBelowTheApplication(server, sockets);
  boundConnections(server, where.connectionsMax ?? CONNECTIONS_MAX);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(unavailable(error, where)));
    server.listen(where, () => resolve());
  });
  return { close: () => closeServer(server, sockets) };
}

/** The adapter tells a refused upgrade its status alone; what was refused and why is written here. */
async function refusedUpgrade(
  { socket }: HttpBindings["incoming"],
  answer: Response | Promise<Response>,
): Promise<Response> {
  const refusal = await answer;
  if (refusal.status >= 400) await answerBare(socket, refusal.clone());
  return refusal;
}

async function closeServer(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.close(1001, "the server is stopping");
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
  }, 2_000);
  await closed;
  clearTimeout(cut);
}

function unavailable(error: NodeJS.ErrnoException, where: object): WritError {
  const place = "port" in where && "host" in where ? `${String(where.host)}:${String(where.port)}` : "its socket";
  if (error.code === "EADDRINUSE") {
    return new WritError({
      code: "PORT_TAKEN",
      message: `\`${place}\` is in use`,
      reason: "another process listens there",
      next: "stop it, or choose another with `writ up --port N`",
      cause: error,
    });
  }
  return new WritError({
    code: "ADDRESS_UNAVAILABLE",
    message: `cannot listen on \`${place}\``,
    reason: error.code ?? "the system refused",
    next: "check the address and the rights on its folder",
    cause: error,
  });
}
