import { describe, expect, test } from "vitest";
import {
  bannedPattern,
  checkCredentials,
  enforceScope,
  normalizeArgv,
  parseArguments,
  parseScopeDomains,
  restrictedPattern,
} from "@writ/kernel/security";
import { isWritError } from "@writ/canon";

function reasonOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (!isWritError(error)) throw error;
    return error.details["reason"];
  }
  return "ok";
}

test.each([
  [["--flood", "--rate"], "--flood"],
  [["--RATE=3"], "--rate"],
  [["a;b", "&&"], ";"],
  [["a&&b|c"], "&&"],
  [["<x>"], "<...>"],
  [["a<b"], null],
])("banned in %j: %j", (args, expected) => {
  expect(bannedPattern(args)).toBe(expected);
});

test.each([
  ["curl", ["-K", "x"], "-K", false],
  ["curl", ["--output=x"], "--output=x", false],
  ["curl", ["@/etc/passwd"], "@payload", false],
  ["curl", ["-ofile"], "-ofile", true],
  ["curl", ["-sSo", "x"], "-sSo", true],
  ["curl", ["-d@/etc/passwd"], "-d@/etc/passwd", true],
  ["curl", ["-F", "a=@/etc/passwd"], "a=@/etc/passwd", true],
  ["dnsx", ["-l", "x"], "-l", false],
  ["dnsx", ["--l", "x"], "--l", true],
])("%s %j is restricted by %j", (tool, args, token, disguised) => {
  expect(restrictedPattern(tool, args)).toEqual({ token, disguised });
});

test.each([
  ["curl", ["-HX-To: k", "-sS", "https://a.test/?o=@x"]],
  ["httpx", ["-silent", "-u", "https://a.test"]],
  ["constructor", ["-o"]],
])("%s %j is free", (tool, args) => {
  expect(restrictedPattern(tool, args)).toBeNull();
});

describe("a command line", () => {
  const asked = { tool: "curl", args: ["https://a.test"], allowedTools: ["curl"], approved: false };
  test.each([
    [{ ...asked, tool: " " }, "missing_tool"],
    [{ ...asked, tool: "BASH" }, "tool_not_allowed:bash"],
    [{ ...asked, tool: "bash", approved: true }, "tool_not_allowed_for_approved_spec:bash"],
    [{ ...asked, args: ["-o", "x"] }, "tool_restricted_pattern:curl:-o"],
    [asked, "ok"],
  ])("%j: %s", (command, reason) => {
    expect(reasonOf(() => normalizeArgv(command))).toBe(reason);
  });

  test("is never made of what is no text", () => {
    expect(reasonOf(() => parseArguments([1]))).toBe("invalid_command_argument:0");
    expect(reasonOf(() => parseArguments("x"))).toBe("invalid_command_arguments");
  });
});

const domains = parseScopeDomains("a.test");
test.each([
  [["curl", "-q"], "strict_url", "missing_target_kind:curl:url"],
  [["curl", "file:///x"], "strict_url", "ok"],
  [["dig", "https://a.test"], "strict_host_domain", "invalid_target_kind:dig:url"],
  [["dig", "-x"], "strict_host_domain", "missing_target_kind:dig:host_or_domain"],
  [["dig", "b.test"], "strict_host_domain", "out_of_scope_target:b.test"],
  [["curl", "https://a.test", "-H", "Host: b.test"], "strict_url", "out_of_scope_target:b.test"],
  [["curl", "https://a.test/?u=https://b.test"], "strict_url", "nested_out_of_scope_target:b.test"],
  [["testssl.sh", "a.test"], "none", "ok"],
] as const)("%j in mode %s: %s", (argv, mode, reason) => {
  expect(reasonOf(() => enforceScope({ argv, stdin: "", mode, domains }))).toBe(reason);
});

test("without domains nothing is in scope", () => {
  expect(reasonOf(() => enforceScope({ argv: ["curl"], stdin: "", mode: "none", domains: undefined }))).toBe(
    "missing_scope_policy",
  );
});

describe("credentials in arguments", () => {
  const none = {
    allowAuthHeader: false,
    allowCookieHeader: false,
    allowBasicAuth: false,
    credentialsRequired: false,
    hasIdentity: false,
    ownerApproved: false,
  };
  const all = ["authorization: x", "Cookie: y", "--user", "a:b"];
  test.each([
    [none, "auth_header_not_allowed_by_campaign_policy"],
    [{ ...none, allowAuthHeader: true }, "cookie_header_not_allowed_by_campaign_policy"],
    [{ ...none, allowAuthHeader: true, allowCookieHeader: true }, "basic_auth_not_allowed_by_campaign_policy"],
    [
      { ...none, allowAuthHeader: true, allowCookieHeader: true, allowBasicAuth: true, credentialsRequired: true },
      "missing_required_headers_config",
    ],
    [
      { ...none, allowAuthHeader: true, allowCookieHeader: true, allowBasicAuth: true },
      "credentials_require_owner_approval",
    ],
    [{ ...none, allowAuthHeader: true, allowCookieHeader: true, allowBasicAuth: true, ownerApproved: true }, "ok"],
  ])("%j: %s", (campaign, verdict) => {
    expect(checkCredentials("curl", all, campaign)).toBe(verdict);
  });
});
