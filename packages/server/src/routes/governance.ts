import { Hono } from "hono";
import { requests } from "@writ/api";
import type { GovernancePatch } from "@writ/engine";
import { readBody, readJson } from "../body.ts";
import type { ServerParts, WritEnv } from "../context.ts";
import { checkedCheck, toRequest } from "../proposal.ts";
import { asProposer } from "../security.ts";

/** `/api/governance`: the thirteen fields, their change by the operator, and the check that opens nothing. */
export function governanceRoutes({ engine }: ServerParts): Hono<WritEnv> {
  const routes = new Hono<WritEnv>();

  routes.get("/", async (context) => context.json(await engine.governance(context.var.caller)));

  routes.post("/", async (context) => {
    const patch = await readBody(context, requests().governance);
    return context.json(await engine.setGovernance(context.var.caller, withoutNulls(patch)));
  });

  routes.post("/check", async (context) => {
    const request = toRequest(checkedCheck(await readJson(context)));
    return context.json(await engine.check(asProposer(context.var.caller), request));
  });

  return routes;
}

/** An absent or null field keeps its value (spec command.md §4). */
function withoutNulls(patch: object): GovernancePatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null && value !== undefined));
}
