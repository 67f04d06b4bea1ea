import { z } from "zod";
import { ROUTES, type Route } from "./routes.ts";
import { requests } from "./schemas.ts";

type Schemas = ReturnType<typeof requests>;

/** The OpenAPI 3.1 document, made from the route table and the schemas that requests are checked with. */
export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Writ",
      version,
      description: "The authority layer for AI agents.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "http://127.0.0.1:8300" }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", description: "`writ_<role>_…`" } },
      schemas: { Failure: failure },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replaceAll(/[{}]/g, "").replaceAll(/[/.](\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    security: route.rights === "none" ? [] : [{ token: [] }],
    "x-writ-rights": route.rights,
    parameters: [...pathParameters(route.path), ...queryParameters(route)],
    ...(route.body !== undefined && {
      requestBody: {
        // No body is an empty object.
        required: !requests()[route.body].safeParse({}).success,
        content: { "application/json": { schema: schemaOf(route.body) } },
      },
    }),
    responses: {
      [route.status ?? 200]: {
        description: route.answer,
        ...(route.status !== 101 && {
          content: Object.fromEntries((route.types ?? ["application/json"]).map((type) => [type, {}])),
        }),
      },
      default: {
        description: "refused or failed",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Failure" } } },
      },
    },
  };
}

function pathParameters(path: string): readonly object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: name === "index" ? schemaOf("index") : schemaOf("id"),
  }));
}

function queryParameters(route: Route): readonly object[] {
  if (route.query === undefined) return [];
  const { properties } = schemaOf(route.query) as { readonly properties?: Record<string, object> };
  return Object.entries(properties ?? {}).map(([name, schema]) => ({ name, in: "query", required: false, schema }));
}

/** The one schema that refers to itself is that of any JSON, for which `{}` says the same within this document. */
function schemaOf(name: keyof Schemas): object {
  const {
    $schema: _dialect,
    $defs: _any,
    ...schema
  } = z.toJSONSchema(requests()[name], {
    io: "input",
    unrepresentable: "any",
  });
  return JSON.parse(JSON.stringify(schema).replaceAll('{"$ref":"#/$defs/__schema0"}', "{}")) as object;
}

const failure = {
  type: "object",
  required: ["error", "message", "reason", "next"],
  properties: {
    error: { type: "string", description: "stable code; the only thing to match on" },
    message: { type: "string", description: "what" },
    reason: { type: "string", description: "why" },
    next: { type: "string", description: "what to do now" },
    details: { type: "object" },
    detail: { type: "array", items: { type: "object" } },
  },
};
