import { checkStore } from "./authorize.ts";
import type { EntityStore } from "./entity-store.ts";
import type { HoldRequirement } from "./hold.ts";
import type { PolicySet } from "./policy-set.ts";
import type { Program } from "./program.ts";
import { requestFrame } from "./input/request-frame.ts";
import type { PolicyDecision, PolicyRequest } from "./types.ts";
import type { Verdict } from "./lookup/verdict.ts";

const NONE: readonly never[] = Object.freeze([]);

/**
 * Writ's outcome, in this order: a satisfied forbid that does not hold denies; a policy that errs makes it
 * `not_evaluated`; no satisfied permit denies; a satisfied holding forbid holds; else it is allowed. Pure and
 * synchronous. Throws `POLICY_REQUEST` for a request that is malformed or does not fit the schema, which is
 * no decision and must block.
 */
export function decide(set: PolicySet, request: PolicyRequest, entities: EntityStore): PolicyDecision {
  checkStore(set, entities);
  const frame = requestFrame(set.program.schema, request, entities, PLAIN);
  return decisionOf(set.program, set.program.index.evaluate(frame));
}

const PLAIN = { validate: true, notes: null } as const;

/** The outcome of a settled verdict. One pass, since this runs on every decision. */
export function decisionOf(program: Program, verdict: Verdict): PolicyDecision {
  const { satisfied, erring } = verdict;
  if (satisfied.length === 0 && erring.length === 0) return DEFAULT_DENY;
  const spoken: Spoken = { permits: [], forbids: [], holding: [], holds: [], advice: [] };
  const spoke: string[] = [];
  for (let index = 0; index < satisfied.length; index++) {
    const policy = program.policies[satisfied[index]!]!;
    spoke.push(policy.id);
    if (policy.advice !== undefined) spoken.advice.push(policy.advice);
    if (policy.effect === "permit") spoken.permits.push(policy.id);
    else if (policy.hold === undefined) spoken.forbids.push(policy.id);
    else {
      spoken.holding.push(policy.id);
      spoken.holds.push(policy.hold);
    }
  }
  const erroring = erring.length === 0 ? NONE : erring.map((rank) => program.policies[rank]!.id);
  const { outcome, determining } = outcomeOf(spoken, erroring);
  return { outcome, determining, erroring, holds: spoken.holds, spoke, advice: spoken.advice };
}

interface Spoken {
  readonly permits: string[];
  readonly forbids: string[];
  readonly holding: string[];
  readonly holds: HoldRequirement[];
  readonly advice: string[];
}

const DEFAULT_DENY: PolicyDecision = Object.freeze({
  outcome: "deny",
  determining: NONE,
  erroring: NONE,
  holds: NONE,
  spoke: NONE,
  advice: NONE,
});

function outcomeOf(
  { permits, forbids, holding }: Spoken,
  erroring: readonly string[],
): Pick<PolicyDecision, "outcome" | "determining"> {
  if (forbids.length > 0) return { outcome: "deny", determining: forbids };
  if (erroring.length > 0) return { outcome: "not_evaluated", determining: erroring };
  if (permits.length === 0) return { outcome: "deny", determining: NONE };
  if (holding.length > 0) return { outcome: "hold", determining: holding };
  return { outcome: "allow", determining: permits };
}
