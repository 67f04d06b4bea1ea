import { authorize, entityStore, loadPolicySet, type PolicySet } from "@writ/policy";
import { expect } from "vitest";

import { authorizePreparsed, preparse } from "./official.ts";
import { authorizeUnindexed } from "./unindexed.ts";
import type { World } from "./worlds.ts";

/** How much was compared. */
export interface Tally {
  sets: number;
  decisions: number;
  evaluations: number;
  satisfied: number;
  erring: number;
}

export const emptyTally = (): Tally => ({ sets: 0, decisions: 0, evaluations: 0, satisfied: 0, erring: 0 });

/**
 * Asks three evaluators, the compiled one with and without its index and the official one, and expects one
 * answer to each request. The set is asked twice: as it is, and with every effect a permit, where the official
 * answer shows the verdict of each single policy.
 */
export async function expectAgreement(policies: readonly string[], world: World, tally: Tally): Promise<void> {
  await expectSameVerdicts(policies, world, tally);
  await expectSameVerdicts(
    policies.map((text) => text.replace(/^forbid/, "permit")),
    world,
    tally,
  );
}

/** The same for a set as it is. */
export async function expectSameVerdicts(policies: readonly string[], world: World, tally: Tally): Promise<void> {
  const sources = { policies: [{ name: "policies.cedar", text: policies.join("\n") }], ...schemaOf(world) };
  const set = await loadPolicySet(sources, { requireAnnotations: false, validate: false, links: [] });
  compare(set, world, preparse(set), tally);
  tally.sets++;
}

function compare(set: PolicySet, world: World, name: string, tally: Tally): void {
  const store = entityStore(set, world.entities);
  for (const request of world.requests) {
    const compiled = authorize(set, request, store);
    const official = authorizePreparsed(set, name, request, world.entities);
    expect(compiled, JSON.stringify(request, bigintText)).toEqual(official);
    expect(authorizeUnindexed(set, request, store)).toEqual(official);
    tally.decisions++;
    tally.evaluations += set.policies.length;
    tally.satisfied += official.reason.length;
    tally.erring += official.errors.length;
  }
}

function schemaOf(world: World): { schema?: { name: string; text: string } } {
  return world.schema === undefined ? {} : { schema: { name: "schema.cedarschema", text: world.schema } };
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
