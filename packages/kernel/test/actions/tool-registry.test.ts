import type { JsonValue } from "@writ/canon";
import { isWritError } from "@writ/canon";
import { describe, expect, test } from "vitest";
import {
  BLOCKED_TOOLS,
  DEFAULT_TOOLS,
  executionAllowList,
  heldProfiles,
  isPlannerVisible,
  parseToolRegistry,
  resolveTool,
  targetModeOf,
  type PlannerProfile,
} from "@writ/kernel/security";
import { registry, toolEntry } from "./samples.ts";

const one = (changes: Readonly<Record<string, JsonValue>>, name = "httpx"): JsonValue => ({
  [name]: toolEntry(name, changes),
});
const without = (field: string): JsonValue => {
  const { [field]: _left, ...rest } = toolEntry("httpx") as { readonly [key: string]: JsonValue };
  return { httpx: rest };
};

test.each<[JsonValue, string]>([
  [null, ""],
  [[], ""],
  [{ httpx: [] }, "httpx"],
  [{ HTTPX: toolEntry("httpx") }, "HTTPX"],
  [{ "../sh": toolEntry("httpx") }, "../sh"],
  [JSON.parse(`{"__proto__": ${JSON.stringify(toolEntry("httpx"))}}`) as JsonValue, "__proto__"],
  [without("enabled"), "httpx.enabled"],
  [one({ other: 1 }), "httpx.other"],
  [one({ enabled: 1 }), "httpx.enabled"],
  [one({ execution_allowed: "true" }), "httpx.execution_allowed"],
  [one({ installed: null }), "httpx.installed"],
  [one({ planner_profiles: ["Core"] }), "httpx.planner_profiles.0"],
  [one({ risk_level: "none" }), "httpx.risk_level"],
  [one({ supports_chain_role: ["run"] }), "httpx.supports_chain_role.0"],
  [one({ capabilities: ["Http"] }), "httpx.capabilities.0"],
  [one({ capabilities: Array(65).fill("x") }), "httpx.capabilities"],
  [one({ target_validation_mode: "lax" }), "httpx.target_validation_mode"],
  [one({ planner_invocation_mode: "shell" }), "httpx.planner_invocation_mode"],
  [one({ resolved_path: "bin/x" }), "httpx.resolved_path"],
  [one({ target_validation_mode: "none" }, "curl"), "curl.target_validation_mode"],
  [one({ target_validation_mode: "strict_url" }, "dig"), "dig.target_validation_mode"],
  [Object.fromEntries(Array.from({ length: 513 }, (_, index) => [`t${String(index)}`, null])), ""],
])("a registry that is malformed is refused with the path: %# %j", (value, field) => {
  try {
    parseToolRegistry(value);
    expect.unreachable();
  } catch (error) {
    if (!isWritError(error, "SECURITY_PROFILE_INVALID")) throw error;
    expect(error.details["field"]).toBe(field);
  }
});

describe("a planner sees", () => {
  const visible = (changes: Readonly<Record<string, JsonValue>>, profile: PlannerProfile): boolean => {
    const entry = parseToolRegistry(one(changes)).get("httpx");
    return entry !== undefined && isPlannerVisible(entry, profile);
  };
  test.each<[Readonly<Record<string, JsonValue>>, PlannerProfile, boolean]>([
    [{ planner_profiles: ["core"] }, "core", true],
    [{ planner_profiles: ["core"] }, "lab", true],
    [{ planner_profiles: ["extended"] }, "core", false],
    [{ planner_profiles: ["specialized"] }, "specialized", true],
    [{ planner_profiles: ["lab"] }, "specialized", false],
    [{ planner_profiles: ["operator_only"] }, "lab", false],
    [{ planner_profiles: ["core", "operator_only"] }, "lab", false],
    [{ planner_profiles: [] }, "lab", false],
    [{ enabled: false }, "core", false],
    [{ installed: false }, "core", false],
  ])("%j with %s: %s", (changes, profile, seen) => {
    expect(visible(changes, profile)).toBe(seen);
  });

  test("each profile holds those before it", () => {
    expect(heldProfiles("specialized")).toEqual(["core", "extended", "specialized"]);
  });
});

test.each([
  ["curl", "strict_url"],
  ["amass", "strict_host_domain"],
  ["assetfinder", "strict_host_domain"],
  ["dig", "strict_host_domain"],
  ["dnsx", "strict_host_domain"],
  ["gau", "strict_host_domain"],
  ["httpx", "none"],
])("%s must be told its target as %s", (tool, mode) => {
  expect(targetModeOf(tool, registry)).toBe(mode);
});

describe("the allow list", () => {
  const allowed = (changes: Readonly<Record<string, JsonValue>>): readonly string[] =>
    executionAllowList({ registry: parseToolRegistry(one(changes)) });
  test.each<[Readonly<Record<string, JsonValue>>, number]>([
    [{}, 1],
    [{ execution_allowed: false }, 0],
    [{ enabled: false }, 0],
    [{ category: "operator_support" }, 0],
    [{ capabilities: ["http_probe", "operator_shell"] }, 0],
    [{ capabilities: ["auth_bruteforce"] }, 0],
    [{ capabilities: ["wireless_assessment"] }, 0],
  ])("of a registry with %j has %i tools", (changes, count) => {
    expect(allowed(changes)).toHaveLength(count);
  });

  test("never holds a blocked tool, whoever asks for it", () => {
    const names = [...BLOCKED_TOOLS];
    expect(names).toHaveLength(27);
    const all = parseToolRegistry(Object.fromEntries(names.map((name) => [name, toolEntry(name)])));
    expect(executionAllowList({ registry: all })).toEqual([]);
    expect(executionAllowList({ whitelist: [...names, "ffuf"] })).toEqual(["ffuf"]);
  });

  test("without a registry is the host's list, and without that the defaults", () => {
    expect(executionAllowList({ whitelist: [] })).toEqual([]);
    expect(executionAllowList({})).toEqual(DEFAULT_TOOLS);
  });
});

describe("a tool is chosen", () => {
  const asked = {
    tool: "",
    preferredTool: "",
    candidates: [] as string[],
    actionType: "single_probe",
    capability: "http_probe",
  } as const;
  test.each([
    [{ ...asked, tool: "ffuf", preferredTool: "httpx" }, "ffuf", "explicit_tool"],
    [{ ...asked, tool: "nmap", preferredTool: "httpx" }, "httpx", "preferred_tool"],
    [{ ...asked, candidates: ["nmap", "gau"] }, "gau", "capability_recipe"],
    [asked, "curl", "capability_recipe"],
    [{ ...asked, actionType: "fingerprint_probe" } as const, "httpx", "capability_recipe"],
    [
      { ...asked, actionType: "enumeration_probe", capability: "content_discovery" } as const,
      "katana",
      "capability_recipe",
    ],
    [{ ...asked, capability: "packet_observation" } as const, "", "unresolved"],
  ])("%j: %s from %s", (question, tool, source) => {
    expect(resolveTool(question, registry, "core")).toEqual({ tool, source });
  });

  test("for a capability that only a registry knows how to serve, by the order of names", () => {
    const own = parseToolRegistry({
      zeta: toolEntry("zeta", { capabilities: ["packet_observation"] }),
      alpha: toolEntry("alpha", { capabilities: ["packet_observation"] }),
    });
    expect(resolveTool({ ...asked, capability: "packet_observation" }, own, "core").tool).toBe("alpha");
  });
});
