import type { ExactJson } from "@writ/canon";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { validateAgainst } from "../artifacts/validate.ts";
import {
  verifyChain,
  type ChainOptions,
  type ChainVerification,
  type VerifiedChain,
} from "../artifacts/verify-chain.ts";
import { isExactRecord, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { checkGuardKey } from "./build.ts";
import { checkGuardHeader, checkGuardTags } from "./tags.ts";

export interface GuardedChain {
  readonly manifest: ExactJson;
  readonly guard: ExactJson;
  /** At least 32 bytes. */
  readonly key: Uint8Array;
  /** See `verifyChain`. */
  readonly load: (path: string) => ExactJson | undefined;
}

export interface GuardVerification extends Pick<
  ChainVerification,
  "status" | "checked_entries" | "entry_count" | "root_chain_digest" | "chain_status" | "lifecycle_status"
> {
  readonly guard_profile: "kernel_guard_hmac_v1";
  readonly guard_status: "passed";
  readonly guard_root_tag: string;
  readonly key_id: string;
  /** Only the log knows whether a root was used before. */
  readonly replay_status: "not_checked";
}

export interface VerifiedGuard {
  readonly ok: true;
  readonly result: GuardVerification;
  readonly verified: VerifiedChain;
}

/**
 * Checks a legacy HMAC guard and the chain under it, for imports only: who holds the key can forge it (spec kernel.md
 * §7.1 and §27 no. 2). The chain is verified first, so a changed artifact fails before any tag is compared.
 */
export function verifyKernelGuard(input: GuardedChain, options: ChainOptions): VerifiedGuard | LegacyFailure {
  const { manifest, guard, key, load } = input;
  const refused = checkGuardDocument(guard) ?? checkGuardKey(key);
  if (refused !== undefined) return refused;
  const verified = verifyChain({ manifest, load }, options);
  if (!verified.ok) return verified;
  const sidecar: ExactRecord = isExactRecord(guard) ? guard : {};
  const broken = checkGuardTags({ manifest: verified.chain.manifest, guard: sidecar, key });
  if (broken !== undefined) return broken;
  const { status, checked_entries, entry_count, root_chain_digest, chain_status, lifecycle_status } = verified.result;
  const result: GuardVerification = {
    status,
    checked_entries,
    entry_count,
    root_chain_digest,
    chain_status,
    lifecycle_status,
    guard_profile: "kernel_guard_hmac_v1",
    guard_status: "passed",
    guard_root_tag: textOrEmpty(sidecar, "root_tag"),
    key_id: textOrEmpty(sidecar, "key_id"),
    replay_status: "not_checked",
  };
  return { ok: true, result, verified };
}

/** The sidecar by itself: schema, profile, algorithm, key id. */
export function checkGuardDocument(guard: ExactJson): LegacyFailure | undefined {
  const refused = validateAgainst(guard, "schemas/kernel_guard_hmac_v1.schema.json", "kernel guard");
  if (refused !== undefined) return refused;
  return isExactRecord(guard) ? checkGuardHeader(guard) : failure("guard", "kernel guard is not an object");
}
