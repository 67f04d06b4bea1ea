import type { Context } from "hono";
import type { z } from "zod";
import { BODY_BYTES_MAX, BODY_DEPTH_MAX } from "@writ/api";
import { parseJson, WritError, type JsonValue } from "@writ/canon";
import type { WritEnv } from "./context.ts";

/**
 * Reads a JSON body strictly and checks it against a closed schema.
 *
 * @throws WritError `REQUEST_MEDIA_TYPE` (not sent as JSON), `REQUEST_TOO_LARGE` (over 1 MiB, found while reading),
 *   a `JSON_…` code with the position, or `REQUEST_INVALID` with the field.
 */
export async function readBody<T extends z.ZodType>(context: Context<WritEnv>, schema: T): Promise<z.output<T>> {
  return checked(schema, await readJson(context));
}

/** A body as strict JSON, not yet checked; none is an empty object. */
export async function readJson(context: Context<WritEnv>, maxDepth = BODY_DEPTH_MAX): Promise<JsonValue> {
  const bytes = await readBytes(context);
  if (bytes.byteLength === 0) return {};
  const type = context.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const encoding = context.req.header("content-encoding");
  if (type !== "application/json" || encoding !== undefined) throw notJson(type, encoding);
  return parseJson(bytes, { maxBytes: BODY_BYTES_MAX, maxDepth });
}

/** Checks one value against a schema. */
export function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new Error("a failed parse has an issue");
  const { path, message } = deepest(issue);
  throw invalid(path.map(String).join("."), message);
}

/** A union reports one issue that holds its branches' issues; the branch that got furthest says most. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const branches = issue.errors.flat().map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  return branches.toSorted((left, right) => right.path.length - left.path.length)[0] ?? issue;
}

/** A declared length is enforced by the HTTP parser, so the body can be taken whole; else it is counted as it comes. */
async function readBytes(context: Context<WritEnv>): Promise<Uint8Array> {
  const declared = context.req.header("content-length");
  if (declared !== undefined) {
    if (Number(declared) > BODY_BYTES_MAX) throw tooLarge();
    return new Uint8Array(await whole(context.req.arrayBuffer()));
  }
  const body = context.req.raw.body;
  return body === null ? new Uint8Array(0) : whole(counted(body));
}

async function counted(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.byteLength;
    if (size > BODY_BYTES_MAX) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** A connection that ends within a body is its client's doing. */
async function whole<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    throw new WritError({
      code: "REQUEST_INCOMPLETE",
      message: "the connection ended within the body",
      reason: "a request counts when all of it has arrived",
      next: "send it again with the same `id`",
      cause,
    });
  }
}

/** `REQUEST_INVALID` about one field; "" is the request as a whole. */
export function invalid(field: string, message: string): WritError {
  return new WritError({
    code: "REQUEST_INVALID",
    message: field === "" ? `the request is not valid: ${message}` : `the field \`${field}\` is not valid: ${message}`,
    reason: "requests are checked strictly: unknown fields, wrong types and values out of bounds are refused",
    next: "see `/openapi.json` for the exact form",
    details: { field },
  });
}

function notJson(type: string | undefined, encoding: string | undefined): WritError {
  const encoded = encoding === undefined ? "" : `, encoded as \`${encoding.slice(0, 64)}\``;
  return new WritError({
    code: "REQUEST_MEDIA_TYPE",
    message: `the body is sent as \`${type ?? "nothing"}\`${encoded}`,
    reason: "bodies are JSON, and a page of another site cannot send that unasked",
    next: "send `Content-Type: application/json`, and the body as it is",
  });
}

function tooLarge(): WritError {
  return new WritError({
    code: "REQUEST_TOO_LARGE",
    message: `the body is larger than ${BODY_BYTES_MAX} bytes`,
    reason: "every input has a bound",
    next: "send content by its digest",
    details: { bytes_max: BODY_BYTES_MAX },
  });
}
