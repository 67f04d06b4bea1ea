import type { JsonValue } from "@writ/canon";
import {
  executionAllowList,
  parseScopeDomains,
  parseToolRegistry,
  RECIPES,
  type GatewaySetting,
} from "@writ/kernel/security";

const MODES: Readonly<Record<string, string>> = {
  curl: "strict_url",
  gau: "strict_host_domain",
  dnsx: "strict_host_domain",
};

/** A registry's entry of a tool that anyone may use. */
export function toolEntry(name: string, changes: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  return {
    enabled: true,
    execution_allowed: true,
    category: "web",
    planner_profiles: ["core"],
    risk_level: "low",
    noise_level: "low",
    requires_auth_approval: false,
    supports_chain_role: ["probe", "validate"],
    capabilities: ["http_probe"],
    task_families: ["recon"],
    target_kinds: ["url"],
    equivalent_tools: [],
    normalization_mode: "standard",
    target_validation_mode: MODES[name] ?? "none",
    planner_invocation_mode: "direct_args",
    planner_stdin_args: [],
    installed: true,
    resolved_path: `/usr/bin/${name}`,
    ...changes,
  };
}

export const TOOLS = ["curl", "httpx", "gau", "katana", "subfinder", "dnsx", "ffuf"];
export const registry = parseToolRegistry(Object.fromEntries(TOOLS.map((name) => [name, toolEntry(name)])));

/** What a host is set to that works on `a.test` and one network. */
export const setting: GatewaySetting = {
  registry,
  recipes: RECIPES,
  profile: "core",
  allowedTools: executionAllowList({ registry }),
  scope: { domains: parseScopeDomains("a.test *.b.test"), networks: ["192.0.2.0/24"], ports: [80, 443] },
  campaign: {
    allowAuthHeader: false,
    allowCookieHeader: false,
    allowBasicAuth: false,
    credentialsRequired: false,
    hasIdentity: true,
    ownerApproved: false,
  },
  ownerApproved: false,
};
