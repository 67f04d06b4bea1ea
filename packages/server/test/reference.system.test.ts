import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openApiDocument, ROUTES } from "@writ/api";
import { openHouse } from "./support/house.ts";
import { referencePage } from "./support/reference-page.ts";
import { tellStory } from "./support/reference-story.ts";
import { testWithSandbox } from "./support/sandbox.ts";

const file = join(import.meta.dirname, "..", "..", "..", "docs", "reference", "http.md");

testWithSandbox(
  "the page of routes shows what a real server answers; set WRIT_UPDATE_GOLDEN=1 to write it anew",
  async () => {
    const house = await openHouse();
    try {
      const examples = await tellStory(house);
      const told = examples.map(({ route }) => route).sort();
      expect(told).toEqual(ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort());
      for (const { route, answer } of examples) {
        // Over TCP nobody steps an owner down or has it read a folder, and the examples say so.
        const local = /step-down|activate$/.test(route);
        expect(answer.status, `${route} ${answer.text}`).toBeLessThan(local ? 404 : 300);
      }
      for (const { route, answer } of examples) expect(foretold(route, answer), `${route} ${answer.type}`).toBe(true);
      const page = referencePage(examples);
      for (const token of Object.values(house.tokens)) expect(page).not.toContain(token);
      if (process.env["WRIT_UPDATE_GOLDEN"] === "1") writeFileSync(file, page);
      expect(page).toBe(readFileSync(file, "utf8"));
    } finally {
      await house.close();
    }
  },
);

const { paths } = openApiDocument("1") as {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, unknown> }> }>>;
};

/** Whether the OpenAPI document names an answer of this status and media type; refusals have one form everywhere. */
function foretold(route: string, { status, type }: { readonly status: number; readonly type: string }): boolean {
  const [method = "", path = ""] = route.split(" ");
  const responses = paths[path]?.[method.toLowerCase()]?.responses ?? {};
  const answer = responses[status < 400 ? String(status) : "default"];
  if (answer === undefined || status === 101) return answer !== undefined;
  return Object.keys(answer.content ?? {}).includes(type.split(";", 1)[0] ?? "");
}
