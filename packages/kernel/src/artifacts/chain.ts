import type { ExactJson } from "@writ/canon";
import {
  isExactList,
  isExactRecord,
  member,
  memberOrNull,
  sameExact,
  textMember,
  textOrEmpty,
  type ExactRecord,
} from "../compat/exact-record.ts";
import { pathUnderRoot } from "./bundle-path.ts";
import { describes } from "./descriptor.ts";
import { failure, type LegacyFailure } from "./failure.ts";
import { chainDigest } from "./manifest.ts";
import { profileRegistry, type ProfileRegistry } from "./profile-registry.ts";
import { MANIFEST_ENTRIES_MAX } from "./schemas/chain.ts";
import { validateAgainst, validateArtifact } from "./validate.ts";

/** An entry and the artifact it was checked against; later layers use this snapshot and read nothing again. */
export interface CheckedEntry {
  readonly role: string;
  readonly path: string;
  readonly descriptor: ExactRecord;
  readonly artifact: ExactRecord;
  readonly entry: ExactRecord;
}

export interface CheckedChain {
  readonly ok: true;
  readonly manifest: ExactRecord;
  readonly entries: readonly CheckedEntry[];
  readonly rootChainDigest: string;
}

export interface ChainInput {
  readonly manifest: ExactJson;
  /** The artifact at a path under the root, read once and exactly (`parseJsonExact`); undefined when there is none. */
  readonly load: (path: string) => ExactJson | undefined;
  /** Check each artifact against its own schema. */
  readonly validateSchemas: boolean;
  /** The reference's own profiles unless said. */
  readonly profiles?: ProfileRegistry | undefined;
}

/** Steps 1 to 6 of spec kernel.md §5: the manifest, each entry against its artifact, the root. First failure wins. */
export function checkChain({ manifest, load, validateSchemas, profiles }: ChainInput): CheckedChain | LegacyFailure {
  const refused = checkManifest(manifest, profiles);
  if (refused !== undefined) return refused;
  const listed = member(manifest, "entries");
  if (!isExactRecord(manifest) || !isExactList(listed)) return failure("chain", "manifest.entries is not an array");
  const entries: CheckedEntry[] = [];
  let previous = "";
  for (const [index, entry] of listed.entries()) {
    const checked = checkEntry(entry, { index, previous, load, validateSchemas });
    if (!("artifact" in checked)) return checked;
    entries.push(checked);
    previous = textOrEmpty(entry, "chain_digest");
  }
  if (member(manifest, "root_chain_digest") !== previous) return failure("chain", "root_chain_digest mismatch");
  return { ok: true, manifest, entries, rootChainDigest: previous };
}

/** Steps 1 to 4: schema, profile, signature policy, number of entries. */
export function checkManifest(
  manifest: ExactJson,
  profiles: ProfileRegistry = profileRegistry(),
): LegacyFailure | undefined {
  const refused = validateAgainst(manifest, "schemas/artifact_chain_manifest.v0.2.schema.json", "manifest");
  if (refused !== undefined) return refused;
  const profile = textMember(manifest, "profile");
  if (profile === undefined || !profiles.has(profile))
    return failure("chain", `unsupported manifest profile: ${profile === "" ? "missing" : (profile ?? "missing")}`);
  const policy = member(manifest, "signature_policy");
  if (member(policy, "mode") !== "integrity_only")
    return failure("chain", "unsupported manifest signature_policy.mode");
  if (member(policy, "identity_signature_required") !== false)
    return failure("chain", "unsupported manifest signature_policy.identity_signature_required");
  const entries = member(manifest, "entries");
  if (!isExactList(entries)) return failure("chain", "manifest.entries is not an array");
  if (entries.length > MANIFEST_ENTRIES_MAX)
    return failure("chain", `manifest entry count exceeds max_manifest_entries=${String(MANIFEST_ENTRIES_MAX)}`);
  return undefined;
}

interface EntryPlace {
  readonly index: number;
  readonly previous: string;
  readonly load: ChainInput["load"];
  readonly validateSchemas: boolean;
}

/** Step 5. */
function checkEntry(entry: ExactJson, at: EntryPlace): CheckedEntry | LegacyFailure {
  const label = `entry[${String(at.index)}]`;
  if (!isExactRecord(entry)) return failure("chain", `${label} is not an object`);
  const path = textOrEmpty(entry, "path");
  if (path === "") return failure("chain", `${label} has empty path`);
  const place = pathUnderRoot(path);
  if (place === undefined) return failure("chain", `${label} path escapes root: ${path}`);
  const artifact = at.load(place);
  if (!isExactRecord(artifact)) return failure("chain", `${label} artifact is missing or not an object: ${path}`);
  const refused = at.validateSchemas ? validateArtifact(artifact, label) : undefined;
  if (refused !== undefined) return refused;
  const descriptor = member(entry, "descriptor");
  if (!isExactRecord(descriptor) || !describes(descriptor, artifact))
    return failure("chain", `${label} descriptor mismatch for ${path}`);
  const role = textOrEmpty(entry, "role");
  return (
    checkLink(entry, { label, previous: at.previous, role, descriptor }) ?? { role, path, descriptor, artifact, entry }
  );
}

interface LinkPlace {
  readonly label: string;
  readonly previous: string;
  readonly role: string;
  readonly descriptor: ExactRecord;
}

/** Whether the entry continues the chain: its predecessor's digest and its own. */
export function checkLink(entry: ExactRecord, at: LinkPlace): LegacyFailure | undefined {
  if (!sameExact(memberOrNull(entry, "previous_chain_digest"), at.previous))
    return failure("chain", `${at.label} previous_chain_digest mismatch`);
  const digest = chainDigest({
    previousChainDigest: at.previous,
    role: at.role,
    descriptor: {
      digest: textOrEmpty(at.descriptor, "digest"),
      artifact_type: textOrEmpty(at.descriptor, "artifact_type"),
      canonicalization: textOrEmpty(at.descriptor, "canonicalization"),
      algorithm: textOrEmpty(at.descriptor, "algorithm"),
    },
  });
  return member(entry, "chain_digest") === digest ? undefined : failure("chain", `${at.label} chain_digest mismatch`);
}
