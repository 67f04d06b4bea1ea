import { VERSIONED_NAME } from "../profile-registry.ts";
import type { Schema } from "../schema.ts";
import { hexDigest, identity, integer, map, nonEmpty, oneOf } from "./forms.ts";

/** Schemas of what points outside: trust and carrier profiles, inventories of public files (spec kernel.md §4.4). */

/** `namespace/name@vN`, so that a profile is named by whoever owns it and never by a list that ships (§27 no. 25). */
const versioned: Schema = { type: "string", pattern: VERSIONED_NAME };

const TRUST = [
  "none",
  "digest_only",
  "local_ed25519_ref",
  "dsse_envelope_ref",
  "sigstore_bundle_ref",
  "external_verifier",
] as const;
const CARRIERS = [
  "local_file_bundle",
  "ci_artifact_bundle",
  "github_artifact",
  "govengine_bundle",
  "ravenclaw_review_bundle",
  "tecrax_review_bundle",
  "openclaw_carrier_payload",
  "mcp_message_ref",
  "a2a_message_ref",
] as const;

export const trustProfileV01: Schema = profile("trust_profile_ref", "v0.1", oneOf(...TRUST));
export const trustProfileV02: Schema = profile("trust_profile_ref", "v0.2", versioned);
export const carrierProfileV01: Schema = profile("carrier_profile_ref", "v0.1", oneOf(...CARRIERS));
export const carrierProfileV02: Schema = profile("carrier_profile_ref", "v0.2", versioned);

/** Most files of one inventory (spec kernel.md §2.4). */
const INVENTORY_MAX = 1_024;

const files: Schema = {
  type: "array",
  minItems: 1,
  maxItems: INVENTORY_MAX,
  // Relative, with forward slashes, and no part that climbs or stays.
  items: map(
    {
      path: { type: "string", minLength: 1, pattern: "^(?!/)(?!(.*/)?\\.{0,2}(/|$))[^\\\\:\\u0000]+$" },
      sha256: hexDigest,
    },
    { bytes: integer(0) },
  ),
};

export const surfaceIndexV01: Schema = inventory("public_validation_surface_index", "v0.1");
export const surfaceIndexV02: Schema = inventory("public_validation_surface_index", "v0.2");
export const snapshotManifestV01: Schema = inventory("public_snapshot_manifest", "v0.1");
export const snapshotManifestV02: Schema = inventory("public_snapshot_manifest", "v0.2");

function profile(type: string, version: string, names: Schema): Schema {
  return map({ ...identity(type, version), profile: names });
}

function inventory(type: string, version: string): Schema {
  return map({ ...identity(type, version), generated_at: nonEmpty, files });
}
