import {
  approvedSpecDigest,
  approveSpec,
  executionAllowList,
  openApprovedSpec,
  parseScopeDomains,
  parseToolRegistry,
  policyGateway,
  preparedSpecDigest,
  prepareSpec,
  RECIPES,
  requestDecoration,
} from "@writ/kernel/security";

/** Every field is said: what is missing is not guessed. */
const registry = parseToolRegistry({
  curl: {
    enabled: true,
    execution_allowed: true,
    installed: true,
    requires_auth_approval: false,
    category: "web",
    risk_level: "low",
    noise_level: "low",
    normalization_mode: "standard",
    planner_profiles: ["core"],
    supports_chain_role: ["probe"],
    capabilities: ["http_probe"],
    task_families: ["recon"],
    target_kinds: ["url"],
    equivalent_tools: [],
    target_validation_mode: "strict_url",
    planner_invocation_mode: "direct_args",
    planner_stdin_args: [],
    resolved_path: "/usr/bin/curl",
  },
});
const setting = {
  registry,
  recipes: RECIPES,
  profile: "core",
  allowedTools: executionAllowList({ registry }),
  scope: { domains: parseScopeDomains("shop.example *.api.example"), networks: [], ports: [443] },
  campaign: {
    allowAuthHeader: false,
    allowCookieHeader: false,
    allowBasicAuth: false,
    credentialsRequired: false,
    hasIdentity: true,
    ownerApproved: false,
  },
  ownerApproved: false,
} as const;
const probe = (url: string) => ({ tool: "curl", args: ["-sS", "-I", url], target: url });

/** The first refusal in a fixed order. */
export const refused = policyGateway(probe("https://other.example/"), setting);
export const passed = policyGateway(probe("https://shop.example/"), setting);

/** Secrets are only ever named; `injectSecrets` puts them in when the command is sent. */
const decoration = requestDecoration(
  { bug_bounty_username: "anna", test_account_email: "" },
  { headers: [], cookies: [{ name: "sid", secret_ref: "shop/session" }], basic_auth: null },
);
const credentials = {
  credentials_required: false,
  allow_auth_header: false,
  allow_cookie_header: true,
  allow_basic_auth: false,
  credentials_owner_approved: true,
  resolved_campaign_key: "shop",
};
export const prepared = prepareSpec({ verdict: passed, decoration, credentials });

/** Bound to this spec by its digest: it approves no other. */
const approval = approveSpec(prepared, {
  decision: "approve",
  reason: "in scope",
  reason_code: "reviewed",
  constraints: [],
  approval_source: "auditor",
  owner_override_applied: false,
  approval_transform_chain: [],
  subject_digest: preparedSpecDigest(prepared),
});
if (!approval.ok) throw new Error(approval.reason);

/** What runs is opened by its digest: any change in any place is refused. */
export const spec = openApprovedSpec(JSON.parse(JSON.stringify(approval.spec)), approvedSpecDigest(approval.spec));
