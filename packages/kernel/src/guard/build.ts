import { checkManifest } from "../artifacts/chain.ts";
import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import { isExactList, isExactRecord, member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { GUARD_PROFILE, entryTranscript, guardTag, rootTranscript } from "./transcript.ts";

/** Shortest key in bytes (spec kernel.md §7.1). */
export const GUARD_KEY_BYTES_MIN = 32;

export interface GuardSecret {
  readonly key: Uint8Array;
  readonly keyId: string;
  /** One for each manifest entry. */
  readonly nonces: readonly string[];
}

/**
 * Builds a legacy guard, so that what the verifier accepts can be played back. Whoever can verify an HMAC can forge it:
 * the product signs roots with keys of its own and never issues one of these (spec kernel.md §27 no. 2).
 */
export function buildKernelGuard(
  manifest: ExactRecord,
  { key, keyId, nonces }: GuardSecret,
): { readonly ok: true; readonly guard: ExactRecord } | LegacyFailure {
  const refused = checkGuardKey(key) ?? checkManifest(manifest);
  if (refused !== undefined) return refused;
  const entries = guardedEntries(manifest);
  if ("ok" in entries) return entries;
  if (nonces.length !== entries.length) return failure("guard", "nonce count must match manifest entry count");
  const undescribed = checkDescriptors(entries);
  if (undescribed !== undefined) return undescribed;
  // The reference builds a guard that nothing can verify (§27 no. 12).
  if (keyId === "") return failure("guard", "kernel guard missing key_id", 12);
  const context = { chainId: textOrEmpty(manifest, "chain_id"), keyId, entryCount: entries.length };
  const guards: ExactRecord[] = [];
  let lastTag = "";
  for (const [seq, entry] of entries.entries()) {
    const transcript = entryTranscript(entry, context, { seq, previousTag: lastTag, nonce: nonces[seq] ?? "" });
    lastTag = guardTag(key, transcript);
    guards.push({ ...transcript, tag: lastTag });
  }
  const root = rootTranscript(manifest, context, { firstTag: textOrEmpty(guards[0], "tag"), lastTag });
  const guard: ExactRecord = {
    artifact_type: "kernel_guard_manifest",
    schema_version: "v0.1",
    schema_ref: "schemas/kernel_guard_hmac_v1.schema.json",
    ...root,
    profile: GUARD_PROFILE,
    algorithm: "hmac-sha256",
    entry_guards: guards,
    root_tag: guardTag(key, root),
  };
  return { ok: true, guard };
}

export function checkGuardKey(key: Uint8Array): LegacyFailure | undefined {
  if (key.length >= GUARD_KEY_BYTES_MIN) return undefined;
  return failure("guard", `kernel guard key must be at least ${String(GUARD_KEY_BYTES_MIN)} bytes`);
}

/** The manifest's entries as maps. */
export function guardedEntries(manifest: ExactRecord): readonly ExactRecord[] | LegacyFailure {
  const entries = member(manifest, "entries");
  return isExactList(entries) && entries.every(isExactRecord)
    ? entries
    : failure("guard", "manifest.entries is not an array of objects");
}

export function checkDescriptors(entries: readonly ExactRecord[]): LegacyFailure | undefined {
  if (entries.every((entry) => isExactRecord(member(entry, "descriptor")))) return undefined;
  return failure("guard", "manifest entry missing descriptor");
}
