/** What a campaign allows to be sent with its requests. */
export interface CampaignCredentials {
  readonly allowAuthHeader: boolean;
  readonly allowCookieHeader: boolean;
  readonly allowBasicAuth: boolean;
  readonly credentialsRequired: boolean;
  /** The campaign names who is asking: a user name or an address of a test account. */
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

/** Whether the credentials in the arguments are allowed (spec kernel.md §11.4); names of headers in any case. */
export function checkCredentials(
  tool: string,
  args: readonly string[],
  campaign: CampaignCredentials,
): CredentialVerdict {
  const name = tool.trim().toLowerCase();
  const text = ` ${args.join(" ")} `;
  const header = /authorization:|bearer /i.test(text);
  const cookie = /cookie:|--cookie/i.test(text) || text.includes(" -c ");
  const basic = text.includes("--user ") || (name === "curl" ? text.includes("-u ") : text.includes(" --auth "));
  if (header && !campaign.allowAuthHeader) return "auth_header_not_allowed_by_campaign_policy";
  if (cookie && !campaign.allowCookieHeader) return "cookie_header_not_allowed_by_campaign_policy";
  if (basic && !campaign.allowBasicAuth) return "basic_auth_not_allowed_by_campaign_policy";
  if (campaign.credentialsRequired && (name === "curl" || name === "ffuf") && !campaign.hasIdentity)
    return "missing_required_headers_config";
  if ((header || cookie || basic) && !campaign.ownerApproved) return "credentials_require_owner_approval";
  return "ok";
}
