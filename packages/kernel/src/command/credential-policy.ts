import { stripSpace } from "../compat/python-text.ts";
import { curlShortOptions } from "./argument-policy.ts";

/** What a campaign allows to be sent with its requests. */
export interface CampaignCredentials {
  readonly allowAuthHeader: boolean;
  readonly allowCookieHeader: boolean;
  readonly allowBasicAuth: boolean;
  readonly credentialsRequired: boolean;
  /** The campaign names who is asking: a user name and an address of a test account. */
  readonly hasIdentity: boolean;
  /** The owner approved both the use of authentication and these credentials. */
  readonly ownerApproved: boolean;
}

export type CredentialVerdict =
  | "ok"
  | "auth_header_not_allowed_by_campaign_policy"
  | "cookie_header_not_allowed_by_campaign_policy"
  | "basic_auth_not_allowed_by_campaign_policy"
  | "missing_required_headers_config"
  | "credentials_require_owner_approval";

/** Which kinds of credentials the arguments carry. */
export interface CredentialUses {
  readonly header: boolean;
  readonly cookie: boolean;
  readonly basic: boolean;
}

/** Whether the credentials in the arguments are allowed (spec kernel.md §11.4). */
export function checkCredentials(
  tool: string,
  args: readonly string[],
  campaign: CampaignCredentials,
  { header, cookie, basic }: CredentialUses = credentialUses(tool, args),
): CredentialVerdict {
  const name = stripSpace(tool).toLowerCase();
  if (header && !campaign.allowAuthHeader) return "auth_header_not_allowed_by_campaign_policy";
  if (cookie && !campaign.allowCookieHeader) return "cookie_header_not_allowed_by_campaign_policy";
  if (basic && !campaign.allowBasicAuth) return "basic_auth_not_allowed_by_campaign_policy";
  if (campaign.credentialsRequired && (name === "curl" || name === "ffuf") && !campaign.hasIdentity)
    return "missing_required_headers_config";
  if ((header || cookie || basic) && !campaign.ownerApproved) return "credentials_require_owner_approval";
  return "ok";
}

/** Reads names of headers in any case, and flags joined to their value or to other flags as well as alone (§27 no. 15). */
export function credentialUses(tool: string, args: readonly string[]): CredentialUses {
  const curl = stripSpace(tool).toLowerCase() === "curl";
  const text = ` ${args.join(" ")} `;
  const shorts = curl ? args.flatMap(curlShortOptions) : [];
  return {
    header: /authorization:|bearer /i.test(text) || text.includes(" --oauth2-bearer"),
    cookie: /cookie:|--cookie/i.test(text) || text.includes(" -c ") || shorts.includes("b") || shorts.includes("c"),
    basic:
      /--(?:proxy-)?user[ =]/.test(text) ||
      /:\/\/[^/\s@]*@/.test(text) ||
      (curl ? text.includes("-u ") || shorts.includes("u") || shorts.includes("U") : / --auth[ =]/.test(text)),
  };
}
