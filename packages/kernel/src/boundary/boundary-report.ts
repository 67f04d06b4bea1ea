import { BOUNDARY, PROFILE_CONSUMES } from "./boundary.ts";
import { profileConformance, type DomainProfile, type ProfileConformance } from "./domain-profile.ts";
import { SURFACES, type Surface } from "./surfaces.ts";

/** Who owns what, which profiles keep to it, and what the kernel offers (spec kernel.md §25). */
export interface BoundaryReport {
  readonly artifact_type: "govengine_boundary_report";
  readonly schema_version: "v0.1";
  readonly status: "alpha_boundary_declared";
  readonly boundary: typeof BOUNDARY;
  readonly profiles: readonly DomainProfile[];
  readonly profile_conformance: readonly ProfileConformance[];
  readonly surfaces: readonly Surface[];
  readonly summary: {
    readonly profile_count: number;
    readonly profile_conformance_passed: boolean;
    readonly surface_count: number;
    readonly forbidden_profile_ownership_count: number;
  };
  readonly non_claims: readonly string[];
}

/** The profile that the reference ships with. */
export const DEFAULT_PROFILE: DomainProfile = {
  name: "ravenclaw",
  version: "v0.1",
  owner: "host",
  owns: BOUNDARY.profile_owns,
  consumes: PROFILE_CONSUMES,
  non_claims: ["does_not_own_kernel_modules", "does_not_grant_live_authority"],
  metadata: {},
};

/** Made from the boundary and the surface index; it says nothing of its own. */
export function boundaryReport(profiles: readonly DomainProfile[] = [DEFAULT_PROFILE]): BoundaryReport {
  const conformance = profiles.map(profileConformance);
  return {
    artifact_type: "govengine_boundary_report",
    schema_version: "v0.1",
    status: "alpha_boundary_declared",
    boundary: BOUNDARY,
    profiles,
    profile_conformance: conformance,
    surfaces: SURFACES,
    summary: {
      profile_count: profiles.length,
      // No profile at all shows nothing.
      profile_conformance_passed: conformance.length > 0 && conformance.every(({ passed }) => passed),
      surface_count: SURFACES.length,
      forbidden_profile_ownership_count: BOUNDARY.forbidden_profile_ownership.length,
    },
    non_claims: BOUNDARY.non_claims,
  };
}
