import { STATUS_CODES, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { classify } from "@writ/api";
import { WritError } from "@writ/canon";
import type { WebSocketServer } from "ws";
import { failureBody } from "./failure.ts";
import { setSecurityHeaders } from "./security-headers.ts";

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The one upgrade there is. A client that offers another, as some do with every request, is served as if it had not. */
export function opensSocket({ headers, url }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket" && url?.split("?", 1)[0] === "/ws";
}

/**
 * Has what the HTTP parser and the WebSocket handshake refuse answered like every other refusal. Without this such
 * connections end without a word, or stay open for good.
 */
export function answerBelowTheApplication(server: Server, sockets: WebSocketServer): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => void endConnection(socket, refusalOf(error)));
  server.on("checkExpectation", ({ socket }: IncomingMessage) => void refuse(socket, malformed("an expectation")));
  sockets.on("wsClientError", (error, socket) => void refuse(socket, malformed(error.message)));
  const adapters = server.listeners("upgrade") as Upgrade[];
  server.removeAllListeners("upgrade");
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node before 24.9 brings every upgrade here, and the adapter leaves others than its own without an answer.
    if (!opensSocket(request)) return void refuse(socket, malformed("an upgrade to something else than events"));
    for (const upgrade of adapters) upgrade(request, socket, head);
  });
}

/** Refuses what comes while `max` connections are open. */
export function boundConnections(server: Server, max: number): void {
  let open = 0;
  server.on("connection", (socket: Duplex) => {
    open += 1;
    socket.once("close", () => (open -= 1));
    if (open > max) void refuse(socket, tooMany(max));
  });
}

/** Writes a whole answer on a connection that has no response object, and ends it. */
export async function answerBare(socket: Duplex, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = new Headers(answer.headers);
  setSecurityHeaders({ setHeader: (name, value) => headers.set(name, value) });
  headers.set("content-length", String(body.length));
  headers.set("connection", "close");
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ""}\r\n${lines}\r\n`;
  await new Promise<void>((resolve) => {
    socket.once("error", () => resolve());
    socket.once("close", () => resolve());
    socket.end(Buffer.concat([Buffer.from(head), body]), () => resolve());
  });
  socket.destroy();
}

/** An error as an answer that no application has seen. */
export function bareFailure(error: WritError): Response {
  const { status, retry } = classify(error.code);
  const headers = new Headers({ connection: "close", ...(retry === true && { "retry-after": "1" }) });
  setSecurityHeaders({ setHeader: (name, value) => headers.set(name, value) });
  return Response.json(failureBody(error, status), { status, headers });
}

/** `why` is ours or the parser's; the client's bytes are not told back. */
export function malformed(why: string): WritError {
  return new WritError({
    code: "REQUEST_MALFORMED",
    message: `the request is not HTTP/1.1 as this server takes it: ${why}`,
    reason: "what two readers could take for two different requests is read by none",
    next: "correct the request; see RFC 9112",
  });
}

function tooMany(max: number): WritError {
  return new WritError({
    code: "SERVER_BUSY",
    message: `${max} connections are open already`,
    reason: "each one holds a descriptor, so their number has a bound",
    next: "close some, or try again later",
  });
}

function refuse(socket: Duplex, error: WritError): Promise<void> {
  return answerBare(socket, bareFailure(error));
}

/** Node's own rule: an answer that has begun is not written into, and a connection that is gone is left. */
function endConnection(socket: Duplex & { readonly ["_httpMessage"]?: Begun }, error: WritError): unknown {
  const begun = socket["_httpMessage"]?.headersSent === true;
  return begun || !socket.writable ? socket.destroy() : refuse(socket, error);
}

type Begun = { readonly headersSent: boolean } | null;

function refusalOf({ code, message }: NodeJS.ErrnoException): WritError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new WritError({
      code: "REQUEST_TIMEOUT",
      message: "the request did not arrive in time",
      reason: "a connection that dribbles keeps a place that others wait for",
      next: "send it again, all at once",
    });
  }
  if (code !== "HPE_HEADER_OVERFLOW") return malformed(message);
  return new WritError({
    code: "REQUEST_HEAD_TOO_LARGE",
    message: "the head of the request is larger than 16 KiB",
    reason: "every input has a bound",
    next: "send less in path and headers",
  });
}
