import { authorizeByReference } from "./authorize-reference.ts";
import type { EntityStore } from "./entity-store.ts";
import type { PolicySet } from "./policy-set.ts";
import { entityRefusal } from "./refusal.ts";
import { requestFrame } from "./input/request-frame.ts";
import type { CedarAnswer, PolicyRequest } from "./types.ts";

export interface AuthorizeOptions {
  /** `compiled` is Writ's evaluator, `reference` the official one. */
  readonly engine?: "compiled" | "reference";
  /** Check the request against the schema; true unless said. */
  readonly validateRequest?: boolean;
}

/**
 * Exactly Cedar's answer: satisfied forbids deny, else satisfied permits allow, else deny without reasons;
 * policies that err are listed and otherwise skipped. Ids are sorted and distinct. Throws `POLICY_REQUEST`.
 */
export function authorize(
  set: PolicySet,
  request: PolicyRequest,
  entities: EntityStore,
  options: AuthorizeOptions = {},
): CedarAnswer {
  const validate = options.validateRequest ?? true;
  if (options.engine === "reference") return authorizeByReference(set.program, request, entities, validate);
  const { schema, policies, index } = set.program;
  checkStore(set, entities);
  const verdict = index.evaluate(requestFrame(schema, request, entities, { validate, notes: null }));
  const satisfied = verdict.satisfied.map((rank) => policies[rank]!);
  const errors = verdict.erring.map((rank) => policies[rank]!.id);
  const forbids = satisfied.filter((policy) => policy.effect === "forbid");
  if (forbids.length > 0) return { decision: "deny", reason: forbids.map((policy) => policy.id), errors };
  return { decision: satisfied.length > 0 ? "allow" : "deny", reason: satisfied.map((policy) => policy.id), errors };
}

/** Entities read by another schema, or none, would be other values. */
export function checkStore(set: PolicySet, entities: EntityStore): void {
  if (entities.schema !== set.program.schema) {
    throw entityRefusal("entities", "were read for another policy set");
  }
}
