/** What stands in the way, and the step that removes it. */
export interface SignalBlocker {
  readonly blocker: string;
  readonly action: string;
}

type Row = readonly [statuses: string, blocker: string, action: string];

/** Table of spec kernel.md §20.2; the last row of each answers for every other status. */
const POLICY: readonly Row[] = [
  ["deny denied", "policy_denied", "revise_request_or_policy"],
  ["defer deferred", "policy_deferred", "resolve_policy_deferral"],
  ["require_approval", "policy_requires_approval", "obtain_operator_approval"],
  ["dry_run_only", "policy_dry_run_only", "use_dry_run_only_path"],
  ["record_only", "policy_record_only", "record_without_execution"],
  ["missing", "missing_or_invalid_policy_decision", "obtain_policy_decision"],
  ["", "unknown_policy_decision", "obtain_valid_policy_decision"],
];
const TICKET: readonly Row[] = [
  ["invalid malformed", "invalid_execution_ticket", "repair_or_reissue_execution_ticket"],
  ["denied deny rejected unapproved pending", "execution_ticket_not_approved", "approve_execution_ticket"],
  [
    "mismatch mismatched scope_mismatch digest_mismatch",
    "execution_ticket_mismatch",
    "reconcile_execution_ticket_scope",
  ],
  ["stale expired", "execution_ticket_stale", "refresh_execution_ticket"],
  ["failed failure error", "execution_ticket_failed", "revalidate_execution_ticket"],
  ["missing", "missing_or_invalid_execution_ticket", "approve_execution_ticket"],
  ["", "unknown_execution_ticket_status", "obtain_valid_execution_ticket"],
];
const TRUST: readonly Row[] = [
  [
    "denied deny untrusted not_trusted trust_status_not_allowed",
    "trust_decision_denied",
    "obtain_trusted_verification",
  ],
  [
    "failed failure error signature_value_mismatch unsupported_signature_mode wrong_key",
    "trust_verification_failed",
    "rerun_trust_verification",
  ],
  ["signature_digest_mismatch digest_mismatch", "signature_digest_mismatch", "rebind_or_reissue_signature"],
  [
    "signer_not_allowed unknown_signer wrong_signer",
    "trust_signer_not_allowed",
    "use_allowed_signer_or_update_trust_policy",
  ],
  ["missing", "missing_or_invalid_trust_decision", "verify_trust_decision"],
  ["", "unknown_trust_decision_status", "obtain_valid_trust_decision"],
];

/** Reasons by which a trust summary is judged even when it also says `trusted`. */
export const TRUST_BLOCKERS: ReadonlySet<string> = new Set(
  TRUST.slice(0, 4).flatMap(([statuses]) => statuses.split(" ")),
);

export const policyBlocker = (status: string): SignalBlocker => blockerIn(POLICY, status);
export const ticketBlocker = (status: string): SignalBlocker => blockerIn(TICKET, status);
export const trustBlocker = (status: string): SignalBlocker => blockerIn(TRUST, status);

function blockerIn(table: readonly Row[], status: string): SignalBlocker {
  const found = table.find(([statuses]) => statuses.split(" ").includes(status));
  const [, blocker, action] = found ?? table.at(-1) ?? ["", "unknown_status", "obtain_valid_status"];
  return { blocker, action };
}
