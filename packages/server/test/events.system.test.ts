import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act, govern, propose } from "./support/actions.ts";
import { LOCAL, openHouse, type House } from "./support/house.ts";
import { call } from "./support/http.ts";
import { listen, type Listener } from "./support/listener.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse({ holdMs: 60_000, sweepMs: 50 });
});
afterAll(() => house.close());
beforeEach(() => govern(house, { mode: "High Security", posture: "DEFENSE" }));

const transfer = { action: "Transfer 50 SOL to marketing wallet." };

async function withListener(token: string, work: (listener: Listener) => Promise<void>): Promise<void> {
  const listener = await listen(house, token);
  try {
    await work(listener);
  } finally {
    listener.socket.terminate();
  }
}

describe("the WebSocket", () => {
  test("A-36: a snapshot first, pong for ping, an error for what it does not know", async () => {
    const { id } = await propose(house, transfer);
    await withListener(house.tokens.viewer, async ({ socket, seen }) => {
      const snapshot = await seen("state_snapshot");
      expect(snapshot).toMatchObject({ governance: { posture: "DEFENSE" }, trial: false });
      expect((snapshot["held"] as { id: string }[]).map((action) => action.id)).toContain(id);
      socket.send('{"action":"ping"}');
      expect(await seen("pong")).toEqual({});
      socket.send('{"action":"dance","payload":{}}');
      expect(await seen("error")).toEqual({ message: "Unknown action: dance" });
    });
  });

  test.each([
    ["half a JSON", '{"action":'],
    ["an array", "[]"],
    ["no object", "5"],
    ["a duplicate key", '{"action":"ping","action":"ping"}'],
    ["depth", "[".repeat(1000)],
    ["a binary frame", randomBytes(64)],
    ["an empty frame", ""],
    ["a missing key", "{}"],
  ])("A-37: %s is answered with an error, and the connection stays", async (_name, data) => {
    await withListener(house.tokens.agent, async ({ socket, seen }) => {
      socket.send(data);
      await seen("error");
      socket.send('{"action":"ping"}');
      await seen("pong");
    });
  });

  test("is counted as what it is", async () => {
    await withListener(house.tokens.agent, async ({ seen }) => {
      await seen("state_snapshot");
      const { text } = await call(house, "/metrics", { token: house.tokens.viewer });
      expect(text).toContain('writ_http_request_seconds_count{method="GET",route="/ws",status="101"}');
      expect(text).not.toContain('route="/ws",status="200"');
    });
  });

  test("a frame over 64 KiB ends this connection alone", async () => {
    await withListener(house.tokens.agent, async (one) => {
      await withListener(house.tokens.agent, async (other) => {
        one.socket.send("x".repeat(65 * 1024));
        expect(await one.closed).toBe(1009);
        other.socket.send('{"action":"ping"}');
        await other.seen("pong");
      });
    });
  });

  test("tells the life of an action, in order, as it is committed", async () => {
    await withListener(house.tokens.anna, async ({ seen, frames }) => {
      const { id } = await propose(house, transfer);
      expect(await seen("action_held")).toMatchObject({ id, decision: "hold", state: "held" });
      await act(house, id, "confirm", {}, house.tokens.anna);
      expect(await seen("action_released")).toMatchObject({ id, state: "released" });
      await act(house, id, "complete", { outcome: "done" }, house.tokens.agent);
      expect(await seen("action_executed")).toMatchObject({ id, state: "executed" });
      const other = await propose(house, transfer);
      await act(house, other.id, "reject", {}, house.tokens.anna);
      expect(await seen("action_rejected")).toMatchObject({ id: other.id });
      await govern(house, { posture: "SCOUT" });
      expect(await seen("governance_updated")).toMatchObject({ posture: "SCOUT" });
      const denied = await propose(house, transfer);
      expect(await seen("action_denied")).toMatchObject({ id: denied.id });
      const indexes = frames.filter(({ type }) => type === "entry").map(({ payload }) => payload["index"] as number);
      expect(indexes).toEqual(indexes.toSorted((left, right) => left - right));
      expect(new Set(indexes).size).toBe(indexes.length);
    });
  });

  test("agents hear of their own actions and of governance, of nothing else", async () => {
    await withListener(house.tokens.other, async ({ seen, frames }) => {
      await seen("state_snapshot");
      await propose(house, transfer);
      const own = await propose(house, transfer, house.tokens.other);
      expect(await seen("action_held")).toMatchObject({ id: own.id });
      expect(JSON.stringify(frames)).not.toContain("claude");
      expect(frames.some(({ type }) => type === "entry")).toBe(false);
    });
  });

  test("tenants hear nothing of each other", async () => {
    const elsewhere = { ...LOCAL, tenant: "elsewhere" };
    const { token } = await house.engine.createToken(elsewhere, { role: "operator", principal: "zoe" });
    await withListener(token, async ({ socket, seen, frames }) => {
      expect(await seen("state_snapshot")).toMatchObject({ held: [] });
      const { id } = await propose(house, transfer);
      await govern(house, { posture: "SCOUT" });
      await house.engine.setGovernance(elsewhere, { posture: "OFFENSE" });
      expect(await seen("governance_updated")).toMatchObject({ posture: "OFFENSE" });
      socket.send('{"action":"ping"}');
      await seen("pong");
      expect(JSON.stringify(frames)).not.toContain(id);
      expect((await call(house, `/api/actions/${id}`, { token })).status).toBe(404);
      expect((await call(house, "/api/actions", { token })).json()).toEqual({ actions: [], next: null });
      expect((await act(house, id, "confirm", {}, token)).status).toBe(404);
      const log = await call(house, "/api/log?limit=500", { token });
      expect(log.text).not.toContain(id);
    });
  });

  test("a revoked token is refused at once, and its open sockets are closed; others stay", async () => {
    const created = await house.engine.createToken(LOCAL, { role: "operator", principal: "carla" });
    await withListener(house.tokens.bert, async (stays) => {
      await withListener(created.token, async (leaves) => {
        await leaves.seen("state_snapshot");
        const path = `/api/tokens/${created.token_id}/revoke`;
        const revoked = await call(house, path, { method: "POST", token: house.tokens.anna });
        expect(revoked.status).toBe(200);
        expect(await leaves.closed).toBe(1008);
        expect((await call(house, "/api/status", { token: created.token })).status).toBe(401);
        stays.socket.send('{"action":"ping"}');
        await stays.seen("pong");
      });
    });
  });

  test.each([
    ["no token", {}, 401],
    ["an unknown token", { authorization: `Bearer writ_agent_${"A".repeat(43)}` }, 401],
    ["a foreign origin", { origin: "http://evil.example" }, 403],
    ["another host", { host: "evil.example" }, 421],
  ])("A-38: refuses %s", async (_name, headers, status) => {
    const token = status === 401 ? undefined : house.tokens.anna;
    await expect(listen(house, token, headers)).rejects.toThrow(String(status));
  });

  test("takes the token as a subprotocol, which it does not send back", async () => {
    const listener = await listen(house, undefined, {}, ["writ", `bearer.${house.tokens.anna}`]);
    expect(listener.socket.protocol).toBe("writ");
    await listener.seen("state_snapshot");
    listener.socket.terminate();
  });

  test("a client that reads nothing is cut off, and nobody waits for it", async () => {
    await govern(house, { mode: "None", posture: "OFFENSE" });
    const slow = await slowClient();
    await withListener(house.tokens.anna, async ({ seen }) => {
      const rationale = "r".repeat(60_000);
      // What the system buffers comes on top of the bound, so how many it takes is not known.
      const cut = new AbortController();
      void slow.ended.then(() => cut.abort());
      for (let at = 0; at < 400 && !cut.signal.aborted; at++) {
        await propose(house, { action: `note ${String(at)}`, rationale });
      }
      await slow.ended;
      const last = await propose(house, { action: "the last one" });
      await seen("action_proposed", ({ id }) => id === last.id);
    });
  }, 120_000);

  test("a client that asks without end and reads no answer is cut off", async () => {
    const slow = await slowClient();
    const question = textFrame(`{"action":"${String.raw`\u0001`.repeat(64)}"}`);
    const many = Buffer.concat(Array.from({ length: 256 }, () => question));
    // The server reads on, so each block is taken; at the bound it ends the connection.
    while (!slow.socket.destroyed) await new Promise<void>((resolve) => slow.socket.write(many, () => resolve()));
    await withListener(house.tokens.anna, async ({ seen }) => void (await seen("state_snapshot")));
  });
});

/** A frame of 126 to 65,535 ASCII characters from a client, masked by zeros. */
function textFrame(text: string): Buffer {
  return Buffer.from([0x81, 0xfe, text.length >> 8, text.length & 0xff, 0, 0, 0, 0, ...Buffer.from(text)]);
}

describe("signs of life", () => {
  test("a client that answers no ping is cut off; one that does stays", async () => {
    const strict = await openHouse({ heartbeatMs: 100 });
    try {
      const alive = await listen(strict, strict.tokens.anna);
      const dead = await listen(strict, strict.tokens.bert, {}, ["writ"], { autoPong: false });
      expect(await dead.closed).toBe(1006);
      alive.socket.send('{"action":"ping"}');
      await alive.seen("pong");
      alive.socket.terminate();
    } finally {
      await strict.close();
    }
  });
});

describe("expiry", () => {
  test("an unanswered hold expires, is told, and can no longer be answered", async () => {
    const short = await openHouse({ holdMs: 300, sweepMs: 50 });
    try {
      await govern(short, { mode: "High Security", posture: "DEFENSE" });
      const listener = await listen(short, short.tokens.anna);
      const { id } = await propose(short, transfer);
      expect(await listener.seen("action_expired")).toMatchObject({ id, state: "expired" });
      const late = await act(short, id, "confirm", {}, short.tokens.anna);
      expect([late.status, late.json()["error"]]).toEqual([409, "HOLD_EXPIRED"]);
      listener.socket.terminate();
    } finally {
      await short.close();
    }
  });
});

/** A client that upgrades and then never reads a byte. */
function slowClient(): Promise<{ readonly socket: Socket; readonly ended: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(house.port, "127.0.0.1");
    const head = [
      "GET /ws HTTP/1.1",
      `Host: 127.0.0.1:${String(house.port)}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      `Authorization: Bearer ${house.tokens.anna}`,
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
    socket.once("data", () => {
      socket.pause();
      // A paused socket is told of its end only when a write to it fails.
      const ended = new Promise<void>((done) => {
        const probe = setInterval(() => socket.write(Buffer.from([0x89, 0x80, 0, 0, 0, 0])), 100);
        socket.once("error", () => {
          clearInterval(probe);
          done();
        });
        socket.once("close", () => {
          clearInterval(probe);
          done();
        });
      });
      resolve({ socket, ended });
    });
    socket.once("error", reject);
  });
}
