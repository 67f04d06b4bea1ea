import { failure, type LegacyFailure } from "../artifacts/failure.ts";
import {
  isExactList,
  isExactRecord,
  member,
  memberOrNull,
  sameExact,
  textOrEmpty,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { checkDescriptors, guardedEntries } from "./build.ts";
import {
  entryTranscript,
  GUARD_PROFILE,
  guardTag,
  manifestMetadataDigest,
  rootTranscript,
  type GuardContext,
} from "./transcript.ts";

export interface GuardedManifest {
  readonly manifest: ExactRecord;
  readonly guard: ExactRecord;
  readonly key: Uint8Array;
}

/** Profile, algorithm and key id of a guard document. */
export function checkGuardHeader(guard: ExactRecord): LegacyFailure | undefined {
  if (member(guard, "profile") !== GUARD_PROFILE) return refuse("profile mismatch");
  if (member(guard, "algorithm") !== "hmac-sha256") return refuse("algorithm mismatch");
  // The reference reads what is no text as one (§27 no. 12).
  return textOrEmpty(guard, "key_id") === "" ? refuse("missing key_id", 12) : undefined;
}

/** Every tag of a guard, after the chain itself was verified (spec kernel.md §7.1). */
export function checkGuardTags({ manifest, guard, key }: GuardedManifest): LegacyFailure | undefined {
  const entries = guardedEntries(manifest);
  if ("ok" in entries) return entries;
  const guards = member(guard, "entry_guards");
  if (!isExactList(guards) || !guards.every(isExactRecord)) return refuse("entry_guards is not an array of objects");
  const count = entries.length;
  // A guard of nothing is none.
  if (count === 0 || guards.length !== count || member(guard, "entry_count") !== count)
    return refuse("entry_count mismatch");
  const context = {
    chainId: textOrEmpty(manifest, "chain_id"),
    keyId: textOrEmpty(guard, "key_id"),
    entryCount: count,
  };
  return (
    checkRootFields(manifest, guard) ??
    checkEntries(entries, guards, { context, key }) ??
    checkRootTags(manifest, guard, { context, key, guards })
  );
}

function checkRootFields(manifest: ExactRecord, guard: ExactRecord): LegacyFailure | undefined {
  const expected: ExactRecord = {
    chain_id: member(manifest, "chain_id") ?? "",
    root_chain_digest: member(manifest, "root_chain_digest") ?? "",
    manifest_metadata_digest: manifestMetadataDigest(manifest),
  };
  const different = differentField(expected, guard);
  return different === undefined ? undefined : refuse(`root ${different} mismatch`);
}

interface Keyed {
  readonly context: GuardContext;
  readonly key: Uint8Array;
}

function checkEntries(
  entries: readonly ExactRecord[],
  guards: readonly ExactRecord[],
  { context, key }: Keyed,
): LegacyFailure | undefined {
  let previousTag = "";
  for (const [seq, entry] of entries.entries()) {
    const undescribed = checkDescriptors([entry]);
    if (undescribed !== undefined) return undescribed;
    const stored = guards[seq] ?? {};
    const place = { seq, previousTag, nonce: textOrEmpty(stored, "nonce") };
    const transcript = entryTranscript(entry, context, place);
    const different = differentField(transcript, stored);
    if (different !== undefined) return refuse(`entry[${String(seq)}] ${different} mismatch`);
    const tag = guardTag(key, transcript);
    if (!sameTag(member(stored, "tag"), tag)) return refuse(`entry[${String(seq)}] tag mismatch`);
    previousTag = tag;
  }
  return undefined;
}

function checkRootTags(
  manifest: ExactRecord,
  guard: ExactRecord,
  { context, key, guards }: Keyed & { readonly guards: readonly ExactRecord[] },
): LegacyFailure | undefined {
  const firstTag = textOrEmpty(guards[0], "tag");
  const lastTag = textOrEmpty(guards.at(-1), "tag");
  if (!sameTag(member(guard, "first_tag"), firstTag)) return refuse("root first_tag mismatch");
  if (!sameTag(member(guard, "last_tag"), lastTag)) return refuse("root last_tag mismatch");
  const expected = guardTag(key, rootTranscript(manifest, context, { firstTag, lastTag }));
  return sameTag(member(guard, "root_tag"), expected) ? undefined : refuse("root_tag mismatch");
}

function differentField(expected: ExactRecord, stored: ExactRecord): string | undefined {
  return Object.keys(expected).find((name) => !sameExact(memberOrNull(expected, name), memberOrNull(stored, name)));
}

/** In a time that does not depend on where two tags differ: all have 64 digits. */
function sameTag(stored: unknown, expected: string): boolean {
  if (typeof stored !== "string" || stored.length !== expected.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index++)
    difference |= stored.charCodeAt(index) ^ expected.charCodeAt(index);
  return difference === 0;
}

function refuse(text: string, rule?: number): LegacyFailure {
  return failure("guard", `kernel guard ${text}`, rule);
}
