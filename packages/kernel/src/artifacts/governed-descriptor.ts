import type { ExactJson } from "@writ/canon";
import { memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { mapField, recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import type { ArtifactDescriptor } from "./descriptor.ts";

/** An artifact as the kernel's own records name it (spec kernel.md §4.1). */
export interface GovernedDescriptor {
  readonly artifact_type: string;
  readonly schema_version: string;
  readonly digest: string;
  readonly role: string;
  readonly path: string;
  readonly metadata: ExactRecord;
}

/** An artifact with what names it and where it came from. */
export interface ArtifactEnvelope {
  readonly descriptor: GovernedDescriptor;
  readonly artifact: ExactRecord;
  readonly source: string;
}

/** Reads a descriptor; `version` and `sha256` are read for two of its fields. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseGovernedDescriptor(value: ExactJson): GovernedDescriptor {
  const record = recordOf(value, "invalid_artifact_descriptor");
  return {
    artifact_type: requiredText(record, "artifact_type", "missing_artifact_type"),
    schema_version: requiredText(record, ["schema_version", "version"], "missing_schema_version"),
    digest: requiredText(record, ["digest", "sha256"], "missing_artifact_digest"),
    role: textField(record, "role"),
    path: textField(record, "path"),
    metadata: mapField(record, "metadata", "invalid_artifact_metadata"),
  };
}

/** Reads an envelope. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseArtifactEnvelope(value: ExactJson): ArtifactEnvelope {
  const record = recordOf(value, "invalid_artifact_envelope");
  const descriptor = memberOrNull(record, "descriptor");
  if (descriptor === null) throw recordRefusal("missing_artifact_descriptor");
  return {
    descriptor: parseGovernedDescriptor(descriptor),
    artifact: mapField(record, "artifact", "invalid_artifact"),
    source: textField(record, "source"),
  };
}

/** The library's descriptor as the kernel's: what the kernel has no field for is metadata (spec kernel.md §25). */
export function governedDescriptor(
  library: ArtifactDescriptor,
  place: { readonly role?: string; readonly path?: string } = {},
): GovernedDescriptor {
  const { artifact_type, schema_version, digest, schema_ref, canonicalization, algorithm, canonical_bytes } = library;
  return {
    artifact_type,
    schema_version,
    digest,
    role: place.role ?? "",
    path: place.path ?? "",
    metadata: { schema_ref, canonicalization, algorithm, canonical_bytes },
  };
}
