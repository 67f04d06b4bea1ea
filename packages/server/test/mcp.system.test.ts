import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act, govern, logSize } from "./support/actions.ts";
import { openHouse, type House } from "./support/house.ts";
import { call } from "./support/http.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(() => govern(house, { mode: "High Security", posture: "DEFENSE" }));

const ERAS = [
  ["2026-07-28", { pin: "2026-07-28" }],
  ["negotiated", "auto"],
  ["the eras before", "legacy"],
] as const;

async function connected(mode: (typeof ERAS)[number][1], token = house.tokens.agent): Promise<Client> {
  const client = new Client({ name: "test", version: "1.0.0" }, { versionNegotiation: { mode } });
  const url = new URL(`${house.address}/mcp`);
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  return client;
}

interface Told {
  readonly isError?: boolean;
  readonly structuredContent?: Record<string, unknown>;
  readonly content: readonly { readonly text: string }[];
}

async function tool(client: Client, name: string, args: Record<string, unknown>): Promise<Told> {
  return (await client.callTool({ name, arguments: args })) as unknown as Told;
}

const transfer = { action: "Transfer 50 SOL to marketing wallet." };

describe.each(ERAS)("an MCP client of %s", (_name, mode) => {
  test("finds two tools with schemas for what they take and answer", async () => {
    const client = await connected(mode);
    expect(client.getInstructions()).toContain("action_propose");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["action_propose", "action_status"]);
    for (const { inputSchema, outputSchema, description } of tools) {
      expect(inputSchema.type).toBe("object");
      expect(outputSchema).toMatchObject({ type: "object", required: expect.arrayContaining(["id"]) as unknown });
      expect(description).toMatch(/\w{3}/);
    }
    await client.close();
  });

  test("proposes, waits while a person approves elsewhere, and learns of it", async () => {
    const client = await connected(mode);
    const held = await tool(client, "action_propose", transfer);
    expect(held.structuredContent).toMatchObject({ decision: "hold", state: "held", permitted: false });
    expect(JSON.parse(held.content[0]?.text ?? "")).toEqual(held.structuredContent);
    const id = String(held.structuredContent?.["id"]);
    const asked = await tool(client, "action_status", { id });
    expect(asked.structuredContent).toMatchObject({ id, state: "held" });
    const waiting = tool(client, "action_status", { id, wait: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await act(house, id, "confirm", {}, house.tokens.anna)).status).toBe(200);
    expect((await waiting).structuredContent).toMatchObject({ id, state: "released" });
    await client.close();
  });

  test("is told refusals as errors with their code, and nothing is recorded of what was not valid", async () => {
    const client = await connected(mode);
    const size = await logSize(house);
    const cases = [
      ["action_propose", {}, "REQUEST_INVALID"],
      ["action_propose", { action: "x", sender: "operator" }, "REQUEST_INVALID"],
      ["action_propose", { action: "x", process: { argv: ["ls"], cwd: "/" } }, "REQUEST_INVALID"],
      ["action_propose", { action: 5 }, "REQUEST_INVALID"],
      ["action_propose", { action: "x", effects: "outbound" }, "REQUEST_INVALID"],
      ["action_propose", { process: "ls" }, "REQUEST_INVALID"],
      ["action_status", {}, "REQUEST_INVALID"],
      ["action_status", { id: 5 }, "REQUEST_INVALID"],
      ["action_status", { id: "../x" }, "REQUEST_INVALID"],
      ["action_status", { id: "01a1fdf9-4228-7313-aa08-77eaf079c5a6", wait: "yes" }, "REQUEST_INVALID"],
      ["action_status", { id: "01a1fdf9-4228-7313-aa08-77eaf079c5a6", tenant: "other" }, "REQUEST_INVALID"],
      ["action_status", { id: "01a1fdf9-4228-7313-aa08-77eaf079c5a6" }, "ACTION_NOT_FOUND"],
    ] as const;
    for (const [name, args, code] of cases) {
      const refused = await tool(client, name, args);
      expect(refused.isError).toBe(true);
      const body = JSON.parse(refused.content[0]?.text ?? "") as Record<string, unknown>;
      expect(body["error"]).toBe(code);
      expect(Object.keys(body)).toEqual(expect.arrayContaining(["error", "message", "reason", "next"]));
    }
    expect(await logSize(house)).toBe(size);
    await client.close();
  });

  test("a viewer may look and not propose; nobody without a token gets in", async () => {
    const viewer = await connected(mode, house.tokens.viewer);
    const refused = await tool(viewer, "action_propose", transfer);
    expect(refused.isError).toBe(true);
    expect(refused.content[0]?.text).toContain('"FORBIDDEN"');
    await viewer.close();
    await expect(connected(mode, `writ_agent_${"A".repeat(43)}`)).rejects.toThrow();
  });
});

describe("plain JSON-RPC, as Codex speaks it", () => {
  const ask = async (message: object) => {
    const answer = await fetch(`${house.address}/mcp`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${house.tokens.agent}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-06-18",
      },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
    const text = await answer.text();
    // Either form is allowed: one JSON document, or a stream of one event.
    const json = text.startsWith("{") ? text : (/^data: (.+)$/m.exec(text)?.[1] ?? "null");
    return { status: answer.status, message: JSON.parse(json) as { result?: Record<string, unknown>; error?: object } };
  };

  test("shakes hands, lists and calls", async () => {
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "codex", version: "1" } };
    const hello = await ask({ id: 1, method: "initialize", params });
    expect(hello.message.result).toMatchObject({ protocolVersion: "2025-06-18", serverInfo: { name: "writ" } });
    const noted = await fetch(`${house.address}/mcp`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${house.tokens.agent}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    });
    expect(noted.status).toBe(202);
    const listed = await ask({ id: 2, method: "tools/list" });
    expect(listed.message.result?.["tools"]).toHaveLength(2);
    const called = await ask({
      id: 3,
      method: "tools/call",
      params: { name: "action_propose", arguments: { action: "Read the quarterly summary" } },
    });
    expect(called.message.result).toMatchObject({ structuredContent: { decision: "allow" } });
  });

  test.each([
    ["no JSON", "{"],
    ["a number", "5"],
    ["an empty batch", "[]"],
    ["no JSON-RPC", "{}"],
    ["an unknown method", '{"jsonrpc":"2.0","id":1,"method":"dance"}'],
    ["an unknown tool", '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm","arguments":{}}}'],
    [
      "a duplicate key",
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"action_propose","arguments":{"action":"read","action":"delete"}}}',
    ],
    ["text", "dance"],
    [
      "a deep body",
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`,
    ],
    ["a body over 1 MiB", `"${"x".repeat(2 * 1024 * 1024)}"`],
  ])("%s is refused, and the server goes on", async (_name, raw) => {
    const headers = { accept: "application/json, text/event-stream" };
    const size = await logSize(house);
    const answer = await call(house, "/mcp", { raw, headers, token: house.tokens.agent });
    expect(answer.status === 200 ? answer.text : String(answer.status)).toMatch(/"error"|isError|^4\d\d$/);
    expect((await call(house, "/health")).status).toBe(200);
    expect(await logSize(house)).toBe(size);
  });
});
