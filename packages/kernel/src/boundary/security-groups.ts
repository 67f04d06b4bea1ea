/** The helpers of the security profile, by group (spec kernel.md §25); the surface and the facade are made from them. */
export const SECURITY_GROUPS = {
  action_tooling: [
    "action_schema",
    "validators",
    "compiler",
    "capability_recipes",
    "tool_registry",
    "semantic_loss_policy",
  ],
  policy_scope: ["policy_core", "gateway", "scope"],
  review_contracts: ["signal", "analysis", "evidence_policy"],
} as const;

export type SecurityGroup = keyof typeof SECURITY_GROUPS;

export type SecurityHelper = (typeof SECURITY_GROUPS)[SecurityGroup][number];

/** What the profile never is; the facade asserts that its surface says so. */
export const SECURITY_NON_CLAIMS = [
  "does_not_ship_live_exploits",
  "does_not_authorize_testing_of_targets",
  "does_not_ship_carrier_adapters",
] as const;
