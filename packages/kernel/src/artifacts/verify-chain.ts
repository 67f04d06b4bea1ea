import { isExactRecord, member } from "../compat/exact-record.ts";
import { checkWindow } from "../scoped-ticket/window.ts";
import { checkChain, type ChainInput, type CheckedChain } from "./chain.ts";
import type { ProfileRegistry } from "./profile-registry.ts";
import { failure, type LegacyFailure } from "./failure.ts";
import { LIFECYCLE_ROLES, lifecycleArtifacts, summarizeRoles, type RoleSummary } from "./lifecycle-roles.ts";
import { checkLifecycleSemantics } from "./lifecycle-semantics.ts";
import { checkScope } from "./scope-status.ts";

export interface ChainVerification {
  readonly status: "passed" | "review";
  readonly chain_status: "passed";
  readonly lifecycle_status: "passed" | "review" | "not_checked";
  readonly verification_posture: "strict_lifecycle" | "integrity_only";
  /** Roles, first to last. */
  readonly checked_entries: readonly string[];
  readonly entry_count: number;
  readonly root_chain_digest: string;
  readonly semantic_checks: readonly string[];
  readonly lifecycle_role_summary: RoleSummary;
  readonly scope_status: "operator_asserted" | "authority_artifact_bound" | "not_checked";
  readonly scope_detail: string;
  readonly scope_authority_authenticated: "not_checked";
  readonly ticket_validity_status: "passed" | "review" | "not_checked";
  readonly ticket_validity_detail: string;
  readonly canonicalization: "sclite-artifact-chain-v0.2";
  readonly hash_algorithm: "sha256";
}

/** A verified chain and the snapshot it was verified from. */
export interface VerifiedChain {
  readonly ok: true;
  readonly result: ChainVerification;
  readonly chain: CheckedChain;
}

export interface ChainOptions {
  /** Exactly the six lifecycle artifacts, bound to each other. */
  readonly requireLifecycle: boolean;
  /** Check artifacts against their schemas; true unless said. */
  readonly validateSchemas?: boolean;
  /** Profiles that manifests may have; the reference's own unless said. */
  readonly profiles?: ProfileRegistry;
}

const BINDINGS = [
  "role_order",
  "policy_binds_intent",
  "contract_binds_intent_and_policy",
  "ticket_binds_execution_contract",
  "receipt_binds_execution_ticket",
  "receipt_binds_execution_contract",
  "evidence_binds_execution_receipt",
  "evidence_binds_execution_ticket",
] as const;

/**
 * Verifies a chain manifest and its artifacts (spec kernel.md §5). The first failure wins and carries the reference's
 * text. Throws `LEGACY_VALUE` for an artifact that has no canonical form.
 */
export function verifyChain(
  { manifest, load }: Pick<ChainInput, "manifest" | "load">,
  { requireLifecycle, validateSchemas = true, profiles }: ChainOptions,
): VerifiedChain | LegacyFailure {
  const chain = checkChain({ manifest, load, validateSchemas, profiles });
  if (!chain.ok) return chain;
  return requireLifecycle ? verifyLifecycle(chain) : { ok: true, chain, result: integrityOnly(chain) };
}

function integrityOnly(chain: CheckedChain): ChainVerification {
  return {
    status: "passed",
    chain_status: "passed",
    lifecycle_status: "not_checked",
    verification_posture: "integrity_only",
    ...entryFacts(chain),
    semantic_checks: [],
    scope_status: "not_checked",
    scope_detail: "scope is not checked for integrity-only verification",
    scope_authority_authenticated: "not_checked",
    ticket_validity_status: "not_checked",
    ticket_validity_detail: "ticket validity is not checked for integrity-only verification",
  };
}

function verifyLifecycle(chain: CheckedChain): VerifiedChain | LegacyFailure {
  const found = lifecycleArtifacts(chain.entries);
  if (!found.ok) return found;
  const roles = found.artifacts;
  const refused = checkLifecycleSemantics(roles);
  if (refused !== undefined) return refused;
  const scope = checkScope(roles.policy_decision, roles.execution_contract);
  if (!scope.ok) return scope;
  if (!isExactRecord(member(roles.execution_receipt, "outcome")))
    return failure("lifecycle", "execution_receipt missing outcome object");
  const window = checkWindow(roles.execution_ticket, roles.execution_receipt);
  if (!window.ok) return window;
  const status = scope.status !== "not_checked" && window.status === "passed" ? "passed" : "review";
  const result: ChainVerification = {
    status,
    chain_status: "passed",
    lifecycle_status: status,
    verification_posture: "strict_lifecycle",
    ...entryFacts(chain),
    semantic_checks: [
      ...LIFECYCLE_ROLES.map((role) => `${role}_schema_identity`),
      ...BINDINGS,
      ...(scope.status === "operator_asserted" ? ["target_in_scope_legacy_assertion"] : []),
      ...(scope.status === "authority_artifact_bound" ? ["scope_authority_artifact_binding"] : []),
      ...(window.status === "passed" ? ["receipt_within_ticket_validity"] : []),
    ],
    scope_status: scope.status,
    scope_detail: scope.detail,
    scope_authority_authenticated: "not_checked",
    ticket_validity_status: window.status,
    ticket_validity_detail: window.detail,
  };
  return { ok: true, chain, result };
}

function entryFacts({
  entries,
  rootChainDigest,
}: CheckedChain): Pick<
  ChainVerification,
  | "checked_entries"
  | "entry_count"
  | "root_chain_digest"
  | "lifecycle_role_summary"
  | "canonicalization"
  | "hash_algorithm"
> {
  const roles = entries.map(({ role }) => role);
  return {
    checked_entries: roles,
    entry_count: entries.length,
    root_chain_digest: rootChainDigest,
    lifecycle_role_summary: summarizeRoles(roles),
    canonicalization: "sclite-artifact-chain-v0.2",
    hash_algorithm: "sha256",
  };
}
