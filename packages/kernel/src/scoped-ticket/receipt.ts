import { describes, linkedDescriptor } from "../artifacts/descriptor.ts";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { validateAgainst } from "../artifacts/validate.ts";
import {
  integerMember,
  isExactRecord,
  member,
  textMember,
  textOrEmpty,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { modeLevel, ticketMode } from "./mode-level.ts";
import { missingLink } from "./semantics.ts";
import { NON_EXECUTED } from "./window.ts";

export interface ReceiptUse {
  readonly ticket: ExactRecord;
  readonly contract: ExactRecord;
  readonly receipt: ExactRecord;
  /** The receipt must then say which ticket it used and as whom; a one-shot ticket ran one command at most. */
  readonly strict: boolean;
}

/** Steps 2 to 10 of spec kernel.md §6.3: the receipt is the ticket's and stays within it. */
export function checkReceiptUse(use: ReceiptUse): LegacyFailure | undefined {
  return (
    validateAgainst(use.receipt, "schemas/execution_receipt.v0.2.schema.json", "receipt", "ticket_use") ??
    checkLinks(use) ??
    checkRuntime(use) ??
    checkOutcome(use) ??
    checkNetwork(use) ??
    checkTicketUse(use) ??
    checkCommands(use)
  );
}

/** Steps 3 and 4. */
function checkLinks({ ticket, contract, receipt }: ReceiptUse): LegacyFailure | undefined {
  const missing = missingLink(receipt, "execution_ticket", "receipt");
  if (missing !== undefined) return missing;
  if (!describes(linkedDescriptor(receipt, "execution_ticket"), ticket))
    return refuse("receipt-ticket descriptor mismatch");
  const other = missingLink(receipt, "execution_contract", "receipt");
  if (other !== undefined) return other;
  if (!describes(linkedDescriptor(receipt, "execution_contract"), contract))
    return refuse("receipt-execution_contract descriptor mismatch");
  return undefined;
}

/** Steps 5 and 6. */
function checkRuntime({ ticket, receipt }: ReceiptUse): LegacyFailure | undefined {
  const runtime = member(receipt, "runtime");
  const usable = usableBy(ticket);
  const names = ["runtime_ref", "id", "name"].map((key) => textMember(runtime, key));
  const named = usable.startsWith("runtime:") && usable === `runtime:${textOrEmpty(runtime, "name")}`;
  if (usable === "" || !(named || names.includes(usable)))
    return refuse("receipt runtime does not match ticket subject_binding.usable_by_runtime");
  if (modeLevel(member(runtime, "mode")) > modeLevel(ticketMode(ticket)))
    return refuse("receipt runtime mode exceeds ticket mode");
  return undefined;
}

/** Step 7; the outcome's spelling is compared as it stands. */
function checkOutcome({ ticket, receipt }: ReceiptUse): LegacyFailure | undefined {
  const status = textOrEmpty(member(receipt, "outcome"), "status");
  if (ticketMode(ticket) !== "dry_run" || status === "dry_run" || NON_EXECUTED.includes(status)) return undefined;
  return refuse("dry-run ticket receipt must report a dry-run/non-executed outcome");
}

/** Step 8. A receipt that does not say so is not evidence that there was no network. */
function checkNetwork({ ticket, receipt }: ReceiptUse): LegacyFailure | undefined {
  if (member(member(ticket, "spend_limits"), "network_execution_allowed") === true) return undefined;
  const performed = member(member(receipt, "execution"), "network_execution_performed");
  if (performed === false) return undefined;
  if (performed === true) return refuse("receipt reports network execution forbidden by ticket");
  return refuse("receipt does not say whether network execution was performed", 11);
}

/** Step 9. */
function checkTicketUse({ ticket, receipt, strict }: ReceiptUse): LegacyFailure | undefined {
  const use = member(receipt, "ticket_use");
  const uses = integerMember(member(ticket, "spend_limits"), "max_uses") ?? 0;
  if (!isExactRecord(use) || Object.keys(use).length === 0) {
    if (strict) return refuse("strict ticket profile requires receipt.ticket_use");
    return uses >= 1 ? undefined : refuse("ticket max_uses must permit at least one receipt");
  }
  if (member(use, "ticket_id") !== member(ticket, "ticket_id")) return refuse("receipt ticket_use.ticket_id mismatch");
  const runtime = member(use, "consumed_by_runtime");
  const given = runtime !== undefined && runtime !== null && runtime !== "";
  if (strict && !given) return refuse("strict ticket profile requires receipt.ticket_use.consumed_by_runtime");
  if (given && runtime !== usableBy(ticket)) return refuse("receipt ticket_use.consumed_by_runtime mismatch");
  const count = integerMember(use, "use_count");
  if (count === undefined) return refuse("receipt.ticket_use.use_count must be an integer", 12);
  return count >= 1 && count <= uses ? undefined : refuse("receipt ticket use_count exceeds ticket max_uses");
}

/** Step 10. In strict mode the ticket's semantics hold one that is for one use to one run. */
function checkCommands({ ticket, receipt }: ReceiptUse): LegacyFailure | undefined {
  const oneShot = member(member(ticket, "spend_limits"), "one_shot") === true;
  const executed = executedCommands(receipt);
  if (executed === undefined) return silentCount(receipt, oneShot);
  if (oneShot && executed > (integerMember(member(ticket, "execution_limits"), "max_runs") ?? 0))
    return refuse("receipt executed command count exceeds ticket execution limit");
  return undefined;
}

/** The reference takes a count that is not stated for none (§27 no. 11), and makes whole numbers of texts (no. 12). */
function silentCount(receipt: ExactRecord, oneShot: boolean): LegacyFailure | undefined {
  const absent = member(member(receipt, "execution"), "executed_command_count") === undefined;
  if (absent && !oneShot) return undefined;
  return refuse("receipt.execution.executed_command_count must be an integer", absent ? 11 : 12);
}

/** How many commands a receipt reports; undefined when it does not say a whole number. */
export function executedCommands(receipt: ExactRecord): number | undefined {
  return integerMember(member(receipt, "execution"), "executed_command_count");
}

function usableBy(ticket: ExactRecord): string {
  return textOrEmpty(member(ticket, "subject_binding"), "usable_by_runtime");
}

function refuse(text: string, rule?: number): LegacyFailure {
  return failure("ticket_use", text, rule);
}
