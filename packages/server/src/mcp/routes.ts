import { createMcpHandler } from "@modelcontextprotocol/server";
import { Hono } from "hono";
import { BODY_DEPTH_MAX, WAIT_MS_MAX } from "@writ/api";
import type { Caller } from "@writ/engine";
import { readJson } from "../body.ts";
import type { ServerParts, WritEnv } from "../context.ts";
import { toRequest, type ProposeBody } from "../proposal.ts";
import { toWire } from "../routes/actions.ts";
import { asProposer } from "../security.ts";
import { createMcpServer } from "./tools.ts";

type WireRecord = Record<string, unknown>;

/** What JSON-RPC puts around the arguments: the message, its `params`, their `arguments`. */
const ENVELOPE_DEPTH = 3;

/** `/mcp`: streamable HTTP for today's protocol and, stateless, for the eras before it. */
export function mcpRoutes(parts: ServerParts): Hono<WritEnv> {
  const routes = new Hono<WritEnv>();
  routes.post("/", async (context) => {
    const handler = createMcpHandler(() => createMcpServer(actionsOf(parts, context.var.caller), parts.version), {
      onerror: (error) => parts.log.warn({ err: error }, "mcp request refused"),
    });
    // Read here, so that these bodies too are strict: no duplicate keys, no depth without bound.
    const parsedBody = await readJson(context, BODY_DEPTH_MAX + ENVELOPE_DEPTH);
    return handler.fetch(context.req.raw, { parsedBody });
  });
  return routes;
}

function actionsOf({ engine, stopping }: ServerParts, caller: Caller) {
  const waiting = { until: "answered", timeoutMs: WAIT_MS_MAX, ...(stopping && { signal: stopping }) } as const;
  return {
    propose: async (body: ProposeBody): Promise<WireRecord> => ({
      ...toWire(await engine.propose(asProposer(caller), toRequest(body))),
    }),
    status: async (id: string, wait: boolean): Promise<WireRecord> => {
      return { ...toWire(await (wait ? engine.waitForAction(caller, id, waiting) : engine.getAction(caller, id))) };
    },
  };
}
