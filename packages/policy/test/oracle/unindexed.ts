import type { CedarAnswer, EntityStore, PolicyRequest, PolicySet } from "@writ/policy";

import { evaluatePolicy } from "../../src/compile/compile-policy.ts";
import { requestFrame } from "../../src/input/request-frame.ts";

/** The compiled policies one after the other, without any index. */
export function authorizeUnindexed(set: PolicySet, request: PolicyRequest, entities: EntityStore): CedarAnswer {
  const { schema, policies } = set.program;
  const frame = requestFrame(schema, request, entities, { validate: true, notes: null });
  const verdicts = policies.map((policy) => ({ policy, verdict: evaluatePolicy(frame, policy) }));
  const errors = verdicts.filter(({ verdict }) => verdict === undefined).map(({ policy }) => policy.id);
  const satisfied = verdicts.filter(({ verdict }) => verdict === true).map(({ policy }) => policy);
  const forbids = satisfied.filter((policy) => policy.effect === "forbid");
  const determining = forbids.length > 0 ? forbids : satisfied;
  const allowed = forbids.length === 0 && satisfied.length > 0;
  return { decision: allowed ? "allow" : "deny", reason: determining.map((policy) => policy.id), errors };
}
