import { isWritError } from "@writ/canon";
import { decide } from "@writ/policy";
import type { EntityStore, PolicyDecision, PolicyRequest, PolicySet } from "@writ/policy";

/** A request that policy cannot read is not decided, which blocks; it is never a deny. */
export function askPolicy(set: PolicySet, request: PolicyRequest, entities: () => EntityStore): PolicyDecision {
  try {
    return decide(set, request, entities());
  } catch (error) {
    if (!isWritError(error)) throw error;
    return { outcome: "not_evaluated", determining: [], erroring: [], holds: [], spoke: [], advice: [error.code] };
  }
}
