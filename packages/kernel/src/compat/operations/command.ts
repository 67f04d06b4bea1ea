import type { ExactJson } from "@writ/canon";
import { bannedPattern, restrictedPattern } from "../../command/argument-policy.ts";
import { normalizeArgv, parseArguments } from "../../command/argv.ts";
import { checkCredentials, type CampaignCredentials, type CredentialUses } from "../../command/credential-policy.ts";
import { enforceScope, observeTargets, TARGET_MODES, type TargetMode } from "../../command/targets.ts";
import { flagField, recordOf, textField } from "../../control/record-fields.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { extractHosts } from "../../domain-scope/hosts.ts";
import { member, textOrEmpty, type ExactRecord } from "../exact-record.ts";
import { answered, answeredNothing, type Operations } from "./operation.ts";
import { attempted, recordOperation } from "./record-operation.ts";
import { domainsOf } from "./scope.ts";

export const operations: Operations = {
  "command.extract_hosts": recordOperation((input) => {
    if (typeof input !== "string") throw recordRefusal("invalid_host_text", 12);
    return extractHosts(input);
  }),
  "command.observe_targets": recordOperation((input) => ({
    ...observeTargets(parseArguments(member(input, "args")), stdinOf(input)),
  })),
  "command.normalize_argv": recordOperation((input) =>
    normalizeArgv({
      tool: textOrEmpty(input, "tool"),
      args: parseArguments(member(input, "args")),
      allowedTools: parseArguments(member(input, "allowed_tools")),
      approved: member(input, "approved_spec") === true,
    }),
  ),
  "command.enforce_scope": (input) =>
    attempted(() => {
      const mode = textField(recordOf(input, "invalid_command"), "target_validation_mode", "none");
      enforceScope({
        argv: parseArguments(member(input, "argv")),
        stdin: stdinOf(input),
        mode: modeOf(mode),
        domains: domainsOf(member(input, "domains")),
      });
      return answered(null);
    }),
  "command.banned_pattern": (input) =>
    attempted(() => {
      const args = parseArguments(input);
      const found = bannedPattern(args);
      if (found === null) return answeredNothing();
      // Words are looked for in any case; the reference's list is in lower case.
      const cased = found !== "<...>" && !args.join(" ").includes(found);
      return { ok: true, value: found, ...(cased && { stricter: 15 }) };
    }),
  "command.restricted_pattern": (input) =>
    attempted(() => {
      const found = restrictedPattern(textOrEmpty(input, "tool"), parseArguments(member(input, "args")));
      if (found === null) return answeredNothing();
      return { ok: true, value: found.token, ...(found.disguised && { stricter: 15 }) };
    }),
  "command.credentials_policy": (input) =>
    attempted(() => {
      const { tool, args, campaign } = credentialsAsked(recordOf(input, "invalid_command"));
      const value = checkCredentials(tool, args, campaign);
      // Only a tool in lower case must carry the campaign's headers for the reference.
      const lower = textOrEmpty(input, "tool") === tool.toLowerCase();
      const asked = lower ? campaign : { ...campaign, credentialsRequired: false };
      const same = value === checkCredentials(tool, args, asked, referenceUses(tool, args));
      return { ok: true, value, ...(!same && { stricter: lower ? 15 : 21 }) };
    }),
};

function stdinOf(input: ExactJson): string {
  const stdin = member(input, "stdin") ?? "";
  if (typeof stdin !== "string") throw recordRefusal("invalid_command_stdin", 12);
  return stdin;
}

/** The reference checks nothing in a mode it does not know. */
function modeOf(text: string): TargetMode {
  const mode = TARGET_MODES.find((known) => known === text);
  if (mode === undefined) throw recordRefusal(`unknown_target_validation_mode:${text}`, 10);
  return mode;
}

/** The marks the reference looks for, where it looks. */
function referenceUses(tool: string, args: readonly string[]): CredentialUses {
  const text = args.join(" ");
  const basic = tool.trim().toLowerCase() === "curl" ? "-u " : " --auth ";
  return {
    header: text.includes("Authorization:") || text.includes("Bearer "),
    cookie: text.includes("Cookie:") || text.includes("--cookie") || text.includes(" -c "),
    basic: text.includes("--user ") || text.includes(basic),
  };
}

interface CredentialsAsked {
  readonly tool: string;
  readonly args: readonly string[];
  readonly campaign: CampaignCredentials;
}

function credentialsAsked(asked: ExactRecord): CredentialsAsked {
  const credentials = recordOf(member(asked, "credentials") ?? {}, "invalid_campaign_credentials");
  const campaign = {
    hasIdentity: ["bug_bounty_username", "test_account_email"].every((key) => textField(credentials, key) !== ""),
    allowAuthHeader: flagField(credentials, "allow_auth_header", false),
    allowCookieHeader: flagField(credentials, "allow_cookie_header", false),
    allowBasicAuth: flagField(credentials, "allow_basic_auth", false),
    credentialsRequired: flagField(credentials, "credentials_required", false),
    ownerApproved:
      flagField(asked, "owner_approved_auth", false) && flagField(credentials, "credentials_owner_approved", false),
  };
  return { tool: textField(asked, "tool"), args: parseArguments(member(asked, "args")), campaign };
}
