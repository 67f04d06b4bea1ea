import { recordRefusal } from "../control/record-refusal.ts";

/** Profiles of manifests of the reference (spec kernel.md §5): a list in the code, and closed for that reason. */
export const CHAIN_PROFILES = [
  "sclite-v0.2-integrity-only",
  "sclite-v0.5-bad-cross-host-integrity",
  "sclite-v0.5-govengine-integration-integrity",
  "sclite-v0.5-rexecop-integrity",
  "sclite-v0.5-review-bundle-integrity-only",
  "sclite-v0.6-alpha-local-admin-change",
  "sclite-reaction-v0.1",
] as const;

/** The profiles that a verification takes. */
export type ProfileRegistry = ReadonlySet<string>;

/** Most profiles of one registry. */
const PROFILES_MAX = 1_000;

/**
 * A registry of the reference's profiles and of a host's own, each named `namespace/name@vN` (§27 no. 25). Another
 * version is another profile. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function profileRegistry(names: readonly string[] = []): ProfileRegistry {
  if (names.length > PROFILES_MAX) throw recordRefusal("too_many_manifest_profiles", 12);
  for (const name of names) {
    if (!VERSIONED.test(name)) throw recordRefusal(`invalid_manifest_profile:${name.slice(0, 256)}`, 25);
  }
  return new Set<string>([...CHAIN_PROFILES, ...names]);
}

/** Pattern of a versioned name, as the schemas of profile references have it too. */
export const VERSIONED_NAME = "^[a-z0-9][a-z0-9._-]*/[a-z0-9][a-z0-9._-]*@v[0-9]+$";

const VERSIONED = new RegExp(VERSIONED_NAME, "u");
