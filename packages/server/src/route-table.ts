import { ROUTES, type Route } from "@writ/api";

/** Every route whose path fits, whichever its method. */
export function routesAt(path: string): readonly Route[] {
  return ROUTES.filter((route) => fits(route.path, path));
}

/** The route that a request is for; a path without parameters goes before one with. */
export function routeAt(method: string, path: string): Route | undefined {
  const asked = method === "HEAD" ? "get" : method.toLowerCase();
  const routes = routesAt(path).filter((route) => route.method === asked);
  return routes.find((route) => route.path === path) ?? routes[0];
}

/** `/api/actions/{id}` fits any one segment at `{id}`. */
function fits(template: string, path: string): boolean {
  const wanted = template.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((segment, at) => (segment.startsWith("{") ? given[at] !== "" : segment === given[at]))
  );
}
