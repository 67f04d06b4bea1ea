import type { ExactRecord } from "../compat/exact-record.ts";
import { scliteDigestV01 } from "../compat/sclite-json-v01.ts";
import type { SecureBundleVerification } from "./secure-bundle.ts";

/** What a verifier found out about one aspect; `not_checked` is no pass. */
export type AspectVerdict = "pass" | "fail" | "not_checked";

/** A `verification_result` v1.1 (spec kernel.md §7.3). It claims neither who signed nor that a runtime obeyed. */
export interface VerificationResult {
  readonly profile: "guarded-strict";
  readonly security_posture: "guarded_domain_auth";
  readonly status: "pass" | "fail";
  readonly artifact_chain: AspectVerdict;
  readonly strict_lifecycle: AspectVerdict;
  readonly kernel_guard: AspectVerdict;
  readonly ticket_use: AspectVerdict | "review" | "not_applicable";
  readonly ticket_use_applicability: "applicable" | "not_applicable" | "not_checked";
  readonly replay: "not_checked";
  readonly public_identity: "not_claimed";
  readonly runtime_enforcement: "not_claimed";
  readonly entry_count: number;
  readonly checked_entries: readonly string[];
  /** SHA-256 of the manifest's `sclite-json-v0.1` text. */
  readonly bundle_digest: string;
  readonly guard_profile: "kernel_guard_hmac_v1";
  readonly guard_root_tag: string;
  readonly key_id: string;
  /** Which policy asked for this verification. */
  readonly policy: string;
  readonly verifier_version: string;
  /** What was checked, in order; at least one. */
  readonly checks: readonly string[];
}

export interface VerifierNames {
  readonly policy: string;
  readonly verifierVersion: string;
}

const CHECKS = ["kernel_guard_schema", "artifact_chain", "strict_lifecycle", "kernel_guard", "ticket_use"];

/**
 * The result document of a secure bundle that passed. A bundle that failed has no guard root worth repeating: its
 * answer is the failure. Throws `LEGACY_VALUE`.
 */
export function verificationResult(
  manifest: ExactRecord,
  verified: SecureBundleVerification,
  { policy, verifierVersion }: VerifierNames,
): VerificationResult {
  const applicable = verified.ticket_use_applicability === "applicable";
  return {
    profile: verified.secure_profile,
    security_posture: verified.security_posture,
    status: "pass",
    artifact_chain: "pass",
    strict_lifecycle: "pass",
    kernel_guard: "pass",
    ticket_use: applicable ? verified.ticket_use_status : "not_applicable",
    ticket_use_applicability: verified.ticket_use_applicability,
    replay: verified.replay_status,
    public_identity: "not_claimed",
    runtime_enforcement: "not_claimed",
    entry_count: verified.entry_count,
    checked_entries: verified.checked_entries,
    bundle_digest: scliteDigestV01(manifest),
    guard_profile: verified.guard_profile,
    guard_root_tag: verified.guard_root_tag,
    key_id: verified.key_id,
    policy,
    verifier_version: verifierVersion,
    checks: applicable ? CHECKS : CHECKS.slice(0, -1),
  };
}
