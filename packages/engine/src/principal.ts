import type { PrincipalRef } from "@writ/kernel";

import type { Caller } from "./port.ts";
import { invalidRequest } from "./errors.ts";

/** How a principal is written in `who` of an entry: `agent:claude-code`. */
export function principalText({ type, id }: PrincipalRef): string {
  return `${type}:${id}`;
}

/** The principal that `principalText` wrote; a text without a known type is an agent's bare id. */
export function parsePrincipal(text: string): PrincipalRef {
  const at = text.indexOf(":");
  const type = text.slice(0, at);
  if (type === "operator" || type === "agent" || type === "system") return { type, id: text.slice(at + 1) };
  return { type: "agent", id: text };
}

export function samePrincipal(one: PrincipalRef, other: PrincipalRef): boolean {
  return one.type === other.type && one.id === other.id;
}

const ID = /^[A-Za-z0-9._:@/-]{1,64}$/;
const TENANT = /^[A-Za-z0-9._-]{1,64}$/;
const CHAIN_MAX = 8;

/** Refuses callers a door put together wrongly; ids are opaque and safe to record for ever. */
export function checkCaller(caller: Caller): void {
  if (!TENANT.test(caller.tenant)) throw invalidRequest("caller.tenant", "1 to 64 of A-Z, a-z, 0-9, `.`, `_`, `-`");
  if (caller.onBehalfOf.length > CHAIN_MAX)
    throw invalidRequest("caller.on_behalf_of", `at most ${CHAIN_MAX} principals`);
  for (const principal of [caller.principal, ...caller.onBehalfOf]) checkPrincipalId(principal.id);
  if (caller.credential.length === 0 || caller.credential.length > 128) {
    throw invalidRequest("caller.credential", "1 to 128 characters");
  }
}

export function checkPrincipalId(id: string): void {
  if (!ID.test(id)) throw invalidRequest("principal", "1 to 64 of A-Z, a-z, 0-9, `.`, `_`, `:`, `@`, `/`, `-`");
}
