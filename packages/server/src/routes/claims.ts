import { Hono } from "hono";
import { requests } from "@writ/api";
import { parseJsonExact, WritError } from "@writ/canon";
import type { ExactRecord } from "@writ/kernel";
import { readBody } from "../body.ts";
import type { ServerParts, WritEnv } from "../context.ts";

/** Facts of earlier kernels that happen once: sightings of guarded bundles, and uses of scoped tickets. */
export function claimRoutes({ engine }: ServerParts): Hono<WritEnv> {
  const routes = new Hono<WritEnv>();

  routes.post("/replays", async (context) => {
    const { require_fresh: requireFresh, ...record } = await readBody(context, requests().recordReplay);
    return context.json(await engine.recordReplay(context.var.caller, { record, requireFresh }));
  });

  routes.post("/scoped-tickets/use", async (context) => {
    const { ticket, contract, runtime } = await readBody(context, requests().useScopedTicket);
    const asked = { ticket: artifact("ticket", ticket), contract: artifact("contract", contract), runtime };
    return context.json(await engine.claimTicketUse(context.var.caller, asked));
  });

  return routes;
}

/** Artifacts travel as their text: `1` and `1.0` have different digests. */
function artifact(field: string, text: string): ExactRecord {
  const value = parseJsonExact(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ExactRecord;
  throw new WritError({
    code: "REQUEST_INVALID",
    message: `\`${field}\` is no artifact`,
    reason: "an artifact is one JSON object, sent as its text",
    next: "send the file as it is",
    details: { field },
  });
}
