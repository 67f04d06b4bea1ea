import { Hono } from "hono";
import { requests } from "@writ/api";
import { checked } from "../body.ts";
import type { ServerParts, WritEnv } from "../context.ts";
import { readQuery } from "../query.ts";

/** `/api/log`: entries in pages, one entry, the signed head, proofs and bundles. */
export function logRoutes({ engine, log }: ServerParts): Hono<WritEnv> {
  const routes = new Hono<WritEnv>();
  const indexOf = (text: string): number => checked(requests().index, text);

  routes.get("/", async (context) => {
    const { after, limit, run, kind } = readQuery(context, requests().listEntries);
    const filter = { after, limit, ...(run !== undefined && { run }), ...(kind !== undefined && { kind }) };
    return context.json(await engine.entries(context.var.caller, filter));
  });

  routes.get("/checkpoint", async (context) => context.text(await engine.checkpoint(context.var.caller)));

  routes.get("/status", async (context) => context.json(await engine.logStatus(context.var.caller)));

  routes.get("/proof/:index", async (context) =>
    context.text(await engine.proof(context.var.caller, indexOf(context.req.param("index")))),
  );

  routes.get("/export", async (context) => {
    const { run, since, closed } = readQuery(context, requests().exportLog);
    const chosen = { ...(run !== undefined && { run }), ...(since !== undefined && { since }) };
    const lines = engine.exportRun(context.var.caller, { ...chosen, openPrivate: !closed });
    const stream = await toStream(lines, (error) => log.error({ err: error }, "an export broke off"));
    return new Response(stream, { headers: { "content-type": "application/jsonl; charset=utf-8" } });
  });

  routes.get("/:index", async (context) =>
    context.json(await engine.entry(context.var.caller, indexOf(context.req.param("index")))),
  );

  return routes;
}

/**
 * Lines as a byte stream that pulls: memory does not grow with the export. The first line is awaited, so that a
 * refusal is an answer of its own; what breaks later cuts the connection, and the bundle lacks its last line.
 */
async function toStream(
  lines: AsyncIterable<string>,
  broke: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  const iterator = lines[Symbol.asyncIterator]();
  let next: IteratorResult<string> | undefined = await iterator.next();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = next ?? (await iterator.next());
        next = undefined;
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        broke(error);
        controller.error(error);
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
