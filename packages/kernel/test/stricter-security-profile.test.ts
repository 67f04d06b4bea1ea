import type { ExactJson } from "@writ/canon";
import { describe, expect, test } from "vitest";
import { runConformance } from "@writ/kernel/conformance";
import {
  approveSpec,
  auditorArguments,
  confirmFinding,
  executionAllowList,
  loadRecipes,
  parseToolRegistry,
  policyGateway,
  prepareSpec,
  preparedSpecDigest,
  requestDecoration,
  type RecipeStep,
} from "@writ/kernel/security";
import { setting } from "./actions/samples.ts";
import { refusalOf } from "./refusal.ts";
import { approval, approved, campaign, credentials, operator, passed, prepared } from "./specs/samples.ts";

/** What the product makes of a case to which the reference answers `reference`. */
function verdict(operation: string, input: ExactJson, reference: ExactJson): string {
  const [result] = runConformance([{ id: "case", operation, input, expected: reference }]).results;
  return result?.verdict === "stricter" ? `stricter by ${String(result.rule)}` : (result?.verdict ?? "none");
}

const domains = { exact: ["a.test"], suffix: [], exclude_exact: [], exclude_suffix: [] };
const compiled = (strategy: string): ExactJson => ({ compiled: { compiler_strategy: strategy } });
const noLoss = { policy: { reason_code: "semantic_loss_none", policy_response: "proceed" } };
const clean = { verdict: "pass", request_shape_hygiene_reason: "all_detected_hosts_match_target" };
const shape = (args: readonly string[]): ExactJson => ({
  target: "https://a.test",
  normalized_args: ["https://a.test", ...args],
  execution_plan: [],
  target_in_scope: true,
});
const scoped = (argv: readonly string[]): ExactJson => ({
  argv: ["curl", ...argv],
  target_validation_mode: "none",
  stdin: "",
  domains,
});
const step = (tool: ExactJson, args: ExactJson): ExactJson => ({
  spec_version: "2026-03-18.approved.v1",
  approval: { decision: "approve" },
  execution_truth: { artifact_type: "approved_execution_spec", execution_plan: [{ tool, args }] },
});
const nothing = { ok: true, value: null };

test.each<[rule: number, what: string, operation: string, input: ExactJson, reference: ExactJson]>([
  [10, "an unknown action type has no valid recipe", "action.validate_probe_recipe", { action_type: "scan" }, []],
  [
    10,
    "a chain's step without a role is refused",
    "action.validate_contract",
    { spec: { tool_chain: [{ args: [] }] }, capabilities: [] },
    [],
  ],
  [
    10,
    "an unknown mode of target validation is refused",
    "command.enforce_scope",
    { ...(scoped(["https://a.test"]) as object), target_validation_mode: "lax" },
    nothing,
  ],
  [
    11,
    "a text is no flag of semantic loss",
    "action.semantic_loss",
    { compiled: { compiler_strategy: "passthrough", semantic_loss_detected: "false" } },
    { policy: { reason_code: "semantic_loss_detected:unknown" } },
  ],
  [
    11,
    "a text does not put a target in scope",
    "scope.fidelity_report",
    { ...(shape([]) as object), target_in_scope: "true" },
    { verdict: "review" },
  ],
  [
    11,
    "a number is no campaign's permission",
    "command.credentials_policy",
    { tool: "curl", args: ["-H", "Authorization: x"], credentials: { allow_auth_header: 1 } },
    "credentials_require_owner_approval",
  ],
  [
    12,
    "a number is no argument",
    "command.normalize_argv",
    { tool: "dig", args: [1], allowed_tools: ["dig"] },
    ["dig", "1"],
  ],
  [12, "a number is no tool", "approved_spec.steps", step(5, []), [{ tool: "5", args: [] }]],
  [12, "a number is no argument of a step", "approved_spec.steps", step("dig", [5]), [{ tool: "dig", args: ["5"] }]],
  [12, "a text is no count of variants", "action.validate_probe_recipe", { probe_recipe: { variant_count: "3" } }, []],
  [
    12,
    "a list of lines is no standard input",
    "command.observe_targets",
    { args: [], stdin: ["b.test"] },
    { hosts: [] },
  ],
  [14, "a single label in a URL is a host", "scope.fidelity_report", shape(["http://localhost/"]), clean],
  [14, "a whole number in a URL is a host", "scope.fidelity_report", shape(["http://2130706433/"]), clean],
  [14, "an address in brackets is a host", "scope.fidelity_report", shape(["http://[::1]/"]), clean],
  [14, "a flag before a URL hides nothing", "scope.fidelity_report", shape(["--url=https://b.test"]), clean],
  [14, "a header joined to its flag hides nothing", "scope.fidelity_report", shape(["-HHost: b.test"]), clean],
  [
    14,
    "a URL inside a URL is a host too",
    "command.enforce_scope",
    scoped(["https://a.test/?u=https://b.test"]),
    nothing,
  ],
  [14, "a header names a host without a dot", "command.enforce_scope", scoped(["-H", "Host: localhost"]), nothing],
  [14, "a header names an address", "command.enforce_scope", scoped(["-H", "Host: 10.0.0.1"]), nothing],
  [
    14,
    "a backslash leaves a URL no one host",
    "command.extract_hosts",
    "https://b.test\\@a.test",
    { ok: true, value: ["a.test"] },
  ],
  [
    15,
    "a flag joined to its value is restricted",
    "command.restricted_pattern",
    { tool: "curl", args: ["-ofile"] },
    null,
  ],
  [15, "a flag among others is restricted", "command.restricted_pattern", { tool: "curl", args: ["-sSo", "x"] }, null],
  [
    15,
    "a flag with two dashes is restricted",
    "command.restricted_pattern",
    { tool: "dnsx", args: ["--l", "x"] },
    null,
  ],
  [15, "a shortened flag is restricted", "command.restricted_pattern", { tool: "curl", args: ["--outp", "x"] }, null],
  [15, "a banned word in capitals is banned", "command.banned_pattern", ["--RATE"], null],
  [
    15,
    "a cookie joined to its flag is a credential",
    "command.credentials_policy",
    { tool: "curl", args: ["-bsid=1"], credentials: {} },
    "ok",
  ],
  [
    21,
    "a role in capitals is no role",
    "action.validate_contract",
    { spec: { tool_chain: [{ role: "Probe" }] }, capabilities: [] },
    [],
  ],
  [
    21,
    "a version with spaces is no version",
    "approved_spec.steps",
    { ...(step("dig", []) as object), spec_version: " 2026-03-18.approved.v1" },
    [{ tool: "dig", args: [] }],
  ],
  [
    21,
    "a word of a binding in capitals authorises nothing either",
    "scope_policy.evaluate",
    {
      requested_scope: { target_namespace: "n", Network_Allowed: true },
      scope_policy_binding: {
        binding_id: "b",
        policy_pack_digest: `sha256:${"a".repeat(64)}`,
        policy_epoch: 1,
        source_ref: "s",
        attestation_ref: "a",
        allowed_target_namespaces: ["n"],
        network_allowed: false,
        allowed_schemes: [],
        allowed_ports: [],
        allowed_address_classes: [],
        redirect_policy: "deny",
        private_networks_allowed: false,
      },
    },
    { ok: true, value: { decision: { status: "allowed" } } },
  ],
  [27, "a recipe's lowering is a loss", "action.semantic_loss", compiled("recipe_lowering"), noLoss],
  [27, "an unknown strategy is refused", "action.semantic_loss", compiled("other_lowering"), noLoss],
  [27, "no strategy is refused", "action.semantic_loss", { compiled: {} }, noLoss],
  [
    27,
    "zero variants are not one",
    "action.validate_probe_recipe",
    { action_type: "enumeration_probe", probe_recipe: { variant_count: 0 } },
    [],
  ],
])("§27 no. %i: %s", (rule, _what, operation, input, reference) => {
  expect(verdict(operation, input, reference)).toBe(`stricter by ${String(rule)}`);
});

test.each<[what: string, operation: string, input: ExactJson, wrong: ExactJson]>([
  ["a clean shape", "scope.fidelity_report", shape([]), { verdict: "fail" }],
  ["a mismatch that the reference sees", "scope.fidelity_report", shape(["b.test"]), clean],
  ["a restricted flag", "command.restricted_pattern", { tool: "curl", args: ["-o"] }, null],
  ["a banned word", "command.banned_pattern", ["--rate"], null],
  ["a header", "command.credentials_policy", { tool: "curl", args: ["Bearer x"], credentials: {} }, "ok"],
  ["a count", "action.validate_probe_recipe", { action_type: "variant_probe", probe_recipe: { variant_count: 7 } }, []],
  [
    "a detected loss under a recipe",
    "action.semantic_loss",
    { compiled: { compiler_strategy: "recipe_lowering", semantic_loss_detected: true } },
    noLoss,
  ],
])("%s is marked by no rule: another answer there is a difference", (_what, operation, input, wrong) => {
  expect(verdict(operation, input, wrong)).toBe("different");
});

describe("the security profile itself", () => {
  const curl = (args: readonly string[]): ExactJson => ({ tool: "curl", args, target: "https://a.test/" });
  const gate = (action: ExactJson): string => policyGateway(action, setting).reason;

  test("§27 no. 4: nothing is prepared on somebody's word that the gateway passed it", () => {
    const decoration = requestDecoration(campaign);
    expect(
      refusalOf(() => prepareSpec({ verdict: passed({ target: "https://c.test/" }), decoration, credentials })),
    ).toBe("EXECUTION_SPEC_INVALID");
  });

  test("§27 no. 10: a registry that allows nothing does not bring back the default tools", () => {
    expect(executionAllowList({ registry: parseToolRegistry({}) })).toEqual([]);
  });

  test("§27 no. 11: a number confirms no finding", () => {
    const sure = { verdict: "confirmed", control_comparison_performed: true, control_delta_observed: true };
    expect(refusalOf(() => confirmFinding({ ...sure, false_positive_guards_passed: 1 }))).toBe(
      "SECURITY_PROFILE_INVALID",
    );
    expect(confirmFinding(sure).confirmed).toBe(false);
  });

  test.each([
    [["-sS", "http://2130706433/"], "out_of_scope_target:2130706433"],
    [["-sS", "https://a.test:8443/"], "out_of_scope_port:8443"],
    [["-sS", "https://192.0.2.7/"], "ok"],
    [["-sS", "https://198.51.100.7/"], "out_of_scope_target:198.51.100.7"],
  ])("§27 no. 14: places are typed: %j is %s", (args, reason) => {
    expect(gate(curl(args))).toBe(reason);
  });

  test("§27 no. 14: a single label where a tool takes its target is a host", () => {
    expect(gate({ tool: "httpx", args: ["-u", "localhost"], target: "https://a.test/" })).toBe(
      "out_of_scope_target:localhost",
    );
    expect(gate({ tool: "httpx", args: ["-u", "2130706433"], target: "https://a.test/" })).toBe(
      "ambiguous_address:2130706433",
    );
  });

  test.each([
    [["-L", "https://a.test/"], "unlisted_argument:curl:0"],
    [["--next", "https://a.test/"], "unlisted_argument:curl:0"],
    [["-xhttp://a.test", "https://a.test/"], "unlisted_argument:curl:0"],
    [["--resolve", "a.test:443:192.0.2.7", "https://a.test/"], "unlisted_argument:curl:0"],
    [["-w", "%output{x}", "https://a.test/"], "unlisted_argument:curl:0"],
    [["-m", "5", "https://a.test/"], "ok"],
  ])("§27 no. 15: a flag that is not listed is refused: %j is %s", (args, reason) => {
    expect(gate(curl(args))).toBe(reason);
  });

  const step = (tool: string, line: string): RecipeStep => ({
    tool,
    role: "probe",
    args: line.split(" "),
    input: "none",
  });
  const tail = (tool: string, line: string): RecipeStep => ({
    ...step(tool, line),
    role: "validate",
    input: "previous_output",
  });
  test.each([
    [
      "historical_url_collection",
      [step("gau", "--subs {target_host}"), tail("httpx", "-silent -l {prev_stdout_path}")],
      "recipe_unresolved_placeholder:r:prev_stdout_path",
    ],
    [
      "passive_subdomain_discovery",
      [step("subfinder", "-silent -d {target_host}"), tail("dnsx", "-silent -l hosts")],
      "recipe_refused_by_policy:r:1:-l",
    ],
  ] as const)("§27 no. 16: the reference's recipe for %s is not loaded", (capability, steps, reason) => {
    expect(refusalOf(() => loadRecipes([{ name: "r", capability, actionType: "enumeration_probe", steps }]))).toBe(
      reason,
    );
  });

  test("§27 no. 17: an auditor's copy loses joined and named secrets, and keeps harmless URLs", () => {
    expect(auditorArguments("curl", ["-uada:pw", "-bsid=1", "-H", "X-Api-Key: 9f8e7d6c5b4a"]).join(" ")).not.toMatch(
      /pw|sid=1|9f8e/,
    );
    expect(auditorArguments("httpx", ["-u", "https://a.test/x"])).toEqual(["-u", "https://a.test/x"]);
  });

  test("§27 no. 22: an approval of one spec is none of another", () => {
    const [one, other] = [
      prepared(),
      prepared({ tool: "curl", args: ["-I", "https://a.test/x"], target: "https://a.test/x" }),
    ];
    expect(approveSpec(other, approval(one))).toEqual({ ok: false, reason: "approval_of_another_spec" });
    expect(approveSpec(other, { ...approval(one), subject_digest: preparedSpecDigest(other) }).ok).toBe(true);
  });

  test.each([
    ["-H", "Authorization: Bearer abcdef1234567890"],
    ["-H", "X-Api-Key: 9f8e7d6c5b4a39281706"],
    ["-u", "ada:pw"],
    ["-b", "sid=1"],
    ["-A", "{{secret:campaign/bearer}}"],
  ])("§27 no. 30: a planner writes no secret into a spec, and asks for none: %s %s", (flag, value) => {
    const open = {
      ...setting.campaign,
      allowAuthHeader: true,
      allowCookieHeader: true,
      allowBasicAuth: true,
      ownerApproved: true,
    };
    const action = { tool: "curl", args: ["-sS", flag, value, "https://a.test/"], target: "https://a.test/" };
    const verdict = policyGateway(action, { ...setting, campaign: open });
    expect(verdict.reason).toBe("ok");
    expect(refusalOf(() => prepareSpec({ verdict, decoration: requestDecoration(campaign), credentials }))).toBe(
      "EXECUTION_SPEC_INVALID",
    );
  });

  test("§27 no. 30: an approved spec names its secrets and holds none", () => {
    const text = JSON.stringify(approved());
    expect(text).toContain("{{secret:campaign/sid}}");
    expect(text).toContain('"secret_ref":"campaign/bearer"');
    const headers = [{ name: "Authorization", value: "Bearer abc", secret_ref: null }];
    expect(refusalOf(() => requestDecoration(campaign, { ...operator, headers }))).toBe("EXECUTION_SPEC_INVALID");
  });
});
