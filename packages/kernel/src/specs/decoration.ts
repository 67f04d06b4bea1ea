import { distinct } from "../actions/distinct.ts";
import { inside, list, nullable, oneOf, record, refuse, text, type FieldReader, type Place } from "../fields.ts";
import { secretRole } from "../redaction/secret-role.ts";
import { secretSpans } from "../redaction/secret-text.ts";
import { holdsSecretMark, secretReference } from "./secret-reference.ts";
import { plainText, SPEC_PLACE } from "./spec-fields.ts";

export const DECORATION_MODES = ["none", "campaign_required", "operator_supplied", "mixed"] as const;

export interface DecorationHeader {
  readonly name: string;
  /** Either the value in clear, or where it is kept. */
  readonly value: string | null;
  readonly secret_ref: string | null;
  readonly source: "campaign_required" | "operator_supplied";
}

/** What is added to every request (spec kernel.md §12). A secret is only ever named (§27 no. 30). */
export interface RequestDecoration {
  readonly mode: (typeof DECORATION_MODES)[number];
  readonly headers: readonly DecorationHeader[];
  readonly cookies: readonly { readonly name: string; readonly secret_ref: string }[];
  readonly basic_auth: { readonly username: string; readonly password_ref: string } | null;
}

/** What the operator adds to a campaign's own headers. */
export type OperatorDecoration = Pick<RequestDecoration, "cookies" | "basic_auth"> & {
  readonly headers: readonly Omit<DecorationHeader, "source">[];
};

export interface CampaignIdentity {
  readonly bug_bounty_username: string;
  readonly test_account_email: string;
}

/** Joins what the campaign requires and what the operator supplies. Throws `EXECUTION_SPEC_INVALID` with the path to the field. */
export function requestDecoration(campaign: CampaignIdentity, operator?: OperatorDecoration): RequestDecoration {
  const identity = [
    ["X-Bug-Bounty", campaign.bug_bounty_username],
    ["X-Test-Account-Email", campaign.test_account_email],
  ] as const;
  const required = identity
    .filter(([, value]) => value.trim() !== "")
    .map(([name, value]) => ({ name, value: value.trim(), secret_ref: null, source: "campaign_required" as const }));
  const supplied = (operator?.headers ?? []).map((header) => ({ ...header, source: "operator_supplied" as const }));
  const { cookies = [], basic_auth: basic = null } = operator ?? {};
  const decoration = { headers: [...required, ...supplied], cookies, basic_auth: basic };
  const place = inside(SPEC_PLACE, "request_decoration");
  return readDecoration({ mode: modeOf(decoration), ...decoration }, place);
}

/** Reads a decoration; its mode must be the one that its parts have. */
export const readDecoration: FieldReader<RequestDecoration> = (value, at) => {
  const decoration = readParts(value, at);
  if (decoration.mode !== modeOf(decoration)) throw refuse(inside(at, "mode"), "is not that of its parts");
  for (const [index, header] of decoration.headers.entries())
    checkHeader(header, inside(at, `headers.${String(index)}`));
  return decoration;
};

function modeOf({ headers, cookies, basic_auth: basic }: Omit<RequestDecoration, "mode">): RequestDecoration["mode"] {
  const campaign = headers.some(({ source }) => source === "campaign_required");
  const operator = cookies.length > 0 || basic !== null || headers.some(({ source }) => source === "operator_supplied");
  if (campaign && operator) return "mixed";
  if (campaign) return "campaign_required";
  return operator ? "operator_supplied" : "none";
}

/** A header that is secret by its name or by its value may only be named. */
function checkHeader({ name, value, secret_ref: reference }: DecorationHeader, at: Place): void {
  if ((value === null) === (reference === null)) throw refuse(at, "must have either a value or a secret's name");
  if (value === null) return;
  if (secretRole(name) !== undefined || secretSpans(`${name}: ${value}`).length > 0 || holdsSecretMark(value))
    throw refuse(inside(at, "value"), "is secret, and may only be named");
}

const token = text({ min: 1, max: 128, form: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, what: "an HTTP token" });
const line = (max: number): FieldReader<string> => {
  const read = plainText(max, 1);
  return (value, at) => {
    const found = read(value, at);
    // oxlint-disable-next-line no-control-regex -- a line break would begin another header
    if (/[\u0000-\u001f\u007f]/.test(found)) throw refuse(at, "holds a control character");
    return found;
  };
};

const readParts = record<RequestDecoration>({
  mode: oneOf(DECORATION_MODES),
  headers: distinct(
    list(
      record<DecorationHeader>({
        name: token,
        value: nullable(line(1_024)),
        secret_ref: nullable(secretReference),
        source: oneOf(["campaign_required", "operator_supplied"]),
      }),
      16,
    ),
    ({ name }) => name.toLowerCase(),
  ),
  cookies: distinct(
    list(record<{ name: string; secret_ref: string }>({ name: token, secret_ref: secretReference }), 16),
    ({ name }) => name,
  ),
  basic_auth: nullable(
    record<{ username: string; password_ref: string }>({
      username: text({ min: 1, max: 256, form: /^[^:{}\p{Cc}]+$/u, what: "a user's name without `:`" }),
      password_ref: secretReference,
    }),
  ),
});
