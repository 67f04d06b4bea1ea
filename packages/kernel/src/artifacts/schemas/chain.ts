import type { Schema } from "../schema.ts";
import { artifact, bool, closed, hexDigest, integer, map, nonEmpty, object, text } from "./forms.ts";

/** Most entries a manifest may have (spec kernel.md §2.4). */
export const MANIFEST_ENTRIES_MAX = 256;

/** Spec kernel.md §4.3. Digests are compared with what the artifacts say, so their form needs no rule of its own. */
export const chainManifest: Schema = artifact("artifact_chain_manifest", "v0.2", {
  chain_id: nonEmpty,
  profile: nonEmpty,
  canonicalization: { const: "sclite-artifact-chain-v0.2" },
  hash_algorithm: { const: "sha256" },
  signature_policy: object,
  entries: {
    type: "array",
    items: map({
      role: nonEmpty,
      path: nonEmpty,
      required: bool,
      descriptor: object,
      previous_chain_digest: text,
      chain_digest: nonEmpty,
    }),
  },
  root_chain_digest: nonEmpty,
});

/** One entry's transcript and its tag; the tag's own comparison says whether they are right. */
const entryGuard: Schema = closed({
  profile: text,
  chain_id: text,
  seq: integer(0),
  entry_count: integer(0),
  role: text,
  path: text,
  required: bool,
  artifact_digest: text,
  artifact_type: text,
  schema_ref: text,
  schema_version: text,
  canonicalization: text,
  algorithm: text,
  previous_tag: text,
  nonce: text,
  key_id: text,
  tag: text,
});

/** Spec kernel.md §7.1. Profile, algorithm and key id are left to the verifier's own steps, which name them. */
export const kernelGuard: Schema = closed(
  {
    artifact_type: { const: "kernel_guard_manifest" },
    schema_version: { const: "v0.1" },
    schema_ref: { const: "schemas/kernel_guard_hmac_v1.schema.json" },
    chain_id: nonEmpty,
    entry_count: integer(0),
    root_chain_digest: hexDigest,
    manifest_metadata_digest: hexDigest,
    entry_guards: { type: "array", items: entryGuard, maxItems: MANIFEST_ENTRIES_MAX },
    first_tag: text,
    last_tag: text,
    root_tag: hexDigest,
  },
  { profile: text, algorithm: text, key_id: text },
);
