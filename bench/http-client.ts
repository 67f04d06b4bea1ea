import { connect } from "node:net";
import { writeSync } from "node:fs";

import { percentiles } from "./measure.ts";

/**
 * Keeps `callers` connections busy for `ms` with one request each, and says how it went. Written on sockets, since
 * `node:http` as a client costs more than many a server.
 */
interface Order {
  readonly port: number;
  readonly token: string;
  readonly callers: number;
  readonly ms: number;
  readonly body: string;
  /** What a good answer contains. */
  readonly expect: string;
}

const order = JSON.parse(process.argv[2] ?? "") as Order;
const request = Buffer.from(
  `POST /api/actions HTTP/1.1\r\nhost: 127.0.0.1:${order.port}\r\nauthorization: Bearer ${order.token}\r\n` +
    `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(order.body)}\r\n\r\n${order.body}`,
);
const times: number[] = [];
let bad = 0;
let sample = "";

const started = performance.now();
const end = started + order.ms;
await Promise.all(Array.from({ length: order.callers }, caller));
const seconds = (performance.now() - started) / 1000;
writeSync(
  1,
  JSON.stringify({ perSecond: times.length / seconds, ...percentiles(times), good: times.length - bad, bad, sample }),
);

function caller(): Promise<void> {
  const socket = connect(order.port, "127.0.0.1");
  socket.setNoDelay(true);
  let received = "";
  let sent = performance.now();
  return new Promise((resolve, reject) => {
    socket.on("connect", () => socket.write(request));
    socket.on("error", reject);
    socket.on("close", () => resolve());
    socket.on("data", (part: Buffer) => {
      received += part.toString("latin1");
      if (!isWhole(received)) return;
      const now = performance.now();
      times.push((now - sent) * 1000);
      if (!received.includes(order.expect)) {
        bad++;
        sample = received.slice(received.indexOf("\r\n\r\n") + 4).slice(0, 300);
      }
      received = "";
      if (now >= end) return socket.destroy();
      sent = now;
      return socket.write(request);
    });
  });
}

/** By its length, or by the last chunk. */
function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head + 2));
  return length === null ? text.endsWith("0\r\n\r\n") : text.length >= head + 4 + Number(length[1]);
}
