import type { ExactJson } from "@writ/canon";
import { describeArtifact, describes, linkedDescriptor } from "../artifacts/descriptor.ts";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { USABLE_APPROVALS } from "../artifacts/lifecycle-semantics.ts";
import { validateAgainst } from "../artifacts/validate.ts";
import {
  integerMember,
  isExactList,
  isExactRecord,
  member,
  textMember,
  textOrEmpty,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { scliteDigestV01 } from "../compat/sclite-json-v01.ts";
import { modeLevel, ticketMode } from "./mode-level.ts";
import { readValidity } from "./window.ts";

export interface TicketPair {
  /** An `execution_ticket` v0.3. */
  readonly ticket: ExactRecord;
  readonly contract: ExactRecord;
  /** A one-shot ticket may then run one command only. */
  readonly strict?: boolean;
}

export interface TicketSemantics {
  readonly ok: true;
  readonly checks: readonly string[];
  readonly scopeStatus: "operator_asserted" | "not_checked";
}

/**
 * Whether a scoped ticket means something, and stays within its execution contract: the 24 steps of spec kernel.md
 * §6.1, first failure wins. Throws `LEGACY_VALUE` for an artifact without a canonical form.
 */
export function checkTicketSemantics({
  ticket,
  contract,
  strict = false,
}: TicketPair): TicketSemantics | LegacyFailure {
  const refused =
    validateAgainst(ticket, textOrEmpty(ticket, "schema_ref") || SCHEMA, "ticket", "ticket_semantics") ??
    checkProfile(ticket) ??
    checkBinding(ticket, contract) ??
    checkTargetFlag(contract) ??
    checkValidity(ticket) ??
    checkScopeBinding(ticket, contract) ??
    checkLimits(ticket, contract, strict) ??
    checkObligations(ticket, contract) ??
    checkVersion(ticket);
  if (refused !== undefined) return refused;
  const asserted = member(member(contract, "target_binding"), "target_in_scope") === true;
  const scopeStatus = asserted ? "operator_asserted" : "not_checked";
  return { ok: true, scopeStatus, checks: checksFor(scopeStatus) };
}

function checksFor(scopeStatus: string): readonly string[] {
  return [
    "ticket_profile_supported",
    "ticket_runtime_consumption_semantics",
    "ticket_binds_execution_contract",
    "ticket_scope_matches_execution_contract",
    `execution_contract_target_in_scope_${scopeStatus}`,
    "ticket_mode_within_execution_bounds",
    "ticket_tool_matches_execution_contract",
    "ticket_args_digest_matches_execution_contract",
    "ticket_spend_limits_within_execution_limits",
    "ticket_receipt_and_evidence_obligations",
    "ticket_validity_window_well_formed",
  ];
}

const SCHEMA = "schemas/execution_ticket.v0.3.schema.json";

/** A ticket of another schema may hold all the same fields, and the reference takes it for one of v0.3 then. */
function checkVersion(ticket: ExactRecord): LegacyFailure | undefined {
  const other = validateAgainst(ticket, SCHEMA, "ticket", "ticket_semantics");
  return other && failure("ticket_semantics", other.text, 12);
}

const PROFILES: readonly string[] = ["review_record", "scoped_execution_ticket", "external_capability_ref"];

/** Steps 2 to 6. */
function checkProfile(ticket: ExactRecord): LegacyFailure | undefined {
  const profile = textOrEmpty(ticket, "ticket_profile");
  if (!PROFILES.includes(profile)) return refuse(`unsupported ticket_profile: ${profile}`);
  const semantics = member(ticket, "ticket_semantics");
  if (!isExactRecord(semantics)) return refuse("ticket.ticket_semantics must be an object");
  const consumable = member(semantics, "consumable_by_runtime");
  if (profile === "review_record" && consumable !== false)
    return refuse("review_record tickets must not be runtime-consumable");
  const scoped = profile === "scoped_execution_ticket";
  if (scoped && (consumable !== true || member(semantics, "kind") !== "runtime_consumable_scoped_ticket"))
    return refuse("scoped_execution_ticket must declare runtime_consumable_scoped_ticket semantics");
  if (member(semantics, "default_transferable") !== false)
    return refuse("scoped tickets must not be transferable by default");
  if (!isExactRecord(member(ticket, "approval"))) return refuse("ticket.approval must be an object");
  const approval = textOrEmpty(member(ticket, "approval"), "status");
  if (scoped && !USABLE_APPROVALS.includes(approval))
    return refuse(`scoped ticket is not approved for runtime consumption: ${approval}`);
  return undefined;
}

/** Steps 7 and 8. */
function checkBinding(ticket: ExactRecord, contract: ExactRecord): LegacyFailure | undefined {
  const missing = missingLink(ticket, "execution_contract", "ticket");
  if (missing !== undefined) return missing;
  if (!describes(linkedDescriptor(ticket, "execution_contract"), contract))
    return refuse("ticket execution_contract descriptor mismatch");
  if (!isExactRecord(member(ticket, "integrity"))) return refuse("ticket.integrity must be an object");
  const bound = member(member(ticket, "integrity"), "ticket_binds_execution_contract_digest");
  if (bound !== describeArtifact(contract).digest) return refuse("ticket integrity execution_contract digest mismatch");
  return undefined;
}

/** A link that has no descriptor is named by the part that is no map; this family is the ticket's even in a use check. */
export function missingLink(artifact: ExactRecord, name: string, label: string): LegacyFailure | undefined {
  const links = member(artifact, "links");
  const link = member(links, name);
  if (!isExactRecord(links)) return refuse(`${label}.links must be an object`);
  if (!isExactRecord(link)) return refuse(`${label}.links.${name} must be an object`);
  return isExactRecord(member(link, "descriptor"))
    ? undefined
    : refuse(`${label}.links.${name}.descriptor must be an object`);
}

/** Step 9; it belongs to the use check's family. */
function checkTargetFlag(contract: ExactRecord): LegacyFailure | undefined {
  const target = member(contract, "target_binding");
  if (!isExactRecord(target)) return refuse("execution_contract.target_binding must be an object");
  const flag = member(target, "target_in_scope");
  if (flag === false) return failure("ticket_use", "execution_contract target_in_scope is explicitly false");
  if (flag !== undefined && flag !== true)
    return failure("ticket_use", "execution_contract target_in_scope is neither true nor false", 11);
  return undefined;
}

/** Step 10; of the same family. */
function checkValidity(ticket: ExactRecord): LegacyFailure | undefined {
  const validity = readValidity(ticket);
  return validity.ok ? undefined : validity;
}

/** Steps 11 to 16: host, target, tool, mode and arguments are the contract's. */
function checkScopeBinding(ticket: ExactRecord, contract: ExactRecord): LegacyFailure | undefined {
  const [scope, target] = [member(ticket, "scope_binding"), member(contract, "target_binding")];
  const [shape, bounds] = [member(contract, "execution_shape"), member(contract, "execution_bounds")];
  if (!isExactRecord(shape)) return refuse("execution_contract.execution_shape must be an object");
  if (!isExactRecord(bounds)) return refuse("execution_contract.execution_bounds must be an object");
  const part = ["execution_limits", "scope_binding", "spend_limits"].find(
    (name) => !isExactRecord(member(ticket, name)),
  );
  if (part !== undefined) return refuse(`ticket.${part} must be an object`);
  const host = textMember(target, "target_host");
  if (host === undefined || member(scope, "target_host") !== host)
    return refuse("ticket target_host drift from execution_contract");
  const reference = textMember(scope, "target_ref");
  if (reference === undefined || ![host, `host:${host}`, textMember(target, "target")].includes(reference))
    return refuse("ticket target_ref drift from execution_contract");
  if (textMember(scope, "tool") === undefined || member(scope, "tool") !== member(shape, "tool"))
    return refuse("ticket tool drift from execution_contract");
  const mode = ticketMode(ticket);
  if (modeLevel(mode) > modeLevel(member(bounds, "mode")))
    return refuse("ticket mode escalates beyond execution_contract bounds");
  if (member(member(ticket, "execution_limits"), "mode") !== mode)
    return refuse("ticket execution_limits.mode must match scope_binding.mode");
  const args = member(shape, "normalized_args") ?? [];
  if (!isExactList(args) || member(scope, "normalized_args_digest") !== `sha256:${scliteDigestV01(args)}`)
    return refuse("ticket normalized_args_digest mismatch");
  return undefined;
}

/** Steps 17 to 21. */
function checkLimits(ticket: ExactRecord, contract: ExactRecord, strict: boolean): LegacyFailure | undefined {
  const [spend, limits] = [member(ticket, "spend_limits"), member(ticket, "execution_limits")];
  const network = member(spend, "network_execution_allowed");
  const allowed = member(member(contract, "execution_bounds"), "network_execution_allowed");
  if (network !== false && allowed !== true)
    return refuse("ticket network execution exceeds execution_contract bounds", notBoolean(allowed));
  const [uses, runs] = [integerMember(spend, "max_uses"), integerMember(limits, "max_runs")];
  if (uses === undefined) return refuse("ticket.spend_limits.max_uses must be an integer", 12);
  if (runs === undefined) return refuse("ticket.execution_limits.max_runs must be an integer", 12);
  if (uses > runs) return refuse("ticket spend_limits.max_uses exceeds execution_limits.max_runs");
  const oneShot = member(spend, "one_shot") === true;
  if (oneShot && uses !== 1) return refuse("one_shot ticket must have max_uses=1");
  if (strict && oneShot && runs !== 1) return refuse("strict one_shot ticket must have execution_limits.max_runs=1");
  if (member(limits, "one_shot") === true && !oneShot)
    return refuse("execution_limits.one_shot requires spend_limits.one_shot");
  return undefined;
}

/** Steps 22 to 24. */
function checkObligations(ticket: ExactRecord, contract: ExactRecord): LegacyFailure | undefined {
  const spend = member(ticket, "spend_limits");
  const expected = member(contract, "expected_receipt");
  if (!isExactRecord(expected)) return refuse("execution_contract.expected_receipt must be an object", 12);
  const required = member(expected, "required");
  const receipt = member(spend, "requires_receipt") === true;
  // What is there and is not `false` asks for a receipt: absence alone leaves it to the ticket.
  if (required !== undefined && required !== false && required !== null && !receipt)
    return refuse("execution_contract requires a receipt but ticket does not", notBoolean(required));
  if (member(ticket, "ticket_profile") !== "scoped_execution_ticket") return undefined;
  if (!receipt) return refuse("scoped execution tickets must require a receipt");
  if (member(spend, "requires_evidence_contract") !== true)
    return refuse("scoped execution tickets must require an evidence contract");
  return undefined;
}

/** The rule by which what is there and no boolean is no answer. */
function notBoolean(value: ExactJson | undefined): number | undefined {
  return value === undefined || value === null || typeof value === "boolean" ? undefined : 11;
}

function refuse(text: string, rule?: number): LegacyFailure {
  return failure("ticket_semantics", text, rule);
}
