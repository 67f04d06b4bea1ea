import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";

/** Where to cut: at the n-th protocol message of one direction, counted from 1 over all connections once armed. */
export interface Cut {
  /** `request` runs from client to server, `reply` back. */
  readonly direction: "request" | "reply";
  readonly message: number;
  /** Whether that message still arrives. */
  readonly delivered: boolean;
}

export interface PostgresProxy {
  readonly port: number;
  /** `connectionString` by way of this proxy. */
  through(connectionString: string): string;
  /** Cuts one connection, once. */
  arm(cut: Cut): void;
  /** Whether the armed cut has happened. */
  readonly cut: boolean;
  /** Cuts every connection now. */
  cutAll(): void;
  stop(): Promise<void>;
}

type Pair = readonly [client: Socket, upstream: Socket];
type Counted = (direction: Cut["direction"]) => Cut | undefined;

/** A TCP proxy that understands where PostgreSQL's messages begin and end, and can cut between any two. */
export async function startPostgresProxy(serverPort: number): Promise<PostgresProxy> {
  const pairs = new Set<Pair>();
  let armed: { cut: Cut; left: number } | undefined;
  const counted: Counted = (direction) => {
    if (armed?.cut.direction !== direction || --armed.left > 0) return undefined;
    const { cut } = armed;
    armed = undefined;
    return cut;
  };
  const server = createServer((client) => joinUpstream(client, connect(serverPort, "127.0.0.1"), pairs, counted));
  const port = await listen(server);
  const cutAll = () => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy();
    pairs.clear();
  };
  return {
    port,
    through: (connectionString) => connectionString.replace(/:\d+\//, `:${port}/`),
    arm: (cut) => (armed = { cut, left: cut.message }),
    get cut() {
      return armed === undefined;
    },
    cutAll,
    stop: async () => {
      cutAll();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function joinUpstream(client: Socket, upstream: Socket, pairs: Set<Pair>, counted: Counted): void {
  const pair = [client, upstream] as const;
  pairs.add(pair);
  const end = () => {
    pairs.delete(pair);
    client.destroy();
    // What was delivered is sent before the goodbye.
    upstream.end();
  };
  for (const socket of pair) socket.setNoDelay(true).on("error", end).on("close", end);
  forward(client, upstream, true, () => counted("request"), end);
  forward(upstream, client, false, () => counted("reply"), end);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return address.port;
}

/** Passes whole messages on. The client's first message, the start-up packet, has no type byte. */
function forward(from: Socket, to: Socket, startup: boolean, counted: () => Cut | undefined, end: () => void): void {
  let rest: Buffer = Buffer.alloc(0);
  let typeBytes = startup ? 0 : 1;
  from.on("data", (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length >= at + typeBytes + 4) {
      const next = at + typeBytes + rest.readUInt32BE(at + typeBytes);
      if (rest.length < next) break;
      const cut = typeBytes === 1 ? counted() : undefined;
      if (cut !== undefined) {
        to.write(rest.subarray(0, cut.delivered ? next : at));
        rest = Buffer.alloc(0);
        end();
        return;
      }
      at = next;
      typeBytes = 1;
    }
    if (at > 0) to.write(rest.subarray(0, at));
    rest = rest.subarray(at);
  });
}
