import { recordRefusal } from "../control/record-refusal.ts";
import { SECURITY_GROUPS, SECURITY_NON_CLAIMS, type SecurityGroup, type SecurityHelper } from "./security-groups.ts";
import { surfaceNamed, type Surface } from "./surfaces.ts";

/** The security profile's one entry point (spec kernel.md §25). */
export interface SecurityFacade {
  readonly entrypoint: "govengine.security_profile";
  readonly surface: string;
  readonly groups: readonly {
    readonly name: SecurityGroup;
    readonly modules: readonly SecurityHelper[];
    readonly claim: string;
    readonly non_claims: readonly string[];
  }[];
}

/** Made from the surface, after it was held to be the optional profile and nothing else. Throws `GOVERNANCE_RECORD_INVALID`. */
export function securityFacade(): SecurityFacade {
  const surface = surfaceNamed("security_profile_helpers");
  checkSecuritySurface(surface);
  return {
    entrypoint: "govengine.security_profile",
    surface: surface.name,
    groups: (Object.keys(SECURITY_GROUPS) as SecurityGroup[]).map((name) => ({
      name,
      modules: SECURITY_GROUPS[name],
      claim: CLAIMS[name],
      non_claims: SECURITY_NON_CLAIMS,
    })),
  };
}

/** The helper of that name, when the surface lists it. Throws `GOVERNANCE_RECORD_INVALID`. */
export function securityHelperNamed(name: string): SecurityHelper {
  const found = Object.values(SECURITY_GROUPS)
    .flat()
    .find((helper) => helper === name);
  if (found === undefined) throw recordRefusal(`unknown_security_profile_helper:${name}`);
  return found;
}

/** Refuses a surface that is not the optional profile, reaches into the core or claims what it must not. */
export function checkSecuritySurface(surface: Surface | undefined): asserts surface is Surface {
  if (surface?.name !== "security_profile_helpers") throw recordRefusal("missing_security_profile_surface");
  if (!surface.optional_profile) throw recordRefusal("security_profile_surface_not_optional");
  const core = surface.modules.find((module) => CORE.test(module));
  if (core !== undefined) throw recordRefusal(`forbidden_security_profile_module:${core}`);
  const undisclaimed = SECURITY_NON_CLAIMS.find((claim) => !surface.non_claims.includes(claim));
  if (undisclaimed !== undefined) throw recordRefusal(`missing_security_profile_non_claim:${undisclaimed}`);
}

/** Modules of the core, its lifecycle, signing, bridge, gates and runner. */
const CORE = /(^|\.)(core|lifecycle|signing|bridge|sclite_contracts|gate|ticket_gate|runner|runner_protocol)$/;

const CLAIMS: { readonly [Group in SecurityGroup]: string } = {
  action_tooling: "actions are contracts that are validated and compiled before anything is prepared",
  policy_scope: "a target is in scope by parsed rules, else it is not",
  review_contracts: "a signal is what its evidence bears",
};
