import { connect, type Socket } from "node:net";

import { isWritError, type JsonValue } from "@writ/canon";

import { signerError } from "./signer-error.ts";
import { ANSWER_BYTES_MAX, encodeFrame, FrameReader, protocolError, WAITING_MAX } from "./signer-process-frame.ts";
import { formatRequest, parseAnswer, type SignerRequest } from "./signer-process-message.ts";

interface Waiting {
  resolve(fields: { readonly [key: string]: JsonValue }): void;
  reject(error: Error): void;
}

/**
 * One connection to a signer's socket, made when it is needed and again after it broke. A broken connection fails
 * all that wait; nothing is asked twice on its own, since the caller knows whether its head is still the newest.
 */
export class SignerLink {
  readonly #path: string;
  readonly #timeoutMs: number;
  #socket: Socket | undefined;
  #waiting: Waiting[] = [];
  #closed = false;

  constructor(path: string, timeoutMs: number) {
    this.#path = path;
    this.#timeoutMs = timeoutMs;
  }

  /** The answer's fields. Rejects with the signer's own error, `SIGNER_UNREACHABLE`, `SIGNER_BUSY` or `SIGNER_PROTOCOL`. */
  async ask(request: SignerRequest): Promise<{ readonly [key: string]: JsonValue }> {
    if (this.#closed) throw unreachable(this.#path, "the connection was closed by its owner");
    if (this.#waiting.length >= WAITING_MAX) throw busy();
    const frame = encodeFrame(formatRequest(request));
    const socket = this.#socket ?? this.#connect();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      socket.ref();
      socket.setTimeout(this.#timeoutMs);
      socket.write(frame);
    });
  }

  close(): void {
    this.#closed = true;
    if (this.#socket !== undefined) this.#break(this.#socket, "the connection was closed by its owner");
  }

  #connect(): Socket {
    const reader = new FrameReader(ANSWER_BYTES_MAX);
    const socket = connect(this.#path);
    socket.on("data", (chunk: Buffer) => this.#receive(socket, reader, chunk));
    socket.on("timeout", () => this.#break(socket, `no answer within \`${this.#timeoutMs}\` ms`));
    socket.on("error", (error) => this.#break(socket, "the connection failed", error));
    socket.on("close", () => this.#break(socket, "the signer ended the connection"));
    this.#socket = socket;
    return socket;
  }

  #receive(socket: Socket, reader: FrameReader, chunk: Buffer): void {
    if (this.#socket !== socket) return;
    try {
      for (const value of reader.push(chunk)) this.#settle(value);
    } catch (error) {
      this.#break(socket, "it does not keep the protocol", error);
    }
    if (this.#socket !== socket || this.#waiting.length > 0) return;
    // An idle connection neither times out nor keeps the process alive.
    socket.setTimeout(0);
    socket.unref();
  }

  #settle(value: JsonValue): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) throw protocolError("an answer nobody asked for");
    try {
      waiting.resolve(parseAnswer(value));
    } catch (error) {
      waiting.reject(error instanceof Error ? error : protocolError("an answer of unknown form", error));
    }
  }

  #break(socket: Socket, reason: string, cause?: unknown): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = [];
    const error = isWritError(cause) ? cause : unreachable(this.#path, reason, cause);
    for (const asked of waiting) asked.reject(error);
  }
}

export function unreachable(path: string, reason: string, cause?: unknown): Error {
  return signerError({
    code: "SIGNER_UNREACHABLE",
    message: `the signer at \`${path}\` does not answer`,
    reason,
    next: "start it with `writ signer`, then try again",
    cause,
  });
}

function busy(): Error {
  return signerError({
    code: "SIGNER_BUSY",
    message: `\`${WAITING_MAX}\` requests to the signer are waiting`,
    reason: "the signer answers in order, and a queue has a bound",
    next: "wait for the answers, then ask again",
  });
}
