import { createMiddleware } from "hono/factory";
import type { Context } from "hono";
import type { z } from "zod";
import { routeAt } from "./route-table.ts";
import { checked, invalid } from "./body.ts";
import type { WritEnv } from "./context.ts";

/**
 * Checks the query string against a closed schema.
 *
 * @throws WritError `REQUEST_INVALID`: a key that is unknown or given twice, escapes that are not UTF-8, a value out of
 *   bounds.
 */
export function readQuery<T extends z.ZodType>(context: Context<WritEnv>, schema: T): z.output<T> {
  requireEscapes(context.req.url);
  const all = context.req.queries();
  const repeated = Object.keys(all).find((key) => (all[key]?.length ?? 0) > 1);
  if (repeated !== undefined) throw invalid(repeated, "is given more than once");
  return checked(schema, context.req.query());
}

/** Refuses a query string where the route takes none: what is not read must not look as if it had counted. */
export const guardQuery = createMiddleware<WritEnv>((context, next) => {
  const { method, path, url } = context.req;
  if (url.includes("?") && routeAt(method, path)?.query === undefined) {
    const [key] = Object.keys(context.req.queries());
    if (key !== undefined) throw invalid(key.slice(0, 64), "is not known: this route takes no query");
  }
  return next();
});

/** A lenient reader leaves a broken escape as it stands, and would look for that text. */
function requireEscapes(url: string): void {
  const at = url.indexOf("?");
  if (at === -1) return;
  try {
    decodeURIComponent(url.slice(at));
  } catch {
    throw invalid("", "the query string has an escape that is not UTF-8");
  }
}
