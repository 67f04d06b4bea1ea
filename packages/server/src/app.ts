import { Hono, type Context } from "hono";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { openApiDocument } from "@writ/api";
import type { ServerParts, WritEnv } from "./context.ts";
import { answerFailure } from "./failure.ts";
import { inboxRoutes } from "./inbox/routes.ts";
import { mcpRoutes } from "./mcp/routes.ts";
import { guardQuery } from "./query.ts";
import { actionRoutes } from "./routes/actions.ts";
import { claimRoutes } from "./routes/claims.ts";
import { governanceRoutes } from "./routes/governance.ts";
import { logRoutes } from "./routes/log.ts";
import { operationRoutes } from "./routes/operations.ts";
import { authenticate, guardOrigin } from "./security.ts";
import { socketRoute } from "./socket/route.ts";
import { unknownRoute } from "./unknown-route.ts";

/**
 * The one application behind both listeners. It translates and decides nothing: each handler parses, calls one
 * use case of the engine and renders what came back.
 */
export function createApp(parts: ServerParts): Hono<WritEnv> {
  const app = new Hono<WritEnv>();
  app.onError((error, context) => answerFailure(parts, context, error));
  app.notFound((context) => answerFailure(parts, context, unknownRoute(context)));

  app.use(timed(parts));
  app.use(guardOrigin(parts));

  let document: string | undefined;
  app.get("/health", (context) => context.json({ status: "ok", version: parts.version, trial: parts.trial }));
  app.get("/openapi.json", (context) => {
    document ??= JSON.stringify(openApiDocument(parts.version));
    return context.body(document, 200, { "content-type": "application/json" });
  });
  app.route("/", inboxRoutes());

  for (const guarded of ["/api/*", "/metrics", "/mcp"]) app.use(guarded, authenticate(parts));
  app.use("/api/*", guardQuery);
  app.get("/metrics", async (context) =>
    context.body(await parts.metrics.text(), 200, { "content-type": parts.metrics.contentType }),
  );
  app.route("/api/actions", actionRoutes(parts));
  app.route("/api/governance", governanceRoutes(parts));
  app.route("/api/log", logRoutes(parts));
  app.route("/api", operationRoutes(parts));
  app.route("/api", claimRoutes(parts));
  app.route("/mcp", mcpRoutes(parts));
  app.get("/ws", socketRoute(parts));
  return app;
}

function timed({ metrics, touched }: ServerParts) {
  return createMiddleware<WritEnv>(async (context, next) => {
    const start = performance.now();
    const release = touched();
    try {
      await next();
    } finally {
      release();
    }
    metrics.answered(context.req.method, routePath(context), statusOf(context), (performance.now() - start) / 1000);
  });
}

/** An upgrade that is not refused is answered by the handshake. */
function statusOf({ env, res }: Context<WritEnv>): number {
  return env.outgoing === undefined && env.incoming !== undefined && res.status < 400 ? 101 : res.status;
}
