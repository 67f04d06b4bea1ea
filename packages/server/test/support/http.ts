import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import type { House } from "./house.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; throws where it is none. */
  json(): Record<string, unknown>;
}

export interface Call {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly token?: string;
  /** Sent in chunks, without a length. */
  readonly chunked?: boolean;
}

/** One request on a connection of its own. The path goes out as it stands, without normalising. */
export function call(house: House, path: string, options: Call = {}): Promise<Answer> {
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const headers = {
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(body !== undefined && options.chunked !== true && { "content-length": Buffer.byteLength(body) }),
    ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
    ...options.headers,
  };
  const method = options.method ?? (body === undefined ? "GET" : "POST");
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: house.port, agent: false, method, path, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          json: () => JSON.parse(text) as Record<string, unknown>,
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Sends bytes as they are and answers what came back until the server closed. */
export function rawExchange(house: House, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(house.port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    const end = (): void => {
      socket.destroy();
      resolve(text);
    };
    socket.on("data", (part) => (text += part.toString("latin1")));
    socket.on("close", end);
    socket.on("error", end);
  });
}
