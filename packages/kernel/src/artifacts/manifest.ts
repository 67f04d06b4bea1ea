import type { ExactJson } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { scliteDigestV01 } from "../compat/sclite-json-v01.ts";
import { describeArtifact, type ArtifactDescriptor } from "./descriptor.ts";

/** What one step of the chain binds besides the step before it. */
export interface ChainStep {
  readonly previousChainDigest: string;
  readonly role: string;
  readonly descriptor: Pick<ArtifactDescriptor, "digest" | "artifact_type"> & {
    readonly canonicalization: string;
    readonly algorithm: string;
  };
}

export interface ManifestEntry {
  readonly role: string;
  readonly path: string;
  readonly required: boolean;
  readonly descriptor: ArtifactDescriptor;
  /** The empty text before the first entry. */
  readonly previous_chain_digest: string;
  readonly chain_digest: string;
}

/** An `artifact_chain_manifest` v0.2 (spec kernel.md §4.3). */
export interface ChainManifest {
  readonly artifact_type: "artifact_chain_manifest";
  readonly schema_version: "v0.2";
  readonly schema_ref: "schemas/artifact_chain_manifest.v0.2.schema.json";
  readonly chain_id: string;
  readonly created_at: string;
  readonly profile: string;
  readonly canonicalization: "sclite-artifact-chain-v0.2";
  readonly hash_algorithm: "sha256";
  readonly signature_policy: {
    readonly mode: "integrity_only";
    readonly identity_signature_required: false;
    readonly note: string;
  };
  readonly entries: readonly ManifestEntry[];
  /** The last chain digest. */
  readonly root_chain_digest: string;
}

/** Artifacts of a chain, first to last. */
export interface ChainMember {
  readonly path: string;
  readonly artifact: ExactRecord;
  /** The artifact's type unless said. */
  readonly role?: string;
  /** True unless said. */
  readonly required?: boolean;
}

/** What a manifest says about itself; each has the reference's default. */
export interface ManifestNames {
  readonly chainId?: string;
  readonly createdAt?: string;
  readonly profile?: string;
}

/** SHA-256 that binds an entry to all before it; 64 lower-case hex digits. */
export function chainDigest({ previousChainDigest, role, descriptor }: ChainStep): string {
  const { digest, artifact_type, canonicalization, algorithm } = descriptor;
  const step: ExactJson = {
    previous_chain_digest: previousChainDigest,
    role,
    artifact_digest: digest,
    artifact_type,
    canonicalization,
    algorithm,
  };
  return scliteDigestV01(step);
}

/** Builds the manifest of a chain. Throws `LEGACY_VALUE` for an artifact without a digest. */
export function buildChainManifest(members: readonly ChainMember[], names: ManifestNames = {}): ChainManifest {
  const entries: ManifestEntry[] = [];
  let previous = "";
  for (const { path, artifact, role, required = true } of members) {
    const descriptor = describeArtifact(artifact);
    const step = { previousChainDigest: previous, role: role ?? descriptor.artifact_type, descriptor };
    const digest = chainDigest(step);
    entries.push({
      role: step.role,
      path,
      required,
      descriptor,
      previous_chain_digest: previous,
      chain_digest: digest,
    });
    previous = digest;
  }
  return {
    artifact_type: "artifact_chain_manifest",
    schema_version: "v0.2",
    schema_ref: "schemas/artifact_chain_manifest.v0.2.schema.json",
    chain_id: names.chainId ?? "sclite-v0.2-lifecycle-chain",
    created_at: names.createdAt ?? "1970-01-01T00:00:00+00:00",
    profile: names.profile ?? "sclite-v0.2-integrity-only",
    canonicalization: "sclite-artifact-chain-v0.2",
    hash_algorithm: "sha256",
    signature_policy: {
      mode: "integrity_only",
      identity_signature_required: false,
      note: "v0.2 core verifies tamper-evident artifact binding; signer identity is an optional runtime/profile concern.",
    },
    entries,
    root_chain_digest: previous,
  };
}
