import { WritError } from "@writ/canon";
import type { Context } from "hono";
import type { WritEnv } from "./context.ts";
import { PAGE_PATHS } from "./inbox/routes.ts";
import { routesAt } from "./route-table.ts";

/** Why nothing answers here: no such path, or a path that takes other methods, which `Allow` then lists. */
export function unknownRoute(context: Context<WritEnv>): WritError {
  const { path, method } = context.req;
  const allowed = methodsOf(path);
  if (allowed.length === 0 || allowed.includes(method)) return routeNotFound(path);
  context.header("Allow", allowed.join(", "));
  return new WritError({
    code: "METHOD_NOT_ALLOWED",
    message: `\`${path.slice(0, 255)}\` does not take \`${method.slice(0, 16)}\``,
    reason: `it takes ${allowed.join(", ")}`,
    next: "see `/openapi.json`",
    details: { allow: allowed.join(", ") },
  });
}

function methodsOf(path: string): readonly string[] {
  const methods = PAGE_PATHS.has(path) ? ["GET"] : [];
  for (const { method } of routesAt(path)) methods.push(method.toUpperCase());
  return methods.includes("GET") ? [...methods, "HEAD"] : methods;
}

function routeNotFound(path: string): WritError {
  return new WritError({
    code: "ROUTE_NOT_FOUND",
    message: `there is nothing at \`${path.slice(0, 255)}\``,
    reason: "the path is not one this server knows",
    next: "see `/openapi.json`",
  });
}
