import { Hono } from "hono";
import { requests } from "@writ/api";
import type { ActionView, DecisionView } from "@writ/engine";
import { checked, readBody, readJson } from "../body.ts";
import type { ServerParts, WritEnv } from "../context.ts";
import { checkedProposal, defined, toRequest } from "../proposal.ts";
import { readQuery } from "../query.ts";
import { asProposer } from "../security.ts";

/** `/api/actions`: propose, look up, answer, run (spec command.md §21.2). */
export function actionRoutes({ engine, stopping }: ServerParts): Hono<WritEnv> {
  const routes = new Hono<WritEnv>();
  const idOf = (text: string): string => checked(requests().id, text);

  routes.post("/", async (context) => {
    const request = toRequest(checkedProposal(await readJson(context)));
    return context.json(toWire(await engine.propose(asProposer(context.var.caller), request)));
  });

  routes.get("/", async (context) => {
    const { state, status, run, after, limit } = readQuery(context, requests().listActions);
    const filter = state ?? status;
    const page = await engine.listActions(context.var.caller, {
      limit,
      ...(filter !== undefined && { state: filter }),
      ...(run !== undefined && { run }),
      ...(after !== undefined && { after }),
    });
    return context.json({ actions: page.actions.map(toWire), next: page.next });
  });

  routes.get("/:id", async (context) => {
    const id = idOf(context.req.param("id"));
    const { wait, timeout_ms: timeoutMs } = readQuery(context, requests().wait);
    const { signal } = context.req.raw;
    const view =
      wait === undefined
        ? await engine.getAction(context.var.caller, id)
        : await engine.waitForAction(context.var.caller, id, {
            until: wait,
            timeoutMs,
            signal: stopping === undefined ? signal : AbortSignal.any([signal, stopping]),
          });
    return context.json(toWire(view));
  });

  routes.post("/:id/confirm", async (context) => {
    const options = await readBody(context, requests().confirm);
    return context.json(
      toWire(await engine.approve(context.var.caller, idOf(context.req.param("id")), defined(options))),
    );
  });

  routes.post("/:id/reject", async (context) => {
    const options = await readBody(context, requests().reject);
    return context.json(
      toWire(await engine.reject(context.var.caller, idOf(context.req.param("id")), defined(options))),
    );
  });

  routes.post("/:id/complete", async (context) => {
    const claim = await readBody(context, requests().complete);
    return context.json(
      toWire(await engine.complete(asProposer(context.var.caller), idOf(context.req.param("id")), defined(claim))),
    );
  });

  routes.post("/:id/run", async (context) => {
    const { live } = await readBody(context, requests().run);
    const mode = live ? "live" : "dry";
    return context.json(toWire(await engine.run(context.var.caller, idOf(context.req.param("id")), { mode })));
  });

  routes.post("/:id/ticket", async (context) => {
    const { mode } = await readBody(context, requests().ticket);
    return context.json({
      ticket: await engine.issueTicket(context.var.caller, idOf(context.req.param("id")), { mode }),
    });
  });

  return routes;
}

/** An action on the wire. */
export type WireAction = Omit<ActionView, "decision"> & DecisionView;

/** The decision's keys lie at the top of the answer, as the reference's callers expect them (spec command.md §21.1). */
export function toWire({ decision, ...action }: ActionView): WireAction {
  return { ...action, ...decision };
}
