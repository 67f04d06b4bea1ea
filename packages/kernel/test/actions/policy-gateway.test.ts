import type { ExactJson } from "@writ/canon";
import { describe, expect, test } from "vitest";
import { policyDecision, policyGateway, type GatewaySetting } from "@writ/kernel/security";
import { refusalOf } from "../refusal.ts";
import { setting } from "./samples.ts";

const curl = { tool: "curl", args: ["-sS", "https://a.test/x"], target: "https://a.test/x" };
const probe = (...args: readonly string[]): ExactJson => ({ ...curl, args: ["-sS", ...args] });
const chain = (tool: string, args: readonly string[]): ExactJson => ({
  ...curl,
  tool_chain: [{ tool, role: "validate", args }],
});
const allowAll = { ...setting.campaign, allowAuthHeader: true, allowCookieHeader: true, allowBasicAuth: true };

type Row = [reason: string, action: ExactJson, changes?: Partial<GatewaySetting>];

/** One row for each refusal, in the gateway's order; what stands later in a row's action would be refused too. */
const rows: Row[] = [
  ["ok", curl],
  ["ok", { ...curl, args: ["-sS", "https://192.0.2.7/"], target: "https://192.0.2.7/" }],
  [
    "invalid_probe_recipe:missing_comparison_mode,differential_variant_count_out_of_range:1",
    { ...curl, action_type: "differential_probe", capability: "no", tool: "bash" },
  ],
  ["invalid_probe_recipe:unknown_action_type:scan", { ...curl, action_type: "scan" }],
  [
    "invalid_action_contract_v2:invalid_capability:no,tool_chain_must_be_array",
    { ...curl, capability: "no", tool_chain: 1 },
  ],
  ["invalid_action_contract_v2:action_contract_must_be_object", []],
  [
    "action_type_requires_owner_gate:variant_probe",
    { ...curl, action_type: "variant_probe", probe_recipe: { variant_count: 2 }, recipe_name: "no" },
  ],
  [
    "action_type_requires_owner_gate:state_transition_probe",
    { ...curl, action_type: "state_transition_probe", probe_recipe: { sequence_steps: [1, 2] } },
  ],
  ["unknown_recipe:no", { ...curl, recipe_name: "no", target: "https://c.test" }],
  ["missing_tool_for_action_type:single_probe", { ...curl, capability: "auth_bruteforce", tool: "hydra" }],
  ["tool_not_allowed:curl", { ...curl, target: "https://c.test" }, { allowedTools: [] }],
  ["out_of_scope_target:c.test", { ...curl, target: "https://c.test", args: ["--flood"] }],
  ["disallowed_pattern:--rate", probe("--rate", "-o", "x")],
  ["tool_restricted_pattern:curl:-o", probe("-o", "x")],
  ["missing_target_kind:curl:url", probe("-H", "Host: c.test")],
  ["out_of_scope_target:c.test", probe("https://a.test", "-H", "Host: c.test", "-H", "Cookie: x")],
  ["out_of_scope_target:c.test", { ...curl, stdin: "https://c.test" }],
  ["auth_header_not_allowed_by_campaign_policy", probe("https://a.test", "-H", "Authorization: x")],
  ["cookie_header_not_allowed_by_campaign_policy", probe("https://a.test", "-b", "x=1")],
  ["basic_auth_not_allowed_by_campaign_policy", probe("https://a.test", "-u", "a:b")],
  ["credentials_require_owner_approval", probe("https://a.test", "-u", "a:b"), { campaign: allowAll }],
  [
    "missing_required_headers_config",
    curl,
    { campaign: { ...setting.campaign, credentialsRequired: true, hasIdentity: false } },
  ],
  [
    "missing_tool_chain_tool:1",
    {
      ...curl,
      tool: "",
      capability: "http_probe",
      tool_chain: [
        { tool: "curl", role: "probe", args: curl.args },
        { tool: "", role: "validate", args: [] },
      ],
    },
  ],
  ["tool_chain_not_allowed:1:nmap", chain("nmap", [])],
  ["tool_chain_disallowed_pattern:1:;", chain("httpx", ["-u", "a.test;x"])],
  ["tool_chain_restricted_pattern:1:httpx:-o", chain("httpx", ["-o", "x"])],
  ["tool_chain_1:missing_target_kind:dnsx:host_or_domain", chain("dnsx", ["-silent"])],
  ["tool_chain_1:out_of_scope_target:c.test", chain("httpx", ["-u", "c.test"])],
  [
    "tool_chain_1:auth_header_not_allowed_by_campaign_policy",
    chain("httpx", ["-u", "a.test", "-H", "Authorization: x"]),
  ],
];

test.each<Row>(rows)("%s: %j", (reason, action, changes) => {
  const verdict = policyGateway(action, Object.assign({}, setting, changes));
  expect(verdict.reason).toBe(reason);
  expect(verdict.pass).toBe(reason === "ok");
});

describe("a decision that is kept", () => {
  test.each<[ExactJson, string, boolean]>([
    [curl, "allow_prepare", true],
    [{ ...curl, action_type: "variant_probe", probe_recipe: { variant_count: 2 } }, "owner_approval_required", false],
    [{ ...curl, target: "https://c.test" }, "deny", false],
  ])("%j: %s", (action, decision, inScope) => {
    const kept = policyDecision(policyGateway(action, setting));
    expect(kept).toMatchObject({ decision, redaction_required: true, scope_facts: { target_in_scope: inScope } });
    expect(kept.approval_required).toBe(decision === "owner_approval_required");
  });
});

test.each<[ExactJson, string]>([
  [{ ...curl, extra: 1 }, "extra"],
  [{ ...curl, target: null }, "target"],
  [{ ...curl, tool: "x".repeat(65) }, "tool"],
  [{ ...curl, args: ["a".repeat(4_097)] }, "args.0"],
  [{ ...curl, stdin: "\ud800" }, "stdin"],
  [{ ...curl, recipe_name: 1 }, "recipe_name"],
  [{ ...curl, probe_recipe: { other: 1 } }, "probe_recipe.other"],
  [JSON.parse(`{"__proto__": {"tool": "curl"}, "args": []}`) as ExactJson, "__proto__"],
])("%j is malformed at %s", (action, field) => {
  expect(refusalOf(() => policyGateway(action, setting))).toBe("SECURITY_PROFILE_INVALID");
  try {
    policyGateway(action, setting);
  } catch (error) {
    expect(error).toMatchObject({ details: { field } });
  }
});
