import type { ExactJson } from "@writ/canon";
import { describeArtifact } from "../artifacts/descriptor.ts";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import {
  integerMember,
  isExactList,
  isExactRecord,
  member,
  textOrEmpty,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { scliteTextV01 } from "../compat/sclite-json-v01.ts";
import { checkTicketSemantics } from "./semantics.ts";
import { verifyTicketUse } from "./use.ts";

export interface TicketGateInput {
  readonly ticket: ExactRecord | undefined;
  readonly contract: ExactRecord | undefined;
  /** The approved steps, `{tool, args, stdin?}`, as they would run. */
  readonly steps: readonly ExactJson[];
}

export interface TicketGatePass {
  readonly status: "passed";
  readonly ticket_id: string;
  readonly execution_contract_digest: string;
  /** Of the ticket's integrity. */
  readonly profile: string;
  readonly schema_version: string;
  /** The checks of a scoped ticket; empty for an older one. */
  readonly sclite_checks: readonly string[];
}

const APPROVALS: readonly string[] = ["approve", "approved", "approved_for_dry_run"];

/**
 * Whether approved steps are exactly what an artifact ticket permits (spec kernel.md §14). This judges imported
 * artifacts; what runs here runs under the product's own tickets, with a clock and a durable use.
 */
export function checkTicketGate({
  ticket,
  contract,
  steps,
}: TicketGateInput): { readonly ok: true; readonly result: TicketGatePass } | LegacyFailure {
  if (ticket === undefined) return refuse("missing_execution_ticket");
  if (contract === undefined) return refuse("missing_execution_contract");
  const [type, version] = [textOrEmpty(ticket, "artifact_type"), textOrEmpty(ticket, "schema_version")];
  if (type !== "execution_ticket" || !VERSIONS.includes(version)) return notATicket(type, version);
  const semantics = version === "v0.3" ? checkTicketSemantics({ ticket, contract }) : undefined;
  if (semantics?.ok === false) return wrapped(semantics, "ticket_semantics", "sclite_ticket_semantics_failed");
  const digest = describeArtifact(contract).digest;
  const refused = checkTicketFields(ticket, digest) ?? checkSteps(planOf(contract), steps);
  if (refused !== undefined) return refused;
  const result: TicketGatePass = {
    status: "passed",
    ticket_id: textOrEmpty(ticket, "ticket_id"),
    execution_contract_digest: digest,
    profile: textOrEmpty(member(ticket, "integrity"), "profile"),
    schema_version: version,
    sclite_checks: semantics?.checks ?? [],
  };
  return { ok: true, result };
}

const VERSIONS: readonly string[] = ["v0.2", "v0.3"];

/** With spaces around it a type or a version is another one (§27 no. 21). */
function notATicket(type: string, version: string): LegacyFailure {
  const [plainType, plainVersion] = [stripSpace(type), stripSpace(version)];
  const text = `invalid_execution_ticket:${plainType || "missing"}:${plainVersion || "missing"}`;
  return refuse(text, plainType === "execution_ticket" && VERSIONS.includes(plainVersion) ? 21 : undefined);
}

export interface UseGateInput {
  readonly ticket: ExactRecord | undefined;
  readonly contract: ExactRecord | undefined;
  readonly receipt: ExactRecord | undefined;
  readonly evidence?: ExactRecord | undefined;
}

export interface UseGatePass {
  readonly status: "passed" | "review";
  readonly ticket_id: string;
  readonly receipt_id: string;
  readonly profile: string;
  readonly checks: readonly string[];
  readonly source: "sclite.verify_ticket_use";
}

/** Whether a receipt and its evidence stay within an artifact ticket (spec kernel.md §14). */
export function checkUseGate({
  ticket,
  contract,
  receipt,
  evidence,
}: UseGateInput): { readonly ok: true; readonly result: UseGatePass } | LegacyFailure {
  if (ticket === undefined) return refuse("missing_execution_ticket");
  if (contract === undefined) return refuse("missing_execution_contract");
  if (receipt === undefined) return refuse("missing_execution_receipt");
  const used = verifyTicketUse({ ticket, contract, receipt, evidence });
  if (!used.ok) return wrapped(used, "ticket_use", "sclite_ticket_use_failed");
  const { status, ticket_id, receipt_id, checks, summary } = used.result;
  const profile = summary.ticket.ticket_profile;
  return { ok: true, result: { status, ticket_id, receipt_id, profile, checks, source: "sclite.verify_ticket_use" } };
}

/** Each gate wraps failures of its own family; others keep the library's text. */
function wrapped(found: LegacyFailure, family: LegacyFailure["family"], code: string): LegacyFailure {
  return found.family === family ? failure(family, `${code}:${found.text}`, found.rule) : found;
}

function checkTicketFields(ticket: ExactRecord, digest: string): LegacyFailure | undefined {
  const approval = textOrEmpty(member(ticket, "approval"), "status");
  const word = stripSpace(approval).toLowerCase();
  if (!APPROVALS.includes(approval))
    return refuse(`invalid_execution_ticket_approval:${word || "missing"}`, APPROVALS.includes(word) ? 21 : undefined);
  const limits = member(ticket, "execution_limits");
  const runs = integerMember(limits, "max_runs");
  if (runs === undefined || runs < 1)
    return refuse(
      "invalid_execution_ticket_max_runs",
      runs === undefined ? otherwise(member(limits, "max_runs")) : undefined,
    );
  if (member(member(ticket, "integrity"), "ticket_binds_execution_contract_digest") !== digest)
    return refuse("execution_ticket_contract_digest_mismatch");
  return undefined;
}

/** The rule by which something that is there and no whole number is none; the reference makes one of it where it can. */
function otherwise(value: ExactJson | undefined): number | undefined {
  return value === undefined || value === null ? undefined : 12;
}

/** The contract's plan; what has none plans nothing. */
function planOf(contract: ExactRecord): readonly ExactJson[] {
  const plan = member(member(contract, "execution_shape"), "plan");
  return isExactList(plan) ? plan : [];
}

function checkSteps(plan: readonly ExactJson[], steps: readonly ExactJson[]): LegacyFailure | undefined {
  if (plan.length !== steps.length) return refuse("execution_ticket_plan_length_mismatch");
  for (const [index, planned] of plan.entries()) {
    const refused = checkStep(planned, steps[index] ?? null, index + 1);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function checkStep(planned: ExactJson, step: ExactJson, number: number): LegacyFailure | undefined {
  const at = String(number);
  if (!isExactRecord(planned)) return refuse(`execution_ticket_invalid_contract_step:${at}`);
  const tool = textOrEmpty(planned, "tool");
  if (textOrEmpty(step, "tool") !== tool) return refuse(`execution_ticket_tool_mismatch:${at}`);
  if (tool === "") return refuse(`execution_ticket_tool_mismatch:${at}`, 11);
  const [expected, given] = [asTexts(member(planned, "args")), asTexts(member(step, "args"))];
  // What is neither text nor a number is no argument; the reference makes a text of it.
  if (expected === undefined || given === undefined) return refuse(`execution_ticket_args_mismatch:${at}`, 12);
  if (given.length !== expected.length || given.some((arg, index) => arg !== expected[index]))
    return refuse(`execution_ticket_args_mismatch:${at}`);
  // The reference leaves standard input out of the comparison.
  if ((member(step, "stdin") ?? "") !== (member(planned, "stdin") ?? ""))
    return refuse(`execution_ticket_stdin_mismatch:${at}`, 6);
  return undefined;
}

/** Arguments as text; undefined where one is neither text nor a number. */
function asTexts(args: ExactJson | undefined): readonly string[] | undefined {
  if (!isExactList(args)) return args === undefined || args === null ? [] : undefined;
  const texts = args.map((arg) => {
    if (typeof arg === "string") return arg;
    const isNumber = arg !== null && typeof arg !== "boolean" && !isExactList(arg) && !isExactRecord(arg);
    return isNumber ? scliteTextV01(arg) : undefined;
  });
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function refuse(text: string, rule?: number): LegacyFailure {
  return failure("ticket_gate", text, rule);
}
