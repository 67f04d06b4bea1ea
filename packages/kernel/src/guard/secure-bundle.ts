import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import type { CheckedChain } from "../artifacts/chain.ts";
import { member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { verifyTicketUse } from "../scoped-ticket/use.ts";
import { verifyKernelGuard, type GuardedChain, type GuardVerification } from "./verify.ts";

/** How far a verification went (spec kernel.md §7.2). */
export const SECURITY_POSTURES = [
  "integrity_only",
  "strict_lifecycle",
  "guard_hmac_only",
  "guarded_domain_auth",
  "guarded-strict",
  "legacy_read_only_guard",
  "guarded_domain_auth_fresh",
  "public_signed_export",
] as const;

export interface SecureBundleVerification extends GuardVerification {
  readonly secure_profile: "guarded-strict";
  readonly security_posture: "guarded_domain_auth";
  readonly ticket_use_status: "pass" | "review";
  readonly ticket_use_applicability: "applicable" | "not_applicable";
  readonly ticket_use_detail: string;
  readonly chain_id: string;
  readonly ticket_id: string;
  readonly fail_closed: true;
}

/** What the ticket of a role map says about its use. */
export type TicketUseProfile =
  | { readonly status: "pass"; readonly applicability: "applicable"; readonly detail: string }
  | {
      readonly status: "review";
      readonly applicability: "applicable" | "not_applicable" | "incomplete";
      readonly detail: string;
    }
  | { readonly status: "fail"; readonly applicability: "applicable"; readonly detail: string };

/**
 * Verifies a whole bundle in the profile `guarded-strict`: guard, strict lifecycle that passed, ticket use in both
 * strict modes. Whatever is only reviewed while it applies is refused.
 */
export function verifySecureBundle(
  input: GuardedChain,
): { readonly ok: true; readonly result: SecureBundleVerification } | LegacyFailure {
  const guarded = verifyKernelGuard(input, { requireLifecycle: true, validateSchemas: true });
  if (!guarded.ok) return guarded;
  const { result, verified } = guarded;
  if (result.lifecycle_status !== "passed") return failure("bundle", "strict lifecycle verification did not pass");
  const artifacts = byRole(verified.chain);
  const use = ticketUseProfile(artifacts, { strict: true });
  if (use.status === "fail" || (use.status === "review" && use.applicability !== "not_applicable"))
    return failure("bundle", `ticket-use verification failed:${use.detail}`);
  return {
    ok: true,
    result: {
      ...result,
      secure_profile: "guarded-strict",
      security_posture: "guarded_domain_auth",
      ticket_use_status: use.status,
      ticket_use_applicability: use.applicability === "applicable" ? "applicable" : "not_applicable",
      ticket_use_detail: use.detail,
      chain_id: textOrEmpty(verified.chain.manifest, "chain_id"),
      ticket_id: textOrEmpty(artifacts["execution_ticket"], "ticket_id"),
      fail_closed: true,
    },
  };
}

/** The use check over a role map (spec kernel.md §6.3, last sentence). */
export function ticketUseProfile(
  artifacts: Readonly<Record<string, ExactRecord>>,
  { strict }: { readonly strict: boolean },
): TicketUseProfile {
  const {
    execution_ticket: ticket,
    execution_contract: contract,
    execution_receipt: receipt,
    evidence_contract: evidence,
    policy_decision: policy,
  } = artifacts;
  if (ticket !== undefined && member(ticket, "schema_version") !== "v0.3")
    return { status: "review", applicability: "not_applicable", detail: "the ticket is not a scoped ticket" };
  if (ticket === undefined || contract === undefined || receipt === undefined)
    return { status: "review", applicability: "incomplete", detail: "a role that ticket use needs is missing" };
  if (member(member(policy, "scope"), "target_in_scope") === false)
    return { status: "fail", applicability: "applicable", detail: "policy target_in_scope is explicitly false" };
  const used = verifyTicketUse({
    ticket,
    contract,
    receipt,
    evidence,
    strictTicketProfile: strict,
    strictEvidenceClaims: strict,
  });
  if (!used.ok) return { status: "fail", applicability: "applicable", detail: used.text };
  const { status, detail } = used.result;
  return { status: status === "passed" ? "pass" : "review", applicability: "applicable", detail };
}

function byRole(chain: CheckedChain): Readonly<Record<string, ExactRecord>> {
  return Object.fromEntries(chain.entries.map(({ role, artifact }) => [role, artifact]));
}
