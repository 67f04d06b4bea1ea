import { request as httpRequest, type RequestOptions } from "node:http";
import type { Transport, WireAnswer, WireRequest } from "@writ/api/client";
import { WritError } from "@writ/canon";

/** An answer larger than this is not one of ours; exports are streamed elsewhere. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export interface Address {
  /** A Unix socket, or a server elsewhere. */
  readonly target: { readonly socketPath: string } | { readonly url: URL };
  readonly token: string | undefined;
}

/** HTTP over the owner's Unix socket or a URL, without a dependency, since every command pays for its import. */
export function httpTransport(address: Address): Transport {
  return {
    send: (wire) =>
      new Promise<WireAnswer>((resolve, reject) => {
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
      }),
  };
}

/** Streams an answer's lines; for exports, whose size has no bound. */
export async function* httpLines(address: Address, path: string): AsyncGenerator<Buffer> {
  const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    const call = httpRequest(options(address, { method: "GET", path }), resolve);
    call.on("error", (cause: NodeJS.ErrnoException) => reject(unreachable(cause)));
    call.end();
  });
  if ((response.statusCode ?? 0) >= 400) {
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const { failureOf } = await import("@writ/api/client");
    throw failureOf({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") });
  }
  for await (const part of response) yield part as Buffer;
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
