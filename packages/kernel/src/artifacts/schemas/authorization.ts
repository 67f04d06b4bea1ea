import type { Schema } from "../schema.ts";
import { artifact, bool, closed, integer, map, nonEmpty, object, oneOf, prefixedDigest, texts } from "./forms.ts";

/** Schemas of what is asked, decided and bound: intent, policy decision, execution contract (spec kernel.md §4.2). */

const scopeFields = {
  status: oneOf("in_scope", "out_of_scope", "unknown"),
  authority: nonEmpty,
  decision_ref: nonEmpty,
  subject: map({ operation_id: nonEmpty }),
  target: map({ target: nonEmpty, target_host: nonEmpty }),
};
const scopeAssertion = closed({ ...scopeFields, decision_digest: prefixedDigest });
const authorityDecision = closed({
  artifact_type: { const: "govengine_scope_decision" },
  schema_version: { const: "v0.1" },
  ...scopeFields,
});

export const intentContract: Schema = artifact(
  "intent_contract",
  "v0.2",
  {
    intent_id: nonEmpty,
    actor: object,
    intent: object,
    requested_capability: object,
    target: object,
    authority: object,
  },
  { constraints: texts, non_claims: texts },
);

const decision = {
  decision_id: nonEmpty,
  decision: oneOf("allow_prepare", "owner_approval_required", "deny"),
  links: object,
  scope: object,
  capability: object,
  risk: object,
  constraints: texts,
};
export const policyDecisionV02: Schema = artifact("policy_decision", "v0.2", decision, { reason_codes: texts });
export const policyDecisionV03: Schema = artifact(
  "policy_decision",
  "v0.3",
  { ...decision, scope_assertion: scopeAssertion, authority_decision: authorityDecision },
  { reason_codes: texts },
);

const contract = {
  contract_id: nonEmpty,
  links: map({ intent: object, policy_decision: object }),
  target_binding: map({ target: nonEmpty, target_host: nonEmpty }, { target_in_scope: bool }),
  execution_shape: map(
    { tool: nonEmpty, normalized_args: { type: "array" } },
    { plan: { type: "array", items: object } },
  ),
  execution_bounds: map(
    { mode: oneOf("dry_run", "live") },
    { network_execution_allowed: bool, max_commands: integer(0), timeout_seconds: integer(0) },
  ),
  expected_receipt: object,
} as const;
export const executionContractV02: Schema = artifact("execution_contract", "v0.2", contract, { non_claims: texts });
export const executionContractV03: Schema = artifact(
  "execution_contract",
  "v0.3",
  { ...contract, scope_assertion: scopeAssertion },
  { non_claims: texts },
);
