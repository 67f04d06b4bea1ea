import { openApiDocument, ROUTES, type Route } from "@writ/api";
import { shortened, Stable } from "./example-text.ts";
import type { Example } from "./reference-story.ts";

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly pattern?: string;
}

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
}

const OPENING = `# HTTP

One application answers on \`127.0.0.1:8300\` under \`writ up\`, and on the owner's Unix socket for the commands of this machine. Bodies are JSON, read
strictly: unknown fields, duplicate keys, wrong types and values out of bounds are refused, and nothing is recorded. A body has at most 1 MiB, text at most
64 KiB, a page at most 500 items. Every refusal has the body that [errors](errors.md) describes. There are no CORS headers: pages of other origins cannot call.

Over TCP each request carries \`Authorization: Bearer writ_…\`; only \`/health\`, \`/openapi.json\` and the page itself need none. \`Host\` and \`Origin\` must be the
server's own. The examples were taken from a running server; ids, digests, times and keys are replaced, and \`…\` stands for what was cut.
`;

/** The reference page: each route of the table with its fields and a real exchange. */
export function referencePage(examples: readonly Example[]): string {
  const stable = new Stable();
  const byRoute = new Map(examples.map((example) => [example.route, rendered(example, stable)]));
  const { paths } = openApiDocument("0") as { readonly paths: Readonly<Record<string, Record<string, Operation>>> };
  const sections = ROUTES.map((route) => {
    const operation = paths[route.path]?.[route.method];
    if (operation === undefined) throw new Error(`no operation for ${route.path}`);
    return section(route, operation, byRoute.get(`${route.method.toUpperCase()} ${route.path}`) ?? "");
  });
  return [OPENING, ...sections].join("\n");
}

function section(route: Route, operation: Operation, example: string): string {
  const who = route.rights === "none" ? "no token is asked" : route.rights.join(", ");
  const query = operation.parameters.filter((parameter) => parameter.in === "query");
  const fields = [
    ...query.map(({ name, schema }) => field(`?${name}`, schema, false)),
    ...bodyFields(operation.requestBody?.content["application/json"].schema),
  ];
  const table = fields.length === 0 ? "" : `\n| field | |\n|---|---|\n${fields.join("\n")}\n`;
  const title = `## \`${route.method.toUpperCase()} ${route.path}\``;
  return `${title}\n\n${route.summary} May call: ${who}. Answers ${route.answer}.\n${table}\n${example}`;
}

function bodyFields(schema: Schema | undefined): readonly string[] {
  if (schema === undefined) return [];
  if (schema.anyOf !== undefined) {
    const [command, statement] = schema.anyOf.map((form) =>
      bodyFields(form).map((line) => line.replace("; required |", "; this form's own |")),
    );
    return [...(statement ?? []), ...(command ?? []).filter((line) => statement?.includes(line) !== true)];
  }
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, one]) => field(name, one, required.has(name)));
}

function field(name: string, schema: Schema, required: boolean): string {
  return `| \`${name}\` | ${[kindOf(schema), ...bounds(schema), ...(required ? ["required"] : [])].join("; ")} |`;
}

function kindOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${String(word)}\``).join(", ");
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(kindOf))].join(" or ");
  if (schema.properties !== undefined) return `object of ${Object.keys(schema.properties).join(", ")}`;
  return schema.type ?? "any JSON";
}

function bounds({ minimum, maximum, maxLength, maxItems, default: standard }: Schema): readonly string[] {
  return [
    ...(minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? [`from ${String(minimum)}`] : []),
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? [`to ${String(maximum)}`] : []),
    ...(maxLength === undefined ? [] : [`at most ${String(maxLength)} characters`]),
    ...(maxItems === undefined ? [] : [`at most ${String(maxItems)}`]),
    ...(standard === undefined ? [] : [`default \`${JSON.stringify(standard)}\``]),
  ];
}

function rendered({ route, path, body, answer }: Example, stable: Stable): string {
  const asked = body === undefined ? "" : `\n${shortened(body, 4)}`;
  const request = `\`\`\`http\n${route.split(" ", 1)[0] ?? ""} ${path}${asked}\n\`\`\`\n`;
  return `${stable.text(request)}\n\`\`\`text\n${String(answer.status)}\n${stable.text(answerText(answer))}\n\`\`\`\n`;
}

const LINES_SHOWN = 6;

function answerText({ text, type }: Example["answer"]): string {
  if (type.split(";", 1)[0] === "application/json") return shortened(JSON.parse(text));
  const lines = text.trimEnd().split("\n");
  if (type === "frames" || type.startsWith("application/jsonl")) {
    const [first, last] = [lines.at(0), lines.at(-1)].map((line) => shortened(JSON.parse(line ?? "null")));
    return [first, "…", last].join("\n");
  }
  const event = /^data: (.+)$/m.exec(text)?.[1];
  if (event !== undefined) return shortened(JSON.parse(event), 3);
  // Measures differ in every run; what the log and the version say does not.
  const steady = type.includes("version=0.0.4") ? lines.filter((line) => /writ_(log|build)/.test(line)) : lines;
  return [...steady.slice(0, LINES_SHOWN), ...(lines.length > LINES_SHOWN ? ["…"] : [])].join("\n");
}
