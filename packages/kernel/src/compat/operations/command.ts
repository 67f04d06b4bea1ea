import { isWritError, type ExactJson } from "@writ/canon";
import { bannedPattern, restrictedPattern } from "../../command/argument-policy.ts";
import { normalizeArgv, parseArguments } from "../../command/argv.ts";
import { checkCredentials } from "../../command/credential-policy.ts";
import { enforceScope, observeTargets, TARGET_MODES } from "../../command/targets.ts";
import { flagField, oneOf, recordOf } from "../../control/record-fields.ts";
import { recordRefusal } from "../../control/record-refusal.ts";
import { extractHosts } from "../../domain-scope/hosts.ts";
import { member, textMember } from "../exact-record.ts";
import { answered, refused, type Operations, type Outcome } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";
import { domainsOf } from "./scope.ts";

export const operations: Operations = {
  "command.extract_hosts": recordOperation((input) => {
    if (typeof input !== "string") throw recordRefusal("invalid_host_text", 12);
    return extractHosts(input);
  }),
  "command.observe_targets": recordOperation((input) => ({
    ...observeTargets(parseArguments(member(input, "args")), textMember(input, "stdin") ?? ""),
  })),
  "command.normalize_argv": recordOperation((input) =>
    normalizeArgv({
      tool: textMember(input, "tool") ?? "",
      args: parseArguments(member(input, "args")),
      allowedTools: parseArguments(member(input, "allowed_tools")),
      approved: member(input, "approved_spec") === true,
    }),
  ),
  "command.enforce_scope": (input) =>
    attempted(() => {
      const mode = textMember(input, "target_validation_mode") ?? "none";
      enforceScope({
        argv: parseArguments(member(input, "argv")),
        stdin: textMember(input, "stdin") ?? "",
        mode: oneOf(TARGET_MODES, mode, "unknown_target_validation_mode"),
        domains: domainsOf(member(input, "domains")),
      });
      return answered(null);
    }),
  "command.banned_pattern": (input) => answered(bannedPattern(parseArguments(input))),
  "command.restricted_pattern": (input) => {
    const found = restrictedPattern(textMember(input, "tool") ?? "", parseArguments(member(input, "args")));
    if (found === null) return answered(null);
    return { ok: true, value: found.token, ...(found.disguised && { stricter: 15 }) };
  },
  "command.credentials_policy": (input) => answered(credentialVerdict(input)),
};

function credentialVerdict(input: ExactJson): string {
  const campaign = recordOf(member(input, "credentials") ?? {}, "invalid_campaign_credentials");
  const asked = recordOf(input, "invalid_command");
  const identity = ["bug_bounty_username", "test_account_email"].some(
    (key) => (textMember(campaign, key) ?? "") !== "",
  );
  return checkCredentials(textMember(asked, "tool") ?? "", parseArguments(member(asked, "args")), {
    allowAuthHeader: flagField(campaign, "allow_auth_header", false),
    allowCookieHeader: flagField(campaign, "allow_cookie_header", false),
    allowBasicAuth: flagField(campaign, "allow_basic_auth", false),
    credentialsRequired: flagField(campaign, "credentials_required", false),
    hasIdentity: identity,
    ownerApproved:
      flagField(asked, "owner_approved_auth", false) && flagField(campaign, "credentials_owner_approved", false),
  });
}

function attempted(run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    if (!isWritError(error)) throw error;
    const { reason, rule } = error.details;
    return refused(typeof reason === "string" ? reason : error.code, typeof rule === "number" ? rule : undefined);
  }
}
