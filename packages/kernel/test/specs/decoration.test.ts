import { isWritError } from "@writ/canon";
import { describe, expect, test } from "vitest";
import {
  auditorArguments,
  decorateArguments,
  injectSecrets,
  inputSummary,
  requestDecoration,
  type OperatorDecoration,
} from "@writ/kernel/security";
import { refusalOf } from "../refusal.ts";
import { campaign, operator } from "./samples.ts";

const nobody = { bug_bounty_username: "", test_account_email: " " };
const nothing: OperatorDecoration = { headers: [], cookies: [], basic_auth: null };

test.each([
  [nobody, undefined, "none"],
  [campaign, undefined, "campaign_required"],
  [nobody, operator, "operator_supplied"],
  [campaign, operator, "mixed"],
  [campaign, nothing, "campaign_required"],
])("%j with %j is of mode %s", (identity, supplied, mode) => {
  expect(requestDecoration(identity, supplied).mode).toBe(mode);
});

const all = requestDecoration(campaign, { ...operator, headers: [] });
const headers = ["X-Bug-Bounty: ada", "X-Test-Account-Email: ada@mail.test"] as const;
const cookie = "sid={{secret:campaign/sid}}";
const flagged = ["-H", headers[0], "-H", headers[1]];

test.each([
  ["curl", [...flagged, "-b", cookie, "-u", "ada:{{secret:campaign/password}}"]],
  ["ffuf", [...flagged, "-b", cookie]],
  ["katana", [...flagged, "-b", cookie]],
  ["feroxbuster", [...flagged, "-b", cookie]],
  ["httpx-pd", [...flagged, "-b", cookie]],
  ["gobuster", [...flagged, "-c", cookie]],
  [
    "httpx",
    [
      "--headers",
      "X-Bug-Bounty",
      "ada",
      "--headers",
      "X-Test-Account-Email",
      "ada@mail.test",
      "--cookies",
      "sid",
      "{{secret:campaign/sid}}",
      "--auth",
      "ada",
      "{{secret:campaign/password}}",
    ],
  ],
  ["dnsx", []],
])("%s is given %j", (tool, added) => {
  expect(decorateArguments(tool, ["x"], all)).toEqual(["x", ...added]);
});

test("what is already there is not added again", () => {
  const args = decorateArguments("curl", [], all);
  expect(decorateArguments("curl", args, all)).toEqual(args);
  const httpx = decorateArguments("httpx", [], all);
  expect(decorateArguments("httpx", httpx, all)).toEqual(httpx);
  expect(
    decorateArguments("curl", ["-Hx-bug-bounty: bob"], requestDecoration({ ...nobody, bug_bounty_username: "ada" })),
  ).toHaveLength(1);
});

describe("a decoration is refused", () => {
  test.each<[Partial<OperatorDecoration>, string]>([
    [{ headers: [{ name: "Authorization", value: "Basic abc", secret_ref: null }] }, "headers.0.value"],
    [{ headers: [{ name: "X-Api-Key", value: "x", secret_ref: null }] }, "headers.0.value"],
    [{ headers: [{ name: "X-A", value: `ghp_${"a1B2".repeat(9)}`, secret_ref: null }] }, "headers.0.value"],
    [{ headers: [{ name: "X-A", value: "{{secret:campaign/sid}}", secret_ref: null }] }, "headers.0.value"],
    [{ headers: [{ name: "X-A", value: "b\r\nC: d", secret_ref: null }] }, "headers.0.value"],
    [{ headers: [{ name: "X-A", value: "e\u0301", secret_ref: null }] }, "headers.0.value"],
    [{ headers: [{ name: "X A", value: "b", secret_ref: null }] }, "headers.0.name"],
    [{ headers: [{ name: "X-A", value: null, secret_ref: null }] }, "headers.0"],
    [{ headers: [{ name: "X-A", value: "b", secret_ref: "c" }] }, "headers.0"],
    [{ cookies: [{ name: "sid", secret_ref: "Clear Value!" }] }, "cookies.0.secret_ref"],
    [{ basic_auth: { username: "a:b", password_ref: "c" } }, "basic_auth.username"],
    [{ basic_auth: { username: "{{secret:x}}", password_ref: "c" } }, "basic_auth.username"],
  ])("%j at %s", (changes, field) => {
    try {
      requestDecoration(nobody, { ...nothing, ...changes });
      expect.unreachable();
    } catch (error) {
      if (!isWritError(error, "EXECUTION_SPEC_INVALID")) throw error;
      expect(error.details["field"]).toBe(`request_decoration.${field}`);
    }
  });
});

describe("secrets are put in place", () => {
  const args = ["-b", cookie, "plain {{secret"];
  test("when the command is sent", () => {
    expect(injectSecrets(args, new Map([["campaign/sid", "s3{{secret:campaign/sid}}"]]))).toEqual([
      "-b",
      "sid=s3{{secret:campaign/sid}}",
      "plain {{secret",
    ]);
  });
  test.each([
    [new Map(), "missing_secret:campaign/sid"],
    [new Map([["campaign/sid", ""]]), "missing_secret:campaign/sid"],
    [new Map([["campaign/sid", "a\r\nb"]]), "unusable_secret:campaign/sid"],
  ])("%j is refused: %s", (secrets, reason) => {
    expect(refusalOf(() => injectSecrets(args, secrets))).toBe(reason);
  });
});

test.each([
  ["curl", ["-b", "sid=1"], ["-b", "<cookie_redacted>"]],
  ["curl", ["-bsid=1"], ["-b<cookie_redacted>"]],
  ["curl", ["--cookie", "sid=1"], ["--cookie", "<cookie_redacted>"]],
  ["curl", ["--cookie=sid=1"], ["--cookie=<cookie_redacted>"]],
  ["curl", ["-u", "a:b"], ["-u", "<user>:<redacted>"]],
  ["curl", ["-ua:b"], ["-u<user>:<redacted>"]],
  ["curl", ["--user", "a:b"], ["--user", "<user>:<redacted>"]],
  ["gobuster", ["-c", "sid=1"], ["-c", "<cookie_redacted>"]],
  ["httpx", ["--cookies", "sid", "1"], ["--cookies", "sid", "<cookie_redacted>"]],
  ["httpx", ["--auth", "ada", "pw"], ["--auth", "ada", "<redacted>"]],
  ["katana", ["-u", "https://a.test"], ["-u", "https://a.test"]],
  ["curl", ["x ".repeat(121)], [`${"x ".repeat(120)}...<truncated>`]],
  ["curl", ["x ".repeat(120)], ["x ".repeat(120)]],
])("an auditor sees %s %j as %j", (tool, args, seen) => {
  expect(auditorArguments(tool, args)).toEqual(seen);
});

test.each([
  ["", [false, 0, 0, "", false]],
  ["a\nb\n", [true, 4, 2, "a\nb\n", false]],
  ["é ".repeat(81), [true, 162, 1, "é ".repeat(80), true]],
])("standard input %j is summed up", (stdin, [present, characters, lines, preview, truncated]) => {
  expect(inputSummary(stdin)).toEqual({
    stdin_present: present,
    stdin_char_count: characters,
    stdin_line_count: lines,
    stdin_preview: preview,
    stdin_preview_truncated: truncated,
  });
});
