import { SECURITY_GROUPS, SECURITY_NON_CLAIMS } from "./security-groups.ts";

/** One part of the kernel as others may rely on it (spec kernel.md §25). */
export interface Surface {
  readonly name: string;
  readonly status: string;
  /** The reference's names of its modules, by which a host asks for them. */
  readonly modules: readonly string[];
  /** Where they live here: files and folders of `packages/kernel/src`. A test holds that each is there and none is left out. */
  readonly sources: readonly string[];
  readonly claim: string;
  readonly non_claims: readonly string[];
  readonly optional_profile: boolean;
}

/** Every surface, as the later lines list them; the optional profile comes last. */
export const SURFACES: readonly Surface[] = [
  surface("artifact_governance_core", "alpha_tested", {
    modules:
      "core boundary sclite_contracts lifecycle signing deconfliction state_index state_machine state_store replay",
    sources: "artifacts audit boundary guard replay run-state signing",
    claim: "artifacts, chains, tickets and guards are verified from their bytes",
    nonClaims: "does_not_authorize_by_itself does_not_hold_keys",
  }),
  surface("planning_contracts_core", "alpha_tested", {
    modules: "planning",
    sources: "planning",
    claim: "plans are bounded and never carry what would be executed",
    nonClaims: "does_not_schedule",
  }),
  surface("admission_policy_core", "alpha_tested", {
    modules:
      "admission triggers supervisor_actions typed_execution_governance policy policy.compiler policy.model policy.runtime",
    sources: "admission automation capability governance policy-pack typed-execution",
    claim: "an action is admitted only when every gate has passed",
    nonClaims: "does_not_execute does_not_replace_host_policy",
  }),
  surface("evidence_review_core", "alpha_tested", {
    modules: "review",
    sources: "evidence-review review",
    claim: "evidence is reviewed by what its receipts bear",
    nonClaims: "does_not_confirm_findings",
  }),
  surface("domain_profile_sdk", "alpha_contract_only", {
    modules: "profiles",
    sources: "boundary/domain-profile.ts boundary/profile-sdk.ts",
    claim: "a profile declares its words and never runs live",
    nonClaims: "does_not_grant_live_authority",
  }),
  surface("runtime_contract_proofs", "alpha_contract_examples", {
    modules: "contract_proofs",
    sources: "boundary/boundary.ts",
    claim: "the words in which a runtime shows that it keeps the contracts",
    nonClaims: "does_not_prove_a_runtime",
  }),
  surface("controlled_execution_core", "alpha_dry_run_default", {
    modules:
      "execution.approved_spec execution.ticket_gate execution.command_shape execution.runner execution.runner_protocol " +
      "execution.supervision execution.gate scope_ports contracts.execution ooda orchestration events control runtime_shell",
    sources: "command control runtime scoped-ticket shell specs supervision",
    claim: "nothing runs from raw intent, and a dry run is what happens unless a permit says otherwise",
    nonClaims: "does_not_execute_commands does_not_hold_credentials",
  }),
  surface("security_profile_helpers", "pre_alpha_optional_profile", {
    modules: Object.values(SECURITY_GROUPS).flat().join(" "),
    sources: "actions domain-scope redaction",
    claim: "security research as one optional profile among others",
    nonClaims: SECURITY_NON_CLAIMS.join(" "),
    optional: true,
  }),
];

/** The surface of that name; undefined when there is none. */
export function surfaceNamed(name: string): Surface | undefined {
  return SURFACES.find((one) => one.name === name);
}

/** The index of the early lines (0.1.4 to 0.3): three surfaces, whose statuses begin with `pre_alpha_`. */
export function earlySurfaces(): readonly Surface[] {
  return EARLY.flatMap((name) => SURFACES.filter((one) => one.name === name)).map((one) => ({
    ...one,
    status: one.status.startsWith("pre_alpha_") ? one.status : `pre_${one.status}`,
  }));
}

const EARLY = ["artifact_governance_core", "controlled_execution_core", "security_profile_helpers"] as const;

interface About {
  readonly modules: string;
  readonly sources: string;
  readonly claim: string;
  readonly nonClaims: string;
  readonly optional?: boolean;
}

function surface(
  name: string,
  status: string,
  { modules, sources, claim, nonClaims, optional = false }: About,
): Surface {
  return {
    name,
    status,
    modules: modules.split(" "),
    sources: sources.split(" "),
    claim,
    non_claims: nonClaims.split(" "),
    optional_profile: optional,
  };
}
