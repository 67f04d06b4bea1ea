import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openApiDocument, requests, ROUTES } from "../src/index.ts";

const schemas = requests();

describe("requests", () => {
  test("any JSON at all is either refused or let through, never a fault", () => {
    for (const schema of Object.values(schemas)) {
      fc.assert(
        fc.property(fc.jsonValue(), (value) => {
          expect(typeof schema.safeParse(value).success).toBe("boolean");
        }),
        { numRuns: 50 },
      );
    }
  });

  test("an unknown key is refused wherever it stands", () => {
    const key = fc.stringMatching(/^[a-z_]{1,12}$/);
    fc.assert(
      fc.property(key, fc.jsonValue(), (name, value) => {
        fc.pre(!(name in schemas.statement.shape) && !(name in schemas.command.shape));
        const process = { argv: ["ls"], cwd: "/" };
        expect(schemas.statement.safeParse({ action: "x", [name]: value }).success).toBe(false);
        expect(schemas.command.safeParse({ process, [name]: value }).success).toBe(false);
        expect(schemas.command.safeParse({ process: { ...process, [`${name}_`]: value } }).success).toBe(false);
        expect(schemas.confirm.safeParse({ [`${name}_`]: value }).success).toBe(false);
      }),
    );
  });

  test.each([
    ["limit", "1", 1],
    ["limit", "500", 500],
    ["limit", "0", undefined],
    ["limit", "501", undefined],
    ["limit", "5.0", undefined],
    ["limit", " 5", undefined],
    ["limit", "5e1", undefined],
    ["limit", "٣", undefined],
    ["limit", "", undefined],
  ])("?%s=%j is %j", (name, text, expected) => {
    const result = schemas.listActions.safeParse({ [name]: text });
    expect(result.success ? result.data.limit : undefined).toBe(expected);
  });

  test("money is decimal text or a whole number, never a fraction that could be rounded", () => {
    const amountOf = (amount: unknown): unknown => schemas.statement.safeParse({ action: "x", amount }).data?.amount;
    expect(amountOf("12.50")).toBe("12.50");
    expect(amountOf(12)).toBe("12");
    for (const bad of [12.5, "12,50", "1e3", "", ".5", "5.", Number.MAX_SAFE_INTEGER + 2, true, null]) {
      expect(amountOf(bad), String(bad)).toBeUndefined();
    }
  });

  test("text is measured in bytes", () => {
    expect(schemas.statement.safeParse({ action: "x".repeat(65_536) }).success).toBe(true);
    expect(schemas.statement.safeParse({ action: "é".repeat(32_768) }).success).toBe(true);
    expect(schemas.statement.safeParse({ action: "é".repeat(32_769) }).success).toBe(false);
  });
});

describe("the OpenAPI document", () => {
  test("has a path parameter for each brace and closed bodies for each that has one", () => {
    const { paths } = openApiDocument("1") as {
      paths: Record<string, Record<string, { parameters: { in: string; name: string }[]; requestBody?: object }>>;
    };
    for (const { path, method, body } of ROUTES) {
      const operation = paths[path]?.[method];
      const names = operation?.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
      expect(names).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      expect(operation?.requestBody !== undefined).toBe(body !== undefined);
      if (body !== undefined) expect(JSON.stringify(operation?.requestBody)).toContain('"additionalProperties":false');
    }
  });

  test("has no reference that leads nowhere", () => {
    const text = JSON.stringify(openApiDocument("1"));
    const references = [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference]) => reference);
    expect([...new Set(references)]).toEqual(["#/components/schemas/Failure"]);
  });

  test("asks for a body where none at all would be refused, and nowhere else", () => {
    const { paths } = openApiDocument("1") as {
      paths: Record<string, Record<string, { requestBody: { required: boolean } }>>;
    };
    const asked = ROUTES.filter(({ path, method, body }) => body && paths[path]?.[method]?.requestBody.required);
    expect(asked.map(({ path }) => path)).toEqual([
      "/api/actions",
      "/api/actions/{id}/complete",
      "/api/tickets/{id}/redeem",
      "/api/tickets/{id}/receipt",
      "/api/scoped-tickets/use",
      "/api/replays",
      "/api/governance/check",
      "/api/tokens",
      "/api/erase",
      "/api/retain",
    ]);
  });
});
