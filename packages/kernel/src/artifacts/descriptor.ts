import { type ExactJson, JsonFraction, sha256Hex } from "@writ/canon";
import { member, sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { scliteTextV01 } from "../compat/sclite-json-v01.ts";

/** What names an artifact exactly (spec kernel.md §4.1). */
export interface ArtifactDescriptor {
  readonly artifact_type: string;
  readonly schema_version: string;
  readonly schema_ref: string;
  readonly canonicalization: "sclite-json-v0.1";
  readonly algorithm: "sha256";
  /** SHA-256 of the canonical text, 64 lower-case hex digits. */
  readonly digest: string;
  /** Length of the canonical text in UTF-8 bytes. */
  readonly canonical_bytes: number;
}

/** A descriptor under `links.<name>` of another artifact. */
export interface ArtifactLink {
  readonly role: string;
  readonly descriptor: ArtifactDescriptor;
}

/** Describes an artifact. `schema_version` may stand as `spec_version` or `version`, `schema_ref` as `schema`. Throws `LEGACY_VALUE`. */
export function describeArtifact(artifact: ExactRecord): ArtifactDescriptor {
  const text = scliteTextV01(artifact);
  return {
    artifact_type: firstText(artifact, "artifact_type"),
    schema_version: firstText(artifact, "schema_version", "spec_version", "version"),
    schema_ref: firstText(artifact, "schema_ref", "schema"),
    canonicalization: "sclite-json-v0.1",
    algorithm: "sha256",
    digest: sha256Hex(text),
    canonical_bytes: new TextEncoder().encode(text).length,
  };
}

/** A link to an artifact; the role is its type unless said. */
export function linkArtifact(artifact: ExactRecord, role?: string): ArtifactLink {
  const descriptor = describeArtifact(artifact);
  return { role: role ?? descriptor.artifact_type, descriptor };
}

/** Whether a stored descriptor is the artifact's own, whole: no field missing, added or different. */
export function describes(stored: ExactJson | undefined, artifact: ExactRecord): boolean {
  return stored !== undefined && sameExact(stored, { ...describeArtifact(artifact) });
}

/** The descriptor under `links.<name>`. */
export function linkedDescriptor(artifact: ExactRecord, name: string): ExactJson | undefined {
  return member(member(member(artifact, "links"), name), "descriptor");
}

/** The first of the names that holds something, as the reference writes it as text; lists and maps name nothing. */
function firstText(artifact: ExactRecord, ...names: readonly string[]): string {
  return names.map((name) => scalarText(member(artifact, name))).find((text) => text !== "") ?? "";
}

function scalarText(value: ExactJson | undefined): string {
  if (typeof value === "string") return value;
  if (value === true) return "True";
  if (value instanceof JsonFraction) return value.value === 0 ? "" : scliteTextV01(value);
  const number = typeof value === "number" || typeof value === "bigint";
  return number && value !== 0 ? String(value) : "";
}
