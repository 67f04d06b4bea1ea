import { isExactRecord, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import type { ExactJson } from "@writ/canon";
import { flagField, writtenText, writtenTexts } from "../control/record-fields.ts";
import { TRUSTED_STATUSES, UNSIGNED_MODES } from "./signature.ts";

export interface TrustTransition {
  readonly status: "allowed" | "blocked";
  readonly reason_code: "ok" | "signature_required" | "trust_denied";
  readonly blockers: readonly string[];
  readonly next_actions: readonly string[];
  /** What the verifier said; nothing where it was not asked, or that nothing had to be verified. */
  readonly trust_decision: ExactRecord;
}

export interface SignedDescriptor {
  readonly digest: string;
  readonly signature: ExactJson;
  readonly verification: ExactJson;
  readonly policy: ExactRecord;
  /** Unless said: those that `TRUSTED_STATUSES` names. */
  readonly allowedTrustStatuses?: readonly string[] | undefined;
}

/**
 * From unsigned to trusted as an imported policy has it (spec kernel.md §19.3). The product itself takes nothing
 * unsigned for consumable, whatever this says (§27 no. 3). Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function trustTransition(given: SignedDescriptor): TrustTransition {
  const facts = factsOf(given);
  const found = RULES.filter(([, , blocks]) => blocks(facts));
  const blockers = found.map(([blocker]) => blocker);
  const said = isExactRecord(given.verification) ? given.verification : undefined;
  if (blockers.length === 0) {
    const trust_decision = said ?? { status: "not_required" };
    return { status: "allowed", reason_code: "ok", blockers, next_actions: [], trust_decision };
  }
  return {
    status: "blocked",
    reason_code: blockers.includes("signature_required") ? "signature_required" : "trust_denied",
    blockers,
    next_actions: [...new Set(found.map(([, action]) => action))],
    trust_decision: said ?? {},
  };
}

interface Facts {
  readonly modeAllowed: boolean;
  readonly required: boolean;
  readonly signed: boolean;
  readonly signerAllowed: boolean;
  readonly binds: string;
  readonly digest: string;
  readonly verified: boolean;
  readonly passed: boolean;
  readonly trustAllowed: boolean;
}

const RULES: readonly (readonly [string, string, (facts: Facts) => boolean])[] = [
  ["signature_mode_not_allowed", "use_allowed_signature_mode", ({ modeAllowed }) => !modeAllowed],
  ["signature_required", "obtain_signature", ({ required, signed }) => required && !signed],
  ["signer_not_allowed", "obtain_signature_from_allowed_signer", ({ signerAllowed }) => !signerAllowed],
  ["signature_digest_mismatch", "resign_current_descriptor", ({ binds, digest }) => binds !== "" && binds !== digest],
  [
    "signature_missing_digest_binding",
    "bind_signature_to_descriptor_digest",
    ({ required, signed, binds }) => required && signed && binds === "",
  ],
  [
    "trust_decision_required",
    "verify_signature_trust",
    ({ required, signed, verified }) => required && signed && !verified,
  ],
  ["verification_status_not_passed", "obtain_valid_trust_decision", ({ verified, passed }) => verified && !passed],
  [
    "trust_status_not_allowed",
    "obtain_valid_trust_decision",
    ({ verified, trustAllowed }) => verified && !trustAllowed,
  ],
];

function factsOf(given: SignedDescriptor): Facts {
  const { digest, signature, verification, policy, allowedTrustStatuses = TRUSTED_STATUSES } = given;
  const envelope = isExactRecord(signature) ? signature : {};
  const result = isExactRecord(verification) ? verification : undefined;
  const mode = writtenText(envelope, "mode", UNSIGNED_MODES[0]);
  const signers = writtenTexts(policy, "required_signer_ids", "invalid_signing_sequence");
  const modes =
    memberOrNull(policy, "allowed_modes") === null
      ? [...UNSIGNED_MODES, "detached_signature"]
      : writtenTexts(policy, "allowed_modes", "invalid_signing_sequence");
  return {
    digest,
    modeAllowed: modes.includes(mode),
    required: flagField(policy, "require_signature", false),
    signed:
      !UNSIGNED_MODES.some((unsigned) => unsigned === mode) && writtenText(envelope, ["signature", "value"]) !== "",
    signerAllowed: signers.length === 0 || signers.includes(writtenText(envelope, ["signer_id", "identity"])),
    binds: writtenText(envelope, ["binds_digest", "artifact_digest", "chain_digest"]),
    verified: result !== undefined,
    passed: result !== undefined && ["passed", "ok"].includes(writtenText(result, "status")),
    trustAllowed: result !== undefined && allowedTrustStatuses.includes(writtenText(result, "trust_status", "unknown")),
  };
}
