import { describes, linkedDescriptor } from "../artifacts/descriptor.ts";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { validateAgainst } from "../artifacts/validate.ts";
import { isExactList, member, type ExactRecord } from "../compat/exact-record.ts";
import { checkClaim, type ClaimPlace } from "./claim.ts";
import { ticketMode } from "./mode-level.ts";
import { missingLink } from "./semantics.ts";

/** Most claims one evidence contract makes; a collection bound of spec kernel.md §2.4. */
const CLAIMS_MAX = 1_000;
const NO_LIVE_CLAIM = "does_not_claim_live_vulnerability_evidence";

/** Steps 12 to 14 of spec kernel.md §6.3: what is claimed stays within receipt and ticket. */
export function checkEvidence(evidence: ExactRecord, place: ClaimPlace): LegacyFailure | undefined {
  return (
    validateAgainst(evidence, "schemas/evidence_contract.v0.2.schema.json", "evidence_contract", "ticket_use") ??
    checkLinks(evidence, place) ??
    checkClaims(evidence, place) ??
    checkDisclaimer(evidence, place.ticket) ??
    checkReplay(evidence, place.ticket)
  );
}

function checkLinks(evidence: ExactRecord, { ticket, receipt }: ClaimPlace): LegacyFailure | undefined {
  const missing = missingLink(evidence, "execution_receipt", "evidence_contract");
  if (missing !== undefined) return missing;
  if (!describes(linkedDescriptor(evidence, "execution_receipt"), receipt))
    return refuse("evidence-receipt descriptor mismatch");
  const other = missingLink(evidence, "execution_ticket", "evidence_contract");
  if (other !== undefined) return other;
  if (!describes(linkedDescriptor(evidence, "execution_ticket"), ticket))
    return refuse("evidence-ticket descriptor mismatch");
  return undefined;
}

function checkClaims(evidence: ExactRecord, place: ClaimPlace): LegacyFailure | undefined {
  const claims = member(evidence, "claims");
  if (!isExactList(claims) || claims.length === 0 || claims.length > CLAIMS_MAX)
    return refuse("evidence_contract.claims must be a non-empty array");
  for (const [index, claim] of claims.entries()) {
    const refused = checkClaim(claim, index, place);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function checkDisclaimer(evidence: ExactRecord, ticket: ExactRecord): LegacyFailure | undefined {
  const disclaimed = member(evidence, "non_claims");
  if (ticketMode(ticket) !== "dry_run" || (isExactList(disclaimed) && disclaimed.includes(NO_LIVE_CLAIM)))
    return undefined;
  return refuse("dry-run evidence contract must disclaim live vulnerability evidence");
}

function checkReplay(evidence: ExactRecord, ticket: ExactRecord): LegacyFailure | undefined {
  if (member(member(evidence, "replay"), "live_execution_required") === false) return undefined;
  if (member(member(ticket, "spend_limits"), "network_execution_allowed") === true) return undefined;
  return refuse("evidence replay requires live execution forbidden by ticket");
}

function refuse(text: string): LegacyFailure {
  return failure("ticket_use", text);
}
