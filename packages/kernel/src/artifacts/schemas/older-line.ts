import type { Schema } from "../schema.ts";
import { bool, map, nonEmpty, object, oneOf, schemaRef, text, texts } from "./forms.ts";

/**
 * Schemas of the line before the lifecycle (spec kernel.md §4.4, §11.8, §12). Those records name no schema of their own:
 * a reader validates them by the id, and a descriptor takes their `spec_version` for the version.
 */

const list: Schema = { type: "array" };

const spec = {
  target: nonEmpty,
  target_host: text,
  action_type: nonEmpty,
  resolved_tool: text,
  normalized_args: list,
  execution_plan: { type: "array", items: object },
} as const;
const truth = map({
  artifact_type: { const: "approved_execution_spec" },
  resolved_tool: text,
  normalized_args: list,
  execution_plan: { type: "array", items: object, minItems: 1 },
});

export const policyDecisionV01: Schema = map(
  { decision: oneOf("allow_prepare", "owner_approval_required", "deny"), reason_code: text },
  {
    schema_version: { const: "2026-04-27.policy-decision.v0.1" },
    reasons: texts,
    scope_facts: object,
    tool_facts: object,
    approval_required: bool,
    constraints: list,
    redaction_required: { const: true },
    compatibility: object,
  },
);
export const preparedSpecV01: Schema = map({ spec_version: { const: "2026-03-18.prepared.v1" }, ...spec });
export const approvedSpecV01: Schema = map({
  spec_version: { const: "2026-03-18.approved.v1" },
  ...spec,
  approval: map({ decision: nonEmpty }),
  execution_truth: truth,
});
export const redactedPreparedSpecV01: Schema = map({
  spec_version: { const: "2026-03-18.prepared.v1" },
  ...spec,
  // The redacted form says how much there was, and never what (spec kernel.md §12).
  stdin_present: bool,
});
export const executionReceiptV01: Schema = map({ receipt_id: nonEmpty, outcome: object });
export const evidenceBundleV01: Schema = map({
  schema_version: { const: "2026-04-28.evidence-bundle.v0.1" },
  artifacts: { type: "array", items: object },
});
export const validationReceiptV01: Schema = named("security_contract_validation_receipt", { status: nonEmpty });
export const scorecardV01: Schema = named("proof_of_value_scorecard", {});

/** Of the automation line, which left the artifact library with 2.0, the identity alone is a contract. */
export const AUTOMATION_TYPES = [
  "finding",
  "observation_envelope",
  "escalation_proposal",
  "reaction_plan",
  "trigger_decision",
  "watchdog_decision",
  "automation_chain",
] as const;

export const automation: Readonly<Record<string, Schema>> = Object.fromEntries(
  AUTOMATION_TYPES.map((type) => [schemaRef(type, "v0.1"), named(type, {})]),
);

function named(type: string, required: Schema["properties"] & object): Schema {
  return map({ artifact_type: { const: type }, schema_version: { const: "v0.1" }, ...required });
}
