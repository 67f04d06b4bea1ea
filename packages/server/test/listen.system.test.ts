import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@writ/testkit";
import { createApp, listenOnSocket, listenOnTcp, type Listener } from "../src/index.ts";
import { govern, propose } from "./support/actions.ts";
import { openHouse, type House } from "./support/house.ts";
import { call } from "./support/http.ts";
import { listen } from "./support/listener.ts";

let house: House;
let folder: string;
let socket: string;
let listener: Listener;
let steppedDown = 0;
beforeAll(async () => {
  house = await openHouse();
  folder = mkdtempSync(join(tmpdir(), "writ-socket-"));
  socket = join(folder, "run", "owner.sock");
  listener = await listenOnSocket(createApp({ ...house.parts, stepDown: () => (steppedDown += 1) }), socket);
});
afterAll(async () => {
  await listener.close();
  await house.close();
  rmSync(folder, { recursive: true });
});

function ask(method: string, path: string, body?: object, headers = {}): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const call = request({ socketPath: socket, method, path, headers: { ...type, ...headers } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => resolve(JSON.parse(Buffer.concat(parts).toString("utf8")) as Record<string, unknown>));
    });
    call.on("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe("the Unix socket", () => {
  test("is its user's alone, also where a file lay before", async () => {
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700);
    const stale = join(folder, "stale", "owner.sock");
    const first = await listenOnSocket(createApp(house.parts), stale);
    await first.close();
    writeFileSync(stale, "");
    const second = await listenOnSocket(createApp(house.parts), stale);
    expect(statSync(stale).isSocket()).toBe(true);
    await second.close();
  });

  test("speaks for the local operator, and its proposals are the local shell's, so that the person can answer", async () => {
    await govern(house, { mode: "High Security", posture: "DEFENSE" });
    const held = await ask("POST", "/api/actions", { action: "Transfer 50 SOL to marketing wallet." });
    expect(held).toMatchObject({
      state: "held",
      principal: { type: "agent", id: "local-shell" },
      contract: { on_behalf_of: [{ type: "operator", id: "local" }] },
    });
    const released = await ask("POST", `/api/actions/${String(held["id"])}/confirm`, {});
    expect(released).toMatchObject({ state: "released", hold: { approvals_given: [{ approver: { id: "local" } }] } });
  });

  test("a token given there counts for what it is, and a wrong one is no way back to the operator", async () => {
    const agent = { authorization: `Bearer ${house.tokens.agent}` };
    expect(await ask("GET", "/api/tokens", undefined, agent)).toMatchObject({ error: "FORBIDDEN" });
    const wrong = { authorization: "Bearer writ_agent_wrong" };
    expect(await ask("GET", "/api/tokens", undefined, wrong)).toMatchObject({ error: "TOKEN_INVALID" });
  });

  test("takes the wish to step down", async () => {
    expect(await ask("POST", "/api/owner/step-down")).toEqual({ stepping_down: true });
    expect(steppedDown).toBe(1);
  });
});

describe("the TCP port", () => {
  test("that is taken, or an address that is not ours, is said so", async () => {
    const app = createApp(house.parts);
    await expect(listenOnTcp(app, { host: "127.0.0.1", port: house.port })).rejects.toMatchObject({
      code: "PORT_TAKEN",
    });
    await expect(listenOnTcp(app, { host: "203.0.113.7", port: house.port })).rejects.toMatchObject({
      code: "ADDRESS_UNAVAILABLE",
    });
  });

  test("refuses more connections than its bound, and takes new ones when some have gone", async () => {
    const port = await freePort();
    const bounded = await listenOnTcp(createApp(house.parts), { host: "127.0.0.1", port, connectionsMax: 1 });
    const held = connect(port, "127.0.0.1");
    await once(held, "connect");
    const one = { ...house, port };
    const headers = { host: `127.0.0.1:${String(house.port)}` };
    const refused = await call(one, "/health", { headers });
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
    expect(refused.json()).toMatchObject({ error: "SERVER_BUSY" });
    held.destroy();
    await expect.poll(async () => (await call(one, "/health", { headers })).status).toBe(200);
    await bounded.close();
  });

  test("an engine that has stopped is told as 503 with when to ask again, and nothing is let through", async () => {
    const other = await openHouse();
    await other.engine.close();
    for (const path of ["/api/actions", "/api/status", "/metrics", "/mcp"]) {
      const method = path === "/mcp" ? "POST" : "GET";
      const answer = await call(other, path, { method, token: other.tokens.agent });
      expect([answer.status, answer.headers["retry-after"]], path).toEqual([503, "1"]);
      expect(answer.json()).toMatchObject({ error: "ENGINE_CLOSED" });
    }
    expect((await call(other, "/health")).status).toBe(200);
    await other.close();
  });

  test("who waits is answered as things stand when the server is to stop", async () => {
    await govern(house, { mode: "High Security", posture: "DEFENSE" });
    const stopping = new AbortController();
    const port = await freePort();
    const other = await listenOnTcp(createApp({ ...house.parts, stopping: stopping.signal }), {
      host: "127.0.0.1",
      port,
    });
    const { id } = await propose(house, { action: "Transfer 50 SOL to marketing wallet." });
    const headers = { host: `127.0.0.1:${String(house.port)}` };
    const path = `/api/actions/${id}?wait=settled`;
    const waiting = call({ ...house, port }, path, { headers, token: house.tokens.agent });
    stopping.abort();
    expect((await waiting).json()).toMatchObject({ id, state: "held" });
    await other.close();
  });

  test("closing tells the sockets, lets answers finish and ends in bounded time", async () => {
    const other = await openHouse();
    const client = await listen(other, other.tokens.anna);
    await other.close();
    expect(await client.closed).toBe(1001);
  });
});
