import { describeArtifact } from "../artifacts/descriptor.ts";
import { integerMember, isExactList, member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { ticketMode } from "./mode-level.ts";

/** A scoped ticket for machines (spec kernel.md §6.2). */
export interface TicketSummary {
  readonly ticket_id: string;
  readonly schema_version: string;
  readonly ticket_profile: string;
  readonly usable_by_runtime: string;
  readonly target_ref: string;
  readonly target_host: string;
  readonly tool: string;
  readonly mode: string;
  readonly max_uses: number;
  readonly requires_receipt: boolean;
  readonly requires_evidence_contract: boolean;
}

/** Precondition: the ticket satisfies its schema. */
export function summarizeTicket(ticket: ExactRecord): TicketSummary {
  const [scope, spend] = [member(ticket, "scope_binding"), member(ticket, "spend_limits")];
  return {
    ticket_id: textOrEmpty(ticket, "ticket_id"),
    schema_version: textOrEmpty(ticket, "schema_version"),
    ticket_profile: textOrEmpty(ticket, "ticket_profile"),
    usable_by_runtime: textOrEmpty(member(ticket, "subject_binding"), "usable_by_runtime"),
    target_ref: textOrEmpty(scope, "target_ref"),
    target_host: textOrEmpty(scope, "target_host"),
    tool: textOrEmpty(scope, "tool"),
    mode: ticketMode(ticket) ?? "",
    max_uses: integerMember(spend, "max_uses") ?? 0,
    requires_receipt: member(spend, "requires_receipt") === true,
    requires_evidence_contract: member(spend, "requires_evidence_contract") === true,
  };
}

/** The same for people: one fact a line, what the ticket does not claim last. */
export function explainTicket(ticket: ExactRecord, contract: ExactRecord): readonly string[] {
  const summary = summarizeTicket(ticket);
  const consumable = member(member(ticket, "ticket_semantics"), "consumable_by_runtime") === true;
  const network = member(member(ticket, "spend_limits"), "network_execution_allowed") === true;
  const claims = member(ticket, "non_claims");
  return [
    `Execution ticket ${summary.schema_version}`,
    `profile: ${summary.ticket_profile}`,
    `runtime-consumable: ${yesNo(consumable)}`,
    `target: ${summary.target_ref}`,
    `tool: ${summary.tool}`,
    `mode: ${summary.mode}`,
    `usable by runtime: ${summary.usable_by_runtime}`,
    `max uses: ${String(summary.max_uses)}`,
    `network allowed: ${yesNo(network)}`,
    `requires receipt: ${yesNo(summary.requires_receipt)}`,
    `requires evidence contract: ${yesNo(summary.requires_evidence_contract)}`,
    `bound contract digest: ${describeArtifact(contract).digest}`,
    ...(isExactList(claims) ? claims : []).filter((claim) => typeof claim === "string").map((claim) => `- ${claim}`),
  ];
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
