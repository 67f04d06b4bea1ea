import { createMiddleware } from "hono/factory";
import { WritError } from "@writ/canon";
import type { Caller } from "@writ/engine";
import type { Door, ServerParts, WritEnv } from "./context.ts";

/**
 * Refuses requests that a web page of another site could have made: a `Host` that is not ours (DNS rebinding)
 * and an `Origin` that is not ours. The Unix socket has neither, and no browser can reach it.
 */
export function guardOrigin(parts: ServerParts) {
  return createMiddleware<WritEnv>((context, next) => {
    if (context.env.door === "tcp") {
      const host = context.req.header("host")?.toLowerCase() ?? "";
      if (!parts.hosts.hosts.has(host)) throw hostRefused(host);
      const origin = context.req.header("origin")?.toLowerCase();
      if (origin !== undefined && !parts.hosts.origins.has(origin)) throw originRefused(origin);
    }
    return next();
  });
}

/** Puts the caller of a request into the context, or refuses the request with 401. */
export function authenticate(parts: ServerParts) {
  return createMiddleware<WritEnv>(async (context, next) => {
    context.set("caller", await identify(parts, context.env.door, context.req.header("authorization")));
    await next();
  });
}

/** Who speaks: the token's principal, else the local operator on the socket, else the trial operator. */
export async function identify(parts: ServerParts, door: Door, authorization: string | undefined): Promise<Caller> {
  if (authorization !== undefined) {
    const token = /^Bearer +([\x21-\x7e]{1,256})$/i.exec(authorization)?.[1];
    const caller = token === undefined ? undefined : await parts.engine.authenticate(token);
    if (caller === undefined) throw tokenRefused();
    return caller;
  }
  if (door === "socket") return parts.localOperator;
  if (parts.trial) return { ...parts.localOperator, auth: "trial", credential: "trial" };
  throw tokenMissing();
}

/** The agent that speaks for the local operator where a command proposes: a person or a program may be typing. */
const LOCAL_SHELL = { type: "agent", id: "local-shell" } as const;

/**
 * Who proposes. On the socket and in trial mode the caller is the operator, who must be able to approve; so what is
 * proposed there is proposed by the local shell in the operator's name (docs/adr/0003).
 */
export function asProposer(caller: Caller): Caller {
  if (caller.auth === "token") return caller;
  return { ...caller, principal: LOCAL_SHELL, onBehalfOf: [caller.principal, ...caller.onBehalfOf] };
}

function hostRefused(host: string): WritError {
  return new WritError({
    code: "HOST_REFUSED",
    message: `the request names the host \`${host.slice(0, 255)}\`, which this server is not`,
    reason: "a page that rebinds its own name to this machine would look like this",
    next: "use the address that `writ up` printed",
  });
}

function originRefused(origin: string): WritError {
  return new WritError({
    code: "ORIGIN_REFUSED",
    message: `pages of \`${origin.slice(0, 255)}\` may not call this server`,
    reason: "only the server's own pages may act in the operator's name",
    next: "open the address that `writ up` printed",
  });
}

function tokenMissing(): WritError {
  return new WritError({
    code: "TOKEN_MISSING",
    message: "the request carries no token",
    reason: "over TCP every caller is known by its token",
    next: "send `Authorization: Bearer writ_…`; `writ token create` makes one",
  });
}

function tokenRefused(): WritError {
  return new WritError({
    code: "TOKEN_INVALID",
    message: "the token is not valid",
    reason: "it is unknown, revoked or not of the form `writ_<role>_…`",
    next: "create another with `writ token create`",
  });
}
