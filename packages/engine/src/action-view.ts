import { compareReceipt } from "@writ/kernel";
import type { Contract } from "@writ/kernel";

import type { ActionView, HoldView } from "./documents.ts";
import { decisionView } from "./decision-view.ts";
import type { RuleTexts } from "./rule-texts.ts";
import type { HoldRecord } from "./views/action-record.ts";
import type { StoredAction } from "./views/fold.ts";
import { parseDocument } from "./views/fold-entry.ts";

const SUMMARY_MAX = 200;

/** The action as doors show it; `known` is its contract where the caller has it read already. */
export function actionView({ record, contract: text }: StoredAction, rules: RuleTexts, known?: Contract): ActionView {
  const contract = text === null ? null : (known ?? (parseDocument(text) as unknown as Contract));
  return {
    id: record.id,
    tenant: record.tenant,
    run: record.run,
    state: record.state,
    action: record.action,
    digest: record.digest,
    summary: summarise(contract),
    contract,
    principal: record.principal,
    live: record.live,
    decision: decisionView(record.decision, record.digest, rules),
    hold: record.hold === null ? null : holdView(record.hold),
    ticket: record.ticket,
    fence: record.intent?.fence ?? null,
    receipt: record.receipt,
    agreement: agreementOf(record, contract),
    claim: record.claim,
    end_reason: record.end_reason,
    proposed_at: record.proposed_at,
    updated_at: record.updated_at,
    entries: record.entries,
    trial: record.trial,
  };
}

/** Receipt against contract; null before a ticket was spent, and where the contract was erased. */
function agreementOf(
  { intent, ticket, receipt }: StoredAction["record"],
  contract: Contract | null,
): ActionView["agreement"] {
  if (intent === null || contract === null) return null;
  return compareReceipt({ contract, ticket, receipt }).agreement;
}

/** One line for lists. */
export function summarise(contract: Contract | null): string {
  if (contract === null) return "(erased)";
  const { shape } = contract;
  const line = shape.kind === "process" ? shape.argv.join(" ") : (shape.text.split(/[\r\n]/u, 1)[0] ?? "");
  if (line.length <= SUMMARY_MAX) return line;
  return `${line
    .slice(0, SUMMARY_MAX - 1)
    .toWellFormed()
    .replace(/\uFFFD$/u, "")}…`;
}

function holdView({ generation, requirements, approvals_required, approvals, expires_at }: HoldRecord): HoldView {
  return {
    generation,
    requirements,
    approvals_required,
    approvals_given: approvals.map(({ approver, at, entry }) => ({ approver, at, entry })),
    expires_at,
  };
}
