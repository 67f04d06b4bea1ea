import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { classify } from "@writ/api";
import { WritError } from "@writ/canon";
import type { ServerParts, WritEnv } from "./context.ts";

/** The body of every answer that is an error; `error` is the stable code. */
export interface FailureBody {
  readonly error: string;
  readonly message: string;
  readonly reason: string;
  readonly next: string;
  readonly details?: WritError["details"];
  /** Field errors in the reference's form, for a request that is not valid (spec command.md §13.0). */
  readonly detail?: readonly { readonly type: string; readonly loc: readonly string[]; readonly msg: string }[];
}

/** Turns any error into its answer. What is not a `WritError` is a fault of ours: logged whole, shown without detail. */
export function answerFailure(parts: ServerParts, context: Context<WritEnv>, error: unknown): Response {
  const known = error instanceof WritError ? error : internal();
  const { status, retry } = classify(known.code);
  if (status >= 500) parts.log.error({ err: error, path: context.req.path }, "request failed");
  parts.metrics.refused(known.code);
  if (status === 401) context.header("WWW-Authenticate", 'Bearer realm="writ"');
  if (retry === true) context.header("Retry-After", "1");
  return context.json(failureBody(known, status), status as ContentfulStatusCode);
}

export function failureBody(error: WritError, status: number): FailureBody {
  return {
    error: error.code,
    message: error.message,
    reason: error.reason,
    next: error.next,
    ...(Object.keys(error.details).length > 0 && { details: error.details }),
    ...(status === 422 && { detail: [{ type: error.code.toLowerCase(), loc: location(error), msg: error.message }] }),
  };
}

function location(error: WritError): readonly string[] {
  const field = error.details["field"];
  return typeof field === "string" && field !== "" ? ["body", ...field.split(".")] : ["body"];
}

function internal(): WritError {
  return new WritError({
    code: "INTERNAL",
    message: "the server could not answer",
    reason: "a fault of its own, which it wrote to its log",
    next: "look at the server's log; retrying with the same `id` is safe",
  });
}
