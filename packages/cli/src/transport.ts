import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import type { Transport, WireAnswer, WireRequest } from "@writ/api/client";
import { WritError } from "@writ/canon";

/** An answer larger than this is not one of ours; exports are streamed elsewhere. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export interface Address {
  /** A Unix socket, or a server elsewhere. */
  readonly target: { readonly socketPath: string } | { readonly url: URL };
  readonly token: string | undefined;
}

/** How long an answer may take: an owner under load sits out its own waits for locks and connections meanwhile. */
const ANSWER_MS_MAX = 30_000;
/** Questions that are answered from memory. */
const PROMPT_MS_MAX = 10_000;
const PROMPT = new Set(["/health", "/api/owner/step-down"]);
/** Work over the whole log, which has no bound of its own. */
const WHOLE_LOG_MS_MAX = 30 * 60_000;
const WHOLE_LOG = new Set([
  "/api/views/rebuild",
  "/api/erase",
  "/api/retain",
  "/api/recover",
  "/api/policies/activate",
]);
/** How long a stream may be silent, its beginning included; how long it lasts depends on the log and its reader. */
const STREAM_MS_MAX = 60_000;

/** HTTP over the owner's Unix socket or a URL, without a dependency, since every command pays for its import. */
export function httpTransport(address: Address): Transport {
  return {
    send: (wire) => {
      const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
      const call = httpRequest(options(address, wire), (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on("data", (part: Buffer) => {
          size += part.byteLength;
          if (size > ANSWER_BYTES_MAX) response.destroy(new Error("the answer is too large"));
          else parts.push(part);
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
        );
        response.on("error", (cause) => reject(unreachable(cause)));
      });
      call.on("error", (cause: NodeJS.ErrnoException) => reject(unreachable(cause)));
      call.end(wire.body);
      return inTime(promise, answerMsMax(wire.path), call);
    },
  };
}

/** Streams an answer's lines; for exports, whose size has no bound. Throws `OWNER_UNREACHABLE`, `OWNER_SILENT`. */
export async function* httpLines(address: Address, path: string): AsyncGenerator<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const call = httpRequest(options(address, { method: "GET", path }), resolve);
  call.on("error", (cause: NodeJS.ErrnoException) => reject(unreachable(cause)));
  call.end();
  const response = await inTime(promise, STREAM_MS_MAX, call);
  const parts = partsOf(response, call);
  if ((response.statusCode ?? 0) < 400) return yield* parts;
  const told: Buffer[] = [];
  for await (const part of parts) told.push(part);
  const { failureOf } = await import("@writ/api/client");
  throw failureOf({ status: response.statusCode ?? 0, text: Buffer.concat(told).toString("utf8") });
}

/** The parts as they come. The time that their reader takes between them does not count. */
async function* partsOf(response: IncomingMessage, call: ClientRequest): AsyncGenerator<Buffer> {
  const parts = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const { done, value } = await inTime(parts.next(), STREAM_MS_MAX, call);
      if (done === true) return;
      yield value;
    }
  } finally {
    response.destroy();
  }
}

/** A long poll is answered after the time that it asks for. */
function answerMsMax(path: string): number {
  const [route = "", query] = path.split("?");
  if (PROMPT.has(route)) return PROMPT_MS_MAX;
  if (WHOLE_LOG.has(route)) return WHOLE_LOG_MS_MAX;
  return ANSWER_MS_MAX + (Number(new URLSearchParams(query).get("timeout_ms")) || 0);
}

/** What comes from `call`, or `OWNER_SILENT` after `ms`, with the call given up. */
async function inTime<T>(coming: Promise<T>, ms: number, call: ClientRequest): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(silent(ms));
    call.destroy();
  }, ms);
  try {
    return await Promise.race([coming, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function options({ target, token }: Address, { method, path, body, signal }: WireRequest): RequestOptions {
  const where =
    "socketPath" in target
      ? { socketPath: target.socketPath, host: "writ.local" }
      : { host: target.url.hostname, port: target.url.port || 80 };
  // Said beforehand, node does not look whether the host is an address: compiling that pattern alone takes milliseconds.
  const plain = { servername: "" };
  return {
    ...where,
    ...plain,
    method,
    path,
    headers: {
      ...(body !== undefined && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(signal !== undefined && { signal }),
  };
}

function unreachable(cause: NodeJS.ErrnoException): WritError | Error {
  if (cause.name === "AbortError") return cause;
  return new WritError({
    code: "OWNER_UNREACHABLE",
    message: "the owner of the log does not answer",
    reason: cause.code ?? cause.message,
    next: "run the command again; `writ doctor` says what is wrong",
    cause,
  });
}

function silent(ms: number): WritError {
  return new WritError({
    code: "OWNER_SILENT",
    message: `the owner of the log, or the server, did not answer within ${String(ms / 1000)} s`,
    reason: "it is stopped, stuck or overloaded, or another program listens there; what was asked may still be done",
    next: "see whether its process runs (`writ doctor`) and WRIT_URL names it; look before you ask for a change again",
  });
}
