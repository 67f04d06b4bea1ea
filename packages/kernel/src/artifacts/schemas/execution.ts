import type { Schema } from "../schema.ts";
import {
  artifact,
  bool,
  hexDigest,
  integer,
  map,
  nonEmpty,
  object,
  oneOf,
  prefixedDigest,
  text,
  texts,
} from "./forms.ts";

/** Schemas of what is permitted, done and claimed: ticket, receipt, evidence contract (spec kernel.md §4.2). */

const mode = oneOf("dry_run", "live");

/** A role and the whole descriptor of what is linked (spec kernel.md §4.1). */
const link = map({
  role: nonEmpty,
  descriptor: map({
    artifact_type: nonEmpty,
    schema_version: nonEmpty,
    schema_ref: nonEmpty,
    canonicalization: nonEmpty,
    algorithm: { const: "sha256" },
    digest: hexDigest,
    canonical_bytes: integer(1),
  }),
});

const ticket = {
  ticket_id: nonEmpty,
  links: map({ execution_contract: link }, { intent: link, policy_decision: link }),
  approval: map(
    {
      status: oneOf("approved_for_dry_run", "approved", "rejected", "owner_approval_required", "expired", "revoked"),
    },
    { approval_id: nonEmpty, approver_kind: nonEmpty },
  ),
  validity: map({ not_before: nonEmpty, not_after: nonEmpty }),
  execution_limits: map({ mode, max_runs: integer(1) }, { one_shot: bool }),
};
export const executionTicketV02: Schema = artifact(
  "execution_ticket",
  "v0.2",
  { ...ticket, integrity: map({ ticket_binds_execution_contract_digest: hexDigest }, { profile: nonEmpty }) },
  { signature: object, non_claims: texts },
);
export const executionTicketV03: Schema = artifact(
  "execution_ticket",
  "v0.3",
  {
    ...ticket,
    integrity: map({ ticket_binds_execution_contract_digest: hexDigest, profile: nonEmpty }),
    ticket_profile: oneOf("review_record", "scoped_execution_ticket", "external_capability_ref"),
    ticket_semantics: map({
      kind: oneOf("review_record", "runtime_consumable_scoped_ticket", "external_capability_reference"),
      consumable_by_runtime: bool,
      default_transferable: bool,
    }),
    subject_binding: map({ issued_for_actor: nonEmpty, usable_by_runtime: nonEmpty }, { session_ref: text }),
    scope_binding: map({
      target_kind: nonEmpty,
      target_ref: nonEmpty,
      target_host: nonEmpty,
      tool: nonEmpty,
      mode,
      normalized_args_digest: prefixedDigest,
    }),
    spend_limits: map({
      max_uses: integer(1),
      one_shot: bool,
      network_execution_allowed: bool,
      requires_receipt: bool,
      requires_evidence_contract: bool,
    }),
    non_claims: { ...texts, minItems: 1 },
  },
  { signature: object, trust_profile: object },
);

/** What a receipt links to and how often it used its ticket is said by the checks that read it, which name it. */
export const executionReceipt: Schema = artifact(
  "execution_receipt",
  "v0.2",
  {
    receipt_id: nonEmpty,
    links: object,
    runtime: object,
    execution: object,
    outcome: object,
  },
  { evidence_refs: { type: "array", items: object }, non_claims: texts },
);

export const evidenceContract: Schema = artifact("evidence_contract", "v0.2", {
  evidence_contract_id: nonEmpty,
  links: map({ execution_receipt: link }, { execution_ticket: link }),
  claims: { type: "array", items: object, minItems: 1 },
  non_claims: { ...texts, minItems: 1 },
  replay: map({ mode: nonEmpty, live_execution_required: bool }),
  verification: map({ commands: { type: "array", items: nonEmpty, minItems: 1 } }),
});
