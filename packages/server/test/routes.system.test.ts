import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES, type Role, type Route } from "@writ/api";
import { createApp } from "../src/index.ts";
import { openHouse, type House } from "./support/house.ts";
import { call, type Answer } from "./support/http.ts";

const golden = join(import.meta.dirname, "golden", "openapi.json");
const ID = "01a1fdf9-4228-7313-aa08-77eaf079c5a6";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const pathOf = (route: Route): string => route.path.replace("{id}", ID).replace("{index}", "0");

function ask(route: Route, token?: string): Promise<Answer> {
  const method = route.method.toUpperCase();
  const body = method === "POST" ? { raw: "{}" } : {};
  return call(house, pathOf(route), { method, ...body, ...(token !== undefined && { token }) });
}

/** What only a command on this machine may ask for; over TCP it is refused whoever asks. */
const SOCKET_ONLY = new Set(["/api/owner/step-down", "/api/policies/activate"]);

const http = ROUTES.filter(({ path }) => path !== "/ws");

describe("the route table", () => {
  test.each(http)("names $method $path, which is served", async (route) => {
    const answer = await ask(route, house.tokens.anna);
    expect(answer.text).not.toMatch(/ROUTE_NOT_FOUND|METHOD_NOT_ALLOWED/);
    expect(answer.status).toBeLessThan(500);
  });

  test("names every route that is served", () => {
    const { routes } = createApp(house.parts);
    const pages = ["/", "/icon.svg", "/inbox.css", "/inbox.js", "/held-facts.js", "/held-list.js", "/visible-text.js"];
    const served = routes
      .filter(({ method, path }) => method !== "ALL" && !pages.includes(path))
      .map(({ method, path }) => `${method} ${path.replace(/\/$/, "").replaceAll(/:(\w+)/g, "{$1}")}`);
    const named = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect([...new Set(served)].sort()).toEqual(named.toSorted());
  });

  const guarded = http.filter(({ rights, path }) => rights !== "none" && !SOCKET_ONLY.has(path));
  const tokens = { operator: "anna", agent: "agent", viewer: "viewer" } as const;
  const cases = guarded.flatMap((route) =>
    (["operator", "agent", "viewer"] as const).map((role) => [route.method, route.path, role, route] as const),
  );

  test.each(cases)("%s %s as %s is as it says", async (_method, _path, role: Role, route) => {
    const { status, text } = await ask(route, house.tokens[tokens[role]]);
    const may = route.rights === "none" || route.rights.includes(role);
    // What is not valid, or not there, may be told so before rights matter; none of these answers lets anybody in.
    if (may) expect([status, text]).not.toEqual([403, expect.anything()]);
    else expect([403, 404, 422]).toContain(status);
  });

  test.each(guarded)("$method $path asks for a token", async (route) => {
    expect((await ask(route)).status).toBe(401);
  });

  test("bodies that are valid meet the rights: nobody but an operator changes the installation", async () => {
    const bodies = {
      "/api/governance": { posture: "SCOUT" },
      "/api/tokens": { role: "operator" },
      "/api/recover": {},
      "/api/erase": { subject: "x", ground: "y", dry_run: true },
      "/api/retain": { kind: "message.sent", days: 30, ground: "y", dry_run: true },
      "/api/views/rebuild": {},
      [`/api/tokens/${ID}/revoke`]: {},
      [`/api/actions/${ID}/confirm`]: {},
      [`/api/actions/${ID}/reject`]: {},
    };
    for (const [path, body] of Object.entries(bodies)) {
      for (const token of [house.tokens.agent, house.tokens.viewer]) {
        expect((await call(house, path, { body, token })).status, path).toBe(403);
      }
    }
    for (const path of ["/api/actions", "/api/governance/check"]) {
      expect((await call(house, path, { body: { action: "x" }, token: house.tokens.viewer })).status, path).toBe(403);
    }
  });
});

describe("the OpenAPI document", () => {
  test("is the one that others were given; set WRIT_UPDATE_GOLDEN=1 to change it on purpose", async () => {
    const { text } = await call(house, "/openapi.json");
    const shown = `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`;
    if (process.env["WRIT_UPDATE_GOLDEN"] === "1") writeFileSync(golden, shown);
    expect(shown).toBe(readFileSync(golden, "utf8"));
  });

  test("has an operation with an id of its own for each route", async () => {
    const { paths } = (await call(house, "/openapi.json")).json() as { paths: Record<string, Record<string, object>> };
    const operations = Object.values(paths).flatMap((path) => Object.values(path)) as { operationId: string }[];
    expect(operations).toHaveLength(ROUTES.length);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  });
});
