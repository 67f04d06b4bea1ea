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

const ticket = {
  ticket_id: nonEmpty,
  links: map({ execution_contract: object }, { intent: object, policy_decision: object }),
  approval: map(
    {
      status: oneOf("approved_for_dry_run", "approved", "rejected", "owner_approval_required", "expired", "revoked"),
    },
    { approval_id: text, approver_kind: text },
  ),
  validity: map({ not_before: text, not_after: text }),
  execution_limits: map({ mode, max_runs: integer(1) }, { one_shot: bool }),
};
export const executionTicketV02: Schema = artifact(
  "execution_ticket",
  "v0.2",
  { ...ticket, integrity: map({ ticket_binds_execution_contract_digest: hexDigest }, { profile: text }) },
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
      mode: nonEmpty,
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

export const executionReceipt: Schema = artifact(
  "execution_receipt",
  "v0.2",
  {
    receipt_id: nonEmpty,
    links: map({ execution_contract: object, execution_ticket: object }),
    runtime: object,
    execution: object,
    outcome: object,
  },
  { evidence_refs: { type: "array", items: object }, non_claims: texts, ticket_use: object },
);

export const evidenceContract: Schema = artifact("evidence_contract", "v0.2", {
  evidence_contract_id: nonEmpty,
  links: map({ execution_receipt: object }, { execution_ticket: object }),
  claims: { type: "array", items: object, minItems: 1 },
  non_claims: { ...texts, minItems: 1 },
  replay: map({ mode: nonEmpty, live_execution_required: bool }),
  verification: map({ commands: { ...texts, minItems: 1 } }),
});
