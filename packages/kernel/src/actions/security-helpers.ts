import { securityHelperNamed } from "../boundary/security-facade.ts";
import type { SecurityHelper } from "../boundary/security-groups.ts";
import * as validators from "./action-contract.ts";
import * as action_schema from "./action-spec.ts";
import * as compiler from "./compile-action.ts";
import * as policy_core from "./policy-decision.ts";
import * as gateway from "./policy-gateway.ts";
import * as capability_recipes from "./recipes.ts";
import * as semantic_loss_policy from "./semantic-loss.ts";
import * as tool_registry from "./tool-registry.ts";
import * as scope from "../domain-scope/target-scope.ts";
import * as analysis from "../specs/analysis-contract.ts";
import * as evidence_policy from "../specs/finding-confirmation.ts";
import * as signal from "../specs/signal-contract.ts";

/** The code of each helper that the security surface lists; the compiler holds the two to each other. */
const HELPERS = {
  action_schema,
  validators,
  compiler,
  capability_recipes,
  tool_registry,
  semantic_loss_policy,
  policy_core,
  gateway,
  scope,
  signal,
  analysis,
  evidence_policy,
} as const satisfies Record<SecurityHelper, object>;

/** Loads a helper by name (spec kernel.md §25). Throws `GOVERNANCE_RECORD_INVALID` for a name the surface does not list. */
export function securityHelper<Name extends SecurityHelper>(name: Name): (typeof HELPERS)[Name] {
  return HELPERS[securityHelperNamed(name) as Name];
}
