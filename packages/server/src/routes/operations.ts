import { Hono } from "hono";
import { requests } from "@writ/api";
import { WritError } from "@writ/canon";
import { readBody } from "../body.ts";
import type { ServerParts, WritEnv } from "../context.ts";
import { toWire } from "./actions.ts";

/** Tokens, status, recovery, erasure and views: what an operator does to the installation. */
export function operationRoutes(parts: ServerParts): Hono<WritEnv> {
  const { engine } = parts;
  const routes = new Hono<WritEnv>();

  routes.get("/status", async (context) =>
    context.json({ version: parts.version, ...(await engine.status(context.var.caller)) }),
  );
  routes.get("/unfinished", async (context) =>
    context.json({ unfinished: await engine.unfinished(context.var.caller) }),
  );
  routes.get("/policies", async (context) => context.json(await engine.policies(context.var.caller)));

  routes.post("/policies/activate", async (context) => {
    const { folder, digest, replaces, dry_run: dryRun } = await readBody(context, requests().activatePolicies);
    if (context.env.door !== "socket") throw notHere("activate policies", "a folder of this machine is read");
    const source = await parts.readPolicies(folder);
    if (dryRun) return context.json(await engine.planPolicies(context.var.caller, source));
    const expected = { ...(digest !== undefined && { digest }), ...(replaces !== undefined && { replaces }) };
    return context.json(await engine.activatePolicies(context.var.caller, source, expected));
  });

  routes.get("/tokens", async (context) => context.json({ tokens: await engine.listTokens(context.var.caller) }));
  routes.post("/tokens", async (context) => {
    const { role, principal, label } = await readBody(context, requests().createToken);
    const options = { role, ...(principal !== undefined && { principal }), ...(label !== undefined && { label }) };
    return context.json(await engine.createToken(context.var.caller, options), 201);
  });
  routes.post("/tokens/:id/revoke", async (context) => {
    await readBody(context, requests().nothing);
    return context.json(await engine.revokeToken(context.var.caller, context.req.param("id")));
  });

  routes.post("/recover", async (context) => {
    const { ticket_id: ticketId } = await readBody(context, requests().recover);
    const settled = await engine.recover(context.var.caller, ticketId === undefined ? {} : { ticketId });
    return context.json({ settled: settled.map(toWire) });
  });

  routes.post("/erase", async (context) => {
    const { subject, ground, dry_run: dryRun } = await readBody(context, requests().erase);
    if (dryRun) return context.json(await engine.planErasure(context.var.caller, { subject }));
    return context.json(await engine.erase(context.var.caller, { subject, ground }));
  });

  routes.post("/retain", async (context) => {
    const { kind, days, ground, hold_runs, hold_subjects, dry_run } = await readBody(context, requests().retain);
    const request = { kind, days, holdRuns: hold_runs, holdSubjects: hold_subjects };
    if (dry_run) return context.json(await engine.planRetention(context.var.caller, request));
    return context.json(await engine.retain(context.var.caller, { ...request, ground }));
  });

  routes.post("/views/rebuild", async (context) => {
    await readBody(context, requests().nothing);
    return context.json(await engine.rebuildViews(context.var.caller));
  });

  routes.post("/tickets/:id/redeem", async (context) => {
    const { action_digest: actionDigest } = await readBody(context, requests().redeem);
    return context.json(await engine.redeem(context.var.caller, { ticketId: context.req.param("id"), actionDigest }));
  });
  routes.post("/tickets/:id/receipt", async (context) => {
    const { receipt, fence } = await readBody(context, requests().seal);
    const { decision, ...action } = await engine.seal(context.var.caller, {
      ticketId: context.req.param("id"),
      fence,
      receipt,
    });
    return context.json({ ...action, ...decision });
  });

  routes.post("/owner/step-down", async (context) => {
    await readBody(context, requests().nothing);
    if (context.env.door !== "socket")
      throw notHere("ask the owner to step down", "over TCP that would be a way to stop the server");
    parts.stepDown();
    return context.json({ stepping_down: true });
  });

  return routes;
}

function notHere(act: string, reason: string): WritError {
  return new WritError({
    code: "FORBIDDEN",
    message: `only a command on this machine may ${act}`,
    reason,
    next: "run `writ` on the machine itself",
  });
}
