import { createServer, type Server, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient } from "@writ/api/client";
import { httpLines, httpTransport, type Address } from "../src/transport.ts";

let folder: string;
let server: Server;
let address: Address;
let sockets: Socket[];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  folder = mkdtempSync(join(tmpdir(), "writ-silent-"));
  sockets = [];
  server = createServer((socket) => void sockets.push(socket.on("error", () => {})));
  const socketPath = join(folder, "sock");
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  address = { target: { socketPath }, token: undefined };
});
afterEach(() => {
  vi.useRealTimers();
  for (const socket of sockets) socket.destroy();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

/** Resolves when the other end has the whole request. */
async function asked(): Promise<Socket> {
  const socket = sockets[0] ?? (await new Promise<Socket>((resolve) => server.once("connection", resolve)));
  await new Promise((resolve) => socket.once("data", resolve));
  return socket;
}

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "answered",
    (error: { readonly code?: unknown }) => error.code,
  );
}

test.each([
  ["/health", 10_000],
  ["/api/status", 30_000],
  ["/api/actions/x?wait=answered&timeout_ms=30000", 60_000],
  ["/api/views/rebuild", 1_800_000],
])("a request for %s that is accepted and not answered ends in OWNER_SILENT after %i ms", async (path, ms) => {
  const ended = codeOf(createClient(httpTransport(address)).get(path));
  await asked();
  let over = false;
  void ended.then(() => (over = true));
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await ended).toBe("OWNER_SILENT");
});

test("an answer that stops half way ends in OWNER_SILENT", async () => {
  const ended = codeOf(createClient(httpTransport(address)).get("/api/status"));
  (await asked()).write(`${HEAD}2\r\n{"\r\n`);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await ended).toBe("OWNER_SILENT");
});

test("a stream that never begins ends in OWNER_SILENT", async () => {
  const ended = codeOf(httpLines(address, "/api/log/export").next());
  await asked();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await ended).toBe("OWNER_SILENT");
});

test("a stream may last, as long as its parts come; one that falls silent ends in OWNER_SILENT", async () => {
  const lines = httpLines(address, "/api/log/export");
  const first = lines.next();
  const socket = await asked();
  socket.write(`${HEAD}2\r\na\n\r\n`);
  expect(String((await first).value)).toBe("a\n");
  // A reader that takes its time is no silence of the other end.
  await vi.advanceTimersByTimeAsync(600_000);
  socket.write("2\r\nb\n\r\n");
  expect(String((await lines.next()).value)).toBe("b\n");
  const ended = codeOf(lines.next());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await ended).toBe("OWNER_SILENT");
});
