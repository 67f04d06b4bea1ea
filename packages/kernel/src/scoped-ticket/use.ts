import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { checkEvidence } from "./evidence.ts";
import { checkReceiptUse } from "./receipt.ts";
import { checkTicketSemantics } from "./semantics.ts";
import { summarizeTicket, type TicketSummary } from "./summary.ts";
import { checkWindow } from "./window.ts";

export interface TicketUse {
  readonly ticket: ExactRecord;
  readonly contract: ExactRecord;
  readonly receipt: ExactRecord;
  /** Needed when the ticket requires one. */
  readonly evidence?: ExactRecord | undefined;
  /** Receipts say which ticket they used; false unless said. */
  readonly strictTicketProfile?: boolean;
  /** Claims are judged by their fields, never by their wording; false unless said. */
  readonly strictEvidenceClaims?: boolean;
}

export interface TicketUseResult {
  readonly status: "passed" | "review";
  readonly checks: readonly string[];
  readonly ticket_id: string;
  readonly receipt_id: string;
  /** Empty when there is none. */
  readonly evidence_contract_id: string;
  readonly summary: {
    readonly ticket: TicketSummary;
    readonly receipt_status: string;
    readonly receipt_runtime: string;
    readonly evidence_checks: readonly string[];
    readonly scope_status: "operator_asserted" | "not_checked";
    readonly ticket_validity_status: "passed" | "review";
  };
  /** Why it is only reviewed, joined with `; `; empty when it passed. */
  readonly detail: string;
}

const RECEIPT_CHECKS = [
  "ticket_semantics_valid",
  "receipt_binds_ticket",
  "receipt_binds_execution_contract",
  "receipt_runtime_matches_ticket",
  "receipt_mode_within_ticket",
  "receipt_network_within_ticket",
  "receipt_use_within_ticket",
  "receipt_within_ticket_validity",
];
const EVIDENCE_CHECKS = [
  "evidence_binds_receipt",
  "evidence_binds_ticket",
  "evidence_claims_bounded_by_receipt",
  "evidence_replay_within_ticket",
];

/**
 * Whether a receipt, and the evidence that rests on it, stays within the ticket it used (spec kernel.md §6.3). First
 * failure wins. This reads artifacts; that a ticket is used once is the log's to know. Throws `LEGACY_VALUE`.
 */
export function verifyTicketUse(
  use: TicketUse,
): { readonly ok: true; readonly result: TicketUseResult } | LegacyFailure {
  const { ticket, contract, receipt, evidence } = use;
  const strict = use.strictTicketProfile === true;
  const semantics = checkTicketSemantics({ ticket, contract, strict });
  if (!semantics.ok) return semantics;
  const refused = checkReceiptUse({ ticket, contract, receipt, strict });
  if (refused !== undefined) return refused;
  const window = checkWindow(ticket, receipt);
  if (!window.ok) return window;
  const unproven = checkClaimed(use);
  if (unproven !== undefined) return unproven;
  const reasons = [
    ...(semantics.scopeStatus === "not_checked" ? ["execution_contract target_in_scope is not checked"] : []),
    ...(window.status === "review" ? [window.detail] : []),
  ];
  const evidenceChecks = evidence === undefined ? [] : EVIDENCE_CHECKS;
  const result: TicketUseResult = {
    status: reasons.length === 0 ? "passed" : "review",
    checks: [...RECEIPT_CHECKS, ...evidenceChecks],
    ticket_id: textOrEmpty(ticket, "ticket_id"),
    receipt_id: textOrEmpty(receipt, "receipt_id"),
    evidence_contract_id: textOrEmpty(evidence, "evidence_contract_id"),
    summary: {
      ticket: summarizeTicket(ticket),
      receipt_status: textOrEmpty(member(receipt, "outcome"), "status"),
      receipt_runtime: runtimeOf(receipt),
      evidence_checks: evidenceChecks,
      scope_status: semantics.scopeStatus,
      ticket_validity_status: window.status,
    },
    detail: reasons.join("; "),
  };
  return { ok: true, result };
}

/** Steps 11 to 14. */
function checkClaimed({ ticket, receipt, evidence, strictEvidenceClaims }: TicketUse): LegacyFailure | undefined {
  if (evidence !== undefined)
    return checkEvidence(evidence, { ticket, receipt, strict: strictEvidenceClaims === true });
  if (member(member(ticket, "spend_limits"), "requires_evidence_contract") === false) return undefined;
  return failure("ticket_use", "ticket requires an evidence contract but none was provided");
}

function runtimeOf(receipt: ExactRecord): string {
  const runtime = member(receipt, "runtime");
  const reference = textOrEmpty(runtime, "runtime_ref");
  return reference === "" ? textOrEmpty(runtime, "name") : reference;
}
