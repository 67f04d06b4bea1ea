import type { ExactJson } from "@writ/canon";
import { isExactRecord, member, textMember, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { describeArtifact, describes } from "./descriptor.ts";
import { failure, type LegacyFailure } from "./failure.ts";
import type { LifecycleArtifacts } from "./lifecycle-roles.ts";

/** Approvals under which a ticket may be used. */
export const USABLE_APPROVALS: readonly string[] = ["approved_for_dry_run", "approved"];
const TERMINAL_APPROVALS: readonly string[] = ["rejected", "expired", "revoked"];

/** Step 9 of spec kernel.md §5, in the order of its table. */
export function checkLifecycleSemantics(artifacts: LifecycleArtifacts): LegacyFailure | undefined {
  const {
    intent_contract: intent,
    policy_decision: policy,
    execution_contract: contract,
    execution_ticket: ticket,
    execution_receipt: receipt,
    evidence_contract: evidence,
  } = artifacts;
  return (
    bound(policy, "intent", intent, "policy-intent digest mismatch") ??
    checkDecision(policy, ticket) ??
    bound(contract, "intent", intent, "execution_contract-intent digest mismatch") ??
    bound(contract, "policy_decision", policy, "execution_contract-policy digest mismatch") ??
    bound(ticket, "execution_contract", contract, "ticket-execution_contract digest mismatch") ??
    checkIntegrity(ticket, contract) ??
    bound(receipt, "execution_ticket", ticket, "receipt-ticket digest mismatch") ??
    bound(receipt, "execution_contract", contract, "receipt-execution_contract digest mismatch") ??
    bound(evidence, "execution_receipt", receipt, "evidence-receipt digest mismatch") ??
    bound(evidence, "execution_ticket", ticket, "evidence-ticket digest mismatch")
  );
}

/** Rows 2 to 5: what policy decided and how the ticket was approved. */
function checkDecision(policy: ExactRecord, ticket: ExactRecord): LegacyFailure | undefined {
  const decision = textMember(policy, "decision");
  const approval = member(ticket, "approval");
  if (!isExactRecord(approval)) return failure("lifecycle", "execution_ticket missing approval object");
  if (decision === "deny") return failure("lifecycle", "policy decision denies executable lifecycle");
  const status = textOrEmpty(approval, "status");
  const usable = USABLE_APPROVALS.includes(status);
  if (decision === "owner_approval_required" && !usable)
    return failure("lifecycle", "owner approval required before executable lifecycle");
  if (TERMINAL_APPROVALS.includes(status))
    return failure("lifecycle", `execution ticket approval is terminal: ${status}`);
  if (!usable)
    return failure(
      "lifecycle",
      `execution ticket is not approved for executable lifecycle: ${status === "" ? "missing" : status}`,
    );
  if (decision !== "allow_prepare" && decision !== "owner_approval_required")
    return failure("lifecycle", "policy decision is none of the known ones", 10);
  return undefined;
}

/** Row 9. */
function checkIntegrity(ticket: ExactRecord, contract: ExactRecord): LegacyFailure | undefined {
  const integrity = member(ticket, "integrity");
  if (!isExactRecord(integrity)) return failure("lifecycle", "execution_ticket missing integrity object");
  if (member(integrity, "ticket_binds_execution_contract_digest") === describeArtifact(contract).digest)
    return undefined;
  return failure("lifecycle", "ticket integrity execution_contract digest mismatch");
}

/** A link holds exactly the descriptor of what it points to. */
function bound(from: ExactRecord, name: string, to: ExactRecord, text: string): LegacyFailure | undefined {
  const type = textMember(from, "artifact_type") ?? "artifact";
  const links: ExactJson | undefined = member(from, "links");
  if (!isExactRecord(links)) return failure("lifecycle", `${type} has no links object`);
  const link = member(links, name);
  if (!isExactRecord(link)) return failure("lifecycle", `${type} missing links.${name}`);
  const descriptor = member(link, "descriptor");
  if (!isExactRecord(descriptor)) return failure("lifecycle", `${type} missing links.${name}.descriptor`);
  return describes(descriptor, to) ? undefined : failure("lifecycle", text);
}
