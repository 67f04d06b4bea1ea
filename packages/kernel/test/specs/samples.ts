import type { ExactJson } from "@writ/canon";
import {
  approveSpec,
  policyGateway,
  preparedSpecDigest,
  prepareSpec,
  requestDecoration,
  type ApprovalGiven,
  type ApprovedSpec,
  type GatewayVerdict,
  type OperatorDecoration,
  type PreparedSpec,
} from "@writ/kernel/security";
import { setting } from "../actions/samples.ts";

export const action = {
  action_type: "confirmatory_probe",
  tool: "curl",
  args: ["-sS", "https://a.test/x"],
  target: "https://a.test/x",
  tool_chain: [
    { tool: "curl", role: "probe", args: ["-sS", "https://a.test/x"] },
    { tool: "httpx", role: "validate", args: ["-silent"], stdin: "https://a.test/x\n" },
  ],
};
export const operator: OperatorDecoration = {
  headers: [
    { name: "X-Trace", value: "t1", secret_ref: null },
    { name: "Authorization", value: null, secret_ref: "campaign/bearer" },
  ],
  cookies: [{ name: "sid", secret_ref: "campaign/sid" }],
  basic_auth: { username: "ada", password_ref: "campaign/password" },
};
export const campaign = { bug_bounty_username: "ada", test_account_email: "ada@mail.test" };
export const credentials = {
  credentials_required: false,
  allow_auth_header: true,
  allow_cookie_header: true,
  allow_basic_auth: true,
  credentials_owner_approved: true,
  resolved_campaign_key: "programme-1",
};

export function passed(asked: ExactJson = action): GatewayVerdict {
  return policyGateway(asked, setting);
}

export function prepared(asked: ExactJson = action): PreparedSpec {
  return prepareSpec({ verdict: passed(asked), decoration: requestDecoration(campaign, operator), credentials });
}

export function approval(spec: PreparedSpec): ApprovalGiven {
  return {
    decision: "approve",
    reason: "as agreed",
    reason_code: "auditor_approved",
    constraints: ["once"],
    approval_source: "auditor",
    owner_override_applied: false,
    approval_transform_chain: [],
    subject_digest: preparedSpecDigest(spec),
  };
}

export function approved(spec: PreparedSpec = prepared()): ApprovedSpec {
  const result = approveSpec(spec, approval(spec));
  if (!result.ok) throw new Error(result.reason);
  return result.spec;
}
