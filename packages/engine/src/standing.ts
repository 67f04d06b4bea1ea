import type { PrincipalRef } from "@writ/kernel";
import type { PolicyCaller } from "@writ/policy";

import type { Projection } from "./projection.ts";

/** Roles from the freest to the most bound; any other word binds most (spec command.md §23 no. 8). */
const ROLE_ORDER = ["primary", "secondary", "observer"];

/**
 * How an asker stands in the roster. An agent that acts for other agents has the least of what they all have: muting or
 * demoting a parent mutes and demotes its children (ARCHITECTURE §6). Agents without an entry have the global role.
 */
export function standing(
  projection: Projection,
  asker: { readonly tenant: string; readonly credential: string; readonly chain: readonly PrincipalRef[] },
): PolicyCaller {
  const { tenant, credential, chain } = asker;
  const [principal] = chain;
  const agents = chain.filter(({ type }) => type === "agent").map(({ id }) => projection.system(tenant, id));
  const global = projection.governance(tenant).role;
  return {
    kind: principal?.type ?? "agent",
    active: !isRevokedToken(projection, tenant, credential) && agents.every((system) => system?.active ?? true),
    muted: agents.some((system) => system?.muted ?? false),
    role: leastRole(agents.map((system) => system?.role ?? global)) ?? global,
  };
}

export function isRevokedToken(projection: Projection, tenant: string, credential: string): boolean {
  return (projection.token(tenant, credential)?.revoked_at ?? null) !== null;
}

function leastRole(roles: readonly string[]): string | undefined {
  return roles.toSorted((one, other) => bound(other) - bound(one))[0];
}

function bound(role: string): number {
  const rank = ROLE_ORDER.indexOf(role.toLowerCase());
  return rank === -1 ? ROLE_ORDER.length : rank;
}
