import type { Span } from "./span.ts";

/**
 * Tokens that are known by their form, wherever they stand (spec kernel.md §27 no. 17). Every form is a fixed beginning
 * and one run of a single class without an upper bound, so that no tail is left and no text is read twice.
 */
export function tokenSpans(text: string): readonly Span[] {
  return FORMS.flatMap((form) =>
    [...text.matchAll(form)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
}

const ALNUM = "A-Za-z0-9";
const URL64 = "A-Za-z0-9_-";
const DOTTED = "A-Za-z0-9._-";
const BASE64 = "A-Za-z0-9+/=_-";

/** Beginnings that no word holds: they count in the middle of one too. */
function anywhere(beginnings: string, body: string, least: number): RegExp {
  return new RegExp(`(?:${beginnings})[${body}]{${String(least)},}`, "g");
}

/** Beginnings that words may end with (`task-`): only where a word begins. */
function atWord(beginnings: string, body: string, least: number): RegExp {
  return new RegExp(`(?<![A-Za-z0-9_])(?:${beginnings})[${body}]{${String(least)},}`, "g");
}

const VENDORS: readonly RegExp[] = [
  // Writ's own (ARCHITECTURE §11).
  anywhere("writ_[a-z]{1,16}_(?=[A-Za-z0-9_-]{0,40}[A-Z0-9])", URL64, 24),
  // GitHub, GitLab.
  anywhere(
    "gh[oprsu]_|github_pat_|glpat-|gl(?:oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|wt)-|GR1348941",
    DOTTED,
    16,
  ),
  // AWS: key ids, Bedrock keys.
  anywhere("AKIA|ASIA|ABIA|ACCA", "A-Z0-9", 12),
  anywhere("ABSK[A-Za-z0-9]{8}|bedrock-api-key-", BASE64, 30),
  // Google.
  anywhere("AIza|ya29\\.|GOCSPX-", DOTTED, 16),
  atWord("1//0", URL64, 20),
  // Slack.
  anywhere("xox[abceoprs](?:\\.xox[a-z])?-|xapp-|xwfp-", DOTTED, 8),
  // Stripe and other payments.
  anywhere(
    "(?:[srp]k|rak)_(?:live|test|prod)_|whsec_|access_token\\$(?:production|sandbox)\\$|FLWSECK(?:_TEST)?-",
    BASE64,
    10,
  ),
  atWord("rzp_(?:live|test)_|sq0[a-z]{3}-|shippo_(?:live|test)_|duffel_(?:live|test)_|EZ[AT]K|APP_USR-", URL64, 14),
  // Model providers.
  anywhere("sk-(?:proj|svcacct|admin|ant|or|lf|None)-", URL64, 16),
  atWord("sk-|hf_|api_org_|gsk_|pplx-|xai-|r8_|fw_|pcsk_|nvapi-|tgp_v1_|csk-|jina_|tvly-", ALNUM, 16),
  // Registries.
  anywhere("npm_(?=[A-Za-z]{0,35}[0-9])|dckr_(?:pat|oat)_|rubygems_|AKCp", URL64, 16),
  anywhere("pypi-(?:AgEI|AgEN)|CLOJARS_", URL64, 10),
  atWord("pypi-(?=[A-Za-z_-]{0,60}[0-9])", URL64, 16),
  // Mail and telephone.
  anywhere("SG\\.(?=[A-Za-z_-]{0,60}[0-9.])", DOTTED, 16),
  atWord("(?:pub)?key-", "0-9a-f", 32),
  /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])(?:AC|SK)[0-9a-fA-F]{32}(?![A-Za-z0-9])/g,
  // Shops, networks, clouds, databases.
  anywhere(
    "shp(?:at|ca|pa|ss|tka|ua)_|dop_v1_|doo_v1_|dor_v1_|tskey-[a-z]{1,12}-|pscale_(?:tkn|oauth|pw)_",
    DOTTED,
    16,
  ),
  anywhere("mdb_sa_sk_|sb_secret_|sbp_|FlyV1 fm\\d_|\\bfm\\d_", BASE64, 16),
  atWord("EAA[A-Z]|dapi|nfp_|nfc_|vcp_|rnd_|cfut_|cfat_|xau_|scw_", ALNUM, 20),
  atWord("v1\\.0-|sl\\.(?=[A-Za-z_-]{0,40}[0-9])", URL64, 20),
  // Secret stores, observability, work tools.
  anywhere("hv[sbr]\\.|\\.atlasv1\\.|ops_eyJ|dt0c01\\.|[A-Za-z0-9_~.-]{3}[0-9]Q~", "A-Za-z0-9._~-", 20),
  atWord("dp\\.[a-z]{2,7}\\.|pul-", ALNUM, 20),
  anywhere("gls[a-z]_|NR(?:AK|II|AA|BR|JS|RA|SP)-|sntry[a-z]_|PMAK-|ATATT3|ATCTT3|ATBB|BBDC-", BASE64, 16),
  atWord("glc_|phx_|phc_|lin_(?:api|oauth)_|ntn_|secret_|figd_|figo_|figu_|tfp_|CCIPAT_|bkua_|sq[aupb]_", ALNUM, 20),
  atWord("pat-(?:na|eu|ap)\\d-", URL64, 20),
  // Fixed words before what alone could be a UUID or a digest.
  /(?<![A-Za-z0-9])(?:sdk|mob|api|HRKU)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
  /(?<![A-Za-z0-9])(?:xkeysib-|xsmtpsib-|pat[A-Za-z0-9]{14}\.|lsv2_(?:pt|sk)_|ddapp_|rpa_)[0-9a-f]{32,}[A-Za-z0-9_-]*/g,
  /(?<![A-Za-z0-9])(?:access|public|link|processor)-(?:production|development|sandbox)-[0-9a-f-]{30,}/g,
];

const SHAPES: readonly RegExp[] = [
  // Telegram bots, Discord bots and users, Twitter bearers.
  /(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}/g,
  /(?<![A-Za-z0-9_.-])[A-Za-z0-9_-]{17,}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{24,}/g,
  /(?<![A-Za-z0-9])mfa\.[A-Za-z0-9_-]{20,}/g,
  /(?<![A-Za-z0-9])A{16,24}(?=[A-Za-z%_-]{0,40}[0-9%])(?!A)[A-Za-z0-9%_-]{24,}/g,
  // JWS and JWE (RFC 7515, RFC 7516).
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)+/g,
  // age identities (Bech32).
  /AGE-(?:SECRET-KEY|PLUGIN)-[0-9A-Z-]{12,}/gi,
  // Password hashes in the modular crypt format.
  /\$(?:2[abxy]?|argon2[a-z]{0,2}|apr1|scrypt|[1567]|y|gy|pbkdf2[a-z0-9-]{0,16})\$[^\s:"'`<>,;]{8,}/g,
  // Webhooks, whose address is the secret.
  /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[^\s"'`<>\\]+/gi,
  /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/[^\s"'`<>\\]+/gi,
  /\.webhook\.office\.com\/webhookb2\/[^\s"'`<>\\]+|outlook\.office\.com\/webhook\/[^\s"'`<>\\]+/gi,
  /hooks\.zapier\.com\/hooks\/[^\s"'`<>\\]+|maker\.ifttt\.com\/[^\s"'`<>\\]+/gi,
];

const FORMS: readonly RegExp[] = [...VENDORS, ...SHAPES];
