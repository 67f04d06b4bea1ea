import { hasEscapedName, parseJson, WritError } from "@writ/canon";

/** How bytes get to the server: `fetch` in a browser, a Unix socket in the command. */
export interface Transport {
  send(request: WireRequest): Promise<WireAnswer>;
}

export interface WireRequest {
  readonly method: "GET" | "POST";
  /** Path and query. */
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface WireAnswer {
  readonly status: number;
  readonly text: string;
}

/** Speaks the wire: one call, one answer; an error answer becomes the `WritError` it was at the other end. */
export interface Client {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T>;
  /** For answers that are not JSON: checkpoints, proofs, metrics. */
  text(path: string, query?: Query): Promise<string>;
}

export type Query = { readonly [key: string]: string | number | boolean | undefined };

export function createClient(transport: Transport): Client {
  const call = async (request: WireRequest): Promise<WireAnswer> => {
    const answer = await transport.send(request);
    if (answer.status >= 400) throw failureOf(answer);
    return answer;
  };
  return {
    get: async <T>(path: string, query?: Query, signal?: AbortSignal) =>
      documentOf(await call({ method: "GET", path: withQuery(path, query), ...(signal && { signal }) })) as T,
    post: async <T>(path: string, body?: unknown, signal?: AbortSignal) =>
      documentOf(
        await call({ method: "POST", path, body: JSON.stringify(body ?? {}), ...(signal && { signal }) }),
      ) as T,
    text: async (path, query) => (await call({ method: "GET", path: withQuery(path, query) })).text,
  };
}

/** Of a server of ours: bounded against one that is not. */
const ANSWER = { maxBytes: 67_108_864, maxDepth: 64 };

function documentOf(answer: WireAnswer): unknown {
  try {
    return hasEscapedName(answer.text) ? parseJson(answer.text, ANSWER) : JSON.parse(answer.text);
  } catch {
    throw notOurs(answer);
  }
}

export function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined,
  );
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString()}`;
}

/** Rebuilds the error from its body; an answer that is no such body is a server of another kind. */
export function failureOf({ status, text }: WireAnswer): WritError {
  try {
    const body = JSON.parse(text) as Partial<Record<"error" | "message" | "reason" | "next", unknown>> & {
      details?: WritError["details"];
    };
    if (typeof body.error === "string" && typeof body.message === "string") {
      return new WritError({
        code: body.error,
        message: body.message,
        reason: typeof body.reason === "string" ? body.reason : "",
        next: typeof body.next === "string" ? body.next : "",
        ...(body.details !== undefined && { details: body.details }),
      });
    }
  } catch {
    // Not JSON: told below.
  }
  return notOurs({ status, text });
}

function notOurs({ status }: WireAnswer): WritError {
  return new WritError({
    code: "ANSWER_INVALID",
    message: `the server answered ${String(status)} in a form that is not Writ's`,
    reason: "another program may listen at that address",
    next: "check the address, and that client and server are of one version",
  });
}
