import { readFileSync } from "node:fs";
import { Hono } from "hono";
import type { WritEnv } from "../context.ts";

const script = "text/javascript; charset=utf-8";

/** Path → file and media type. The files hold no data. */
const ASSETS = {
  "/": ["inbox.html", "text/html; charset=utf-8"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
  "/inbox.css": ["inbox.css", "text/css; charset=utf-8"],
  "/inbox.js": ["inbox.js", script],
  "/held-facts.js": ["held-facts.js", script],
  "/held-list.js": ["held-list.js", script],
  "/visible-text.js": ["visible-text.js", script],
} as const;

/** Paths of the page. They are no part of the wire, so the route table does not name them. */
export const PAGE_PATHS: ReadonlySet<string> = new Set(Object.keys(ASSETS));

/**
 * The inbox page: static files. The page brings its token itself, from the link's fragment, which no server sees and
 * no log keeps.
 */
export function inboxRoutes(): Hono<WritEnv> {
  const routes = new Hono<WritEnv>();
  const read = new Map<string, string>();
  for (const [path, [file, type]] of Object.entries(ASSETS)) {
    routes.get(path, (context) => {
      const text = read.get(file) ?? readAsset(file);
      read.set(file, text);
      return context.body(text, 200, { "content-type": type, "cache-control": "no-cache" });
    });
  }
  return routes;
}

/** The files lie beside the bundle in a release and beside `src` in a checkout. */
function readAsset(file: string): string {
  const places = [new URL(`./assets/${file}`, import.meta.url), new URL(`../../assets/${file}`, import.meta.url)];
  for (const place of places) {
    try {
      return readFileSync(place, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  throw new Error(`the installation lacks ${file}`);
}
