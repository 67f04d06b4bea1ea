import { chmodSync, chownSync, lstatSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { basename, dirname, join } from "node:path";

import type { JsonValue } from "@writ/canon";

import { assertSocketFolder } from "./key-file-safety.ts";
import { signerError } from "./signer-error.ts";
import { encodeFrame, FrameReader, protocolError, REQUEST_BYTES_MAX, WAITING_MAX } from "./signer-process-frame.ts";
import { formatFailure, formatHead, parseRequest, type SignerRequest } from "./signer-process-message.ts";
import type { LocalSigner } from "./signer.ts";
import { formatVkey } from "./vkey.ts";

export interface SignerServer {
  readonly socketPath: string;
  /** Ends all connections, removes the socket and makes the memory durable. The signer stays open. */
  close(): Promise<void>;
}

/** Clients of one signer: a log's owner, its readers, a few commands. */
const CONNECTIONS_MAX = 32;
/** Answers a client may leave unread. */
const UNREAD_BYTES_MAX = 1_048_576;

/**
 * Serves a signer on a Unix socket until it is closed: the body of `writ signer`. The socket is this user's alone (0600
 * in a 0700 folder), or its folder's group may ask too (0660 in 0750). Throws `KEY_UNSAFE` for the folder, `SIGNER_BUSY`
 * when another process serves there.
 */
export async function serveSigner(options: {
  readonly signer: LocalSigner;
  readonly socketPath: string;
}): Promise<SignerServer> {
  const folder = assertSocketFolder(dirname(options.socketPath), true);
  const socketPath = join(folder.path, basename(options.socketPath));
  await removeDeadSocket(socketPath);
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    serveConnection(socket, options.signer);
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, socketPath);
  try {
    openTo(folder.group, socketPath);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    socketPath,
    async close() {
      for (const socket of connections) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await options.signer.flush();
    },
  };
}

function openTo(group: number | undefined, socketPath: string): void {
  try {
    if (group !== undefined) chownSync(socketPath, -1, group);
    chmodSync(socketPath, group === undefined ? 0o600 : 0o660);
  } catch (cause) {
    throw signerError({
      code: "KEY_UNSAFE",
      message: `\`${socketPath}\` cannot be opened to its folder's group`,
      reason: "the system refused it; a user can give what is theirs to groups that they are in",
      next: "let the signer's user into that group, or give the folder mode 0700",
      cause,
    });
  }
}

/** A connection that breaks the protocol is cut: what it would send next cannot be told apart any more. */
function serveConnection(socket: Socket, signer: LocalSigner): void {
  const reader = new FrameReader(REQUEST_BYTES_MAX);
  let waiting = 0;
  let turn: Promise<void> = Promise.resolve();
  const answerNext = async (value: JsonValue): Promise<void> => {
    const answer = await answerTo(value, signer);
    waiting--;
    if (socket.writableLength > UNREAD_BYTES_MAX) socket.destroy();
    else if (!socket.destroyed) socket.write(encodeFrame(answer));
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const value of reader.push(chunk)) {
        waiting++;
        if (waiting > WAITING_MAX) throw protocolError("more requests than may wait");
        turn = turn.then(() => answerNext(value));
      }
    } catch (error) {
      socket.removeAllListeners("data");
      socket.write(encodeFrame(formatFailure(error)));
      socket.destroySoon();
    }
  });
}

async function answerTo(value: JsonValue, signer: LocalSigner): Promise<JsonValue> {
  try {
    return await perform(parseRequest(value), signer);
  } catch (error) {
    return formatFailure(error);
  }
}

async function perform(request: SignerRequest, signer: LocalSigner): Promise<JsonValue> {
  if (request.op === "hello") return { origin: signer.name, vkeys: signer.verifiers.map(formatVkey) };
  if (request.op === "sign") return { note: signer.sign(request.head) };
  if (request.op === "state") {
    const head = signer.state();
    return { head: head === undefined ? null : formatHead(head) };
  }
  await signer.flush();
  return { flushed: true };
}

/** A socket nobody answers on is left from a process that died. */
async function removeDeadSocket(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isSocket() || (await isAnswered(path))) {
    throw signerError({
      code: "SIGNER_BUSY",
      message: `\`${path}\` is taken`,
      reason: stats.isSocket() ? "another signer answers on this socket" : "it is something else than a socket",
      next: "stop the other signer, or choose another socket",
    });
  }
  unlinkSync(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        signerError({
          code: "SIGNER_BUSY",
          message: `cannot listen on \`${path}\``,
          reason: "the system refused it; socket paths are short, about 100 bytes",
          next: "choose another socket",
          cause,
        }),
      );
    });
    server.listen(path, resolve);
  });
}
