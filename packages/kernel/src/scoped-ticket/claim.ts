import type { ExactJson } from "@writ/canon";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { isExactRecord, member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { ticketMode } from "./mode-level.ts";
import { executedCommands } from "./receipt.ts";
import { NON_EXECUTED } from "./window.ts";

/** Wording by which the older evidence profile tells what a claim rests on; the strict one takes flags alone. */
const EXECUTION_MARKERS = [
  "actual_execution",
  "command_executed",
  "completed_execution",
  "execution_performed",
  "executed_command",
  "tool_executed",
];
const NETWORK_MARKERS = ["live_network", "network_execution", "network_observed"];
const STRICT_TYPES = ["receipt_bounded_dry_run", "receipt_bounded_execution", "fixture_review_observation"];

export interface ClaimPlace {
  readonly ticket: ExactRecord;
  readonly receipt: ExactRecord;
  readonly strict: boolean;
}

/** One claim of an evidence contract against the receipt it rests on (spec kernel.md §6.3, step 12). */
export function checkClaim(claim: ExactJson, index: number, place: ClaimPlace): LegacyFailure | undefined {
  const label = `evidence_contract.claims[${String(index)}]`;
  if (!isExactRecord(claim)) return failure("ticket_use", `${label} must be an object`);
  const facts = factsOf(claim, place);
  const problem =
    sourceProblem(claim, place) ?? (place.strict ? strictProblem(facts) : undefined) ?? reachProblem(facts);
  return problem === undefined ? undefined : failure("ticket_use", `${label} ${problem}`, unclearFlag(claim));
}

/** The rule by which a flag that is there and no boolean is set; the reference asks whether it is empty. */
function unclearFlag(claim: ExactRecord): number | undefined {
  const flags = ["requires_completed_execution", "requires_network_execution", "requires_live_execution"];
  return flags.some((key) => typeof (member(claim, key) ?? false) !== "boolean") ? 11 : undefined;
}

interface ClaimFacts {
  readonly type: string;
  readonly execution: {
    readonly flag: boolean;
    readonly marker: boolean;
    readonly needed: boolean;
    readonly plain: boolean;
  };
  readonly network: { readonly flag: boolean; readonly marker: boolean; readonly needed: boolean };
  readonly outcome: string;
  readonly executedCount: number | undefined;
  readonly networkPerformed: boolean;
  readonly confirmsVulnerability: boolean;
  readonly dryRunTicket: boolean;
}

function factsOf(claim: ExactRecord, { ticket, receipt, strict }: ClaimPlace): ClaimFacts {
  const text = ["claim_type", "id", "statement"]
    .map((key) => textOrEmpty(claim, key))
    .join(" ")
    .toLowerCase();
  const has = (markers: readonly string[]): boolean => markers.some((marker) => text.includes(marker));
  const reach = (flag: boolean, marker: boolean) => ({ flag, marker, needed: flag || (!strict && marker) });
  return {
    type: textOrEmpty(claim, "claim_type"),
    execution: {
      ...reach(isSet(claim, "requires_completed_execution"), has(EXECUTION_MARKERS)),
      plain: member(claim, "requires_completed_execution") === true,
    },
    network: reach(
      isSet(claim, "requires_network_execution") || isSet(claim, "requires_live_execution"),
      has(NETWORK_MARKERS),
    ),
    outcome: textOrEmpty(member(receipt, "outcome"), "status").toLowerCase(),
    executedCount: executedCommands(receipt),
    networkPerformed: member(member(receipt, "execution"), "network_execution_performed") === true,
    confirmsVulnerability: has(["live_vulnerability", "confirmed_vulnerability"]),
    dryRunTicket: ticketMode(ticket) === "dry_run",
  };
}

/** A requirement is set by whatever is there and is not plainly no. */
function isSet(claim: ExactRecord, key: string): boolean {
  const value = member(claim, key);
  return value !== undefined && value !== false && value !== null;
}

function sourceProblem(claim: ExactRecord, { receipt }: ClaimPlace): string | undefined {
  if (member(claim, "bounded_by_receipt") !== true) return "is not receipt-bounded";
  const source = textOrEmpty(claim, "source_receipt_id");
  if (source === "") return "must declare source_receipt_id";
  return source === member(receipt, "receipt_id") ? undefined : "source_receipt_id mismatch";
}

function strictProblem({ type, execution, network, outcome }: ClaimFacts): string | undefined {
  if (execution.marker && !execution.flag) return "uses legacy execution text markers in strict evidence profile";
  if (network.marker && !network.flag) return "uses legacy network text markers in strict evidence profile";
  if (!STRICT_TYPES.includes(type)) return "has unsupported strict claim_type";
  if (type === "receipt_bounded_execution")
    return execution.plain ? undefined : "execution claim must require completed execution";
  if (execution.flag || network.flag) return "non-execution claim cannot require execution";
  if (type === "receipt_bounded_dry_run" && outcome !== "dry_run" && !NON_EXECUTED.includes(outcome))
    return "dry-run claim requires dry-run/non-executed receipt";
  return undefined;
}

/** No claim goes beyond what the receipt reports. */
function reachProblem(facts: ClaimFacts): string | undefined {
  const { execution, network, outcome, executedCount, networkPerformed } = facts;
  if (execution.needed && NON_EXECUTED.includes(outcome)) return "requires completed execution beyond receipt status";
  if (execution.needed && (executedCount === undefined || executedCount < 1))
    return "requires executed commands beyond receipt";
  if (network.needed && !networkPerformed) return "requires network execution beyond receipt";
  if (facts.dryRunTicket && facts.confirmsVulnerability) return "exceeds dry-run ticket evidence bounds";
  return undefined;
}
