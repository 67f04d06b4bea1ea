import { hmacSha256, toHex, type ExactJson } from "@writ/canon";
import { member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { scliteDigestV01, scliteTextV01 } from "../compat/sclite-json-v01.ts";

/** The legacy guard's profile; its entry and root transcripts add `.entry` and `.root`. */
export const GUARD_PROFILE = "kernel_guard_hmac_v1";

/** What the tags of one guard share. */
export interface GuardContext {
  readonly chainId: string;
  readonly keyId: string;
  readonly entryCount: number;
}

export interface EntryPlace {
  /** 0 <= seq < entry_count */
  readonly seq: number;
  /** The empty text before the first entry. */
  readonly previousTag: string;
  readonly nonce: string;
}

/** What the tag of one manifest entry covers (spec kernel.md §7.1). */
export function entryTranscript(entry: ExactRecord, context: GuardContext, place: EntryPlace): ExactRecord {
  const descriptor = member(entry, "descriptor");
  return {
    profile: `${GUARD_PROFILE}.entry`,
    chain_id: context.chainId,
    seq: place.seq,
    entry_count: context.entryCount,
    role: said(entry, "role"),
    path: said(entry, "path"),
    required: member(entry, "required") === true,
    artifact_digest: said(descriptor, "digest"),
    artifact_type: said(descriptor, "artifact_type"),
    schema_ref: said(descriptor, "schema_ref"),
    schema_version: said(descriptor, "schema_version"),
    canonicalization: said(descriptor, "canonicalization"),
    algorithm: said(descriptor, "algorithm"),
    previous_tag: place.previousTag,
    nonce: place.nonce,
    key_id: context.keyId,
  };
}

/** What is not there is covered as the empty text. */
function said(of: ExactJson | undefined, name: string): ExactJson {
  return member(of, name) ?? "";
}

export interface RootFacts {
  readonly firstTag: string;
  readonly lastTag: string;
}

/** What the root tag covers: both ends of the tag chain, the chain's root and the manifest's metadata. */
export function rootTranscript(
  manifest: ExactRecord,
  context: GuardContext,
  { firstTag, lastTag }: RootFacts,
): ExactRecord {
  return {
    profile: `${GUARD_PROFILE}.root`,
    chain_id: context.chainId,
    entry_count: context.entryCount,
    first_tag: firstTag,
    last_tag: lastTag,
    root_chain_digest: textOrEmpty(manifest, "root_chain_digest"),
    manifest_metadata_digest: manifestMetadataDigest(manifest),
    key_id: context.keyId,
  };
}

/** SHA-256 of the manifest without what the chain and the guard already cover. */
export function manifestMetadataDigest(manifest: ExactRecord): string {
  const covered = ["entries", "root_chain_digest", "kernel_guard"];
  return scliteDigestV01(Object.fromEntries(Object.entries(manifest).filter(([key]) => !covered.includes(key))));
}

/** HMAC-SHA-256 of a transcript's `sclite-json-v0.1` text, 64 lower-case hex digits. */
export function guardTag(key: Uint8Array, transcript: ExactJson): string {
  return toHex(hmacSha256(key, scliteTextV01(transcript)));
}
