import { compareCodeUnits } from "@writ/canon";

import type { CedarAnswer, EntityJson, PolicyRequest, PolicySet } from "@writ/policy";

import { callOfficial, preparseOfficial } from "../../src/official/official-engine.ts";

let prepared = 0;

/** Parses a set in the official engine once; returns the name to ask it by. */
export function preparse(set: PolicySet): string {
  const name = `set${prepared++ % 4}`;
  const policies = preparseOfficial("policies", name, set.program.official.policies);
  if (policies.type === "failure") throw new Error(policies.errors[0]?.message);
  if (set.schema === undefined) return name;
  const schema = preparseOfficial("schema", name, set.schema.text);
  if (schema.type === "failure") throw new Error(schema.errors[0]?.message);
  return name;
}

/** The official answer over a set that was parsed before. */
export function authorizePreparsed(
  set: PolicySet,
  name: string,
  request: PolicyRequest,
  entities: readonly EntityJson[],
): CedarAnswer {
  const answer = callOfficial("statefulIsAuthorized", {
    ...request,
    ...(set.schema === undefined ? {} : { preparsedSchemaName: name, validateRequest: true }),
    preparsedPolicySetId: name,
    entities: entities.map((entity) => ({ attrs: {}, parents: [], ...entity })),
  });
  if (answer.type === "failure") throw new Error(answer.errors[0]?.message);
  const { decision, diagnostics } = answer["response"] as {
    decision: "allow" | "deny";
    diagnostics: { reason: string[]; errors: { policyId: string }[] };
  };
  return {
    decision,
    reason: diagnostics.reason.sort(compareCodeUnits),
    errors: diagnostics.errors.map((error) => error.policyId).sort(compareCodeUnits),
  };
}
