import { checkApproval, holdProgress, parseApproval } from "@writ/kernel";
import { digest } from "./1-contract.ts";

const actionId = "01926f5e-7c00-7000-8000-000000000001";
const anna = { type: "operator", id: "anna" } as const;

/** From outside, so it is read strictly: an unknown field, a missing one or another type is refused. */
const approval = parseApproval({
  schema: "writ.approval.v1",
  action_id: actionId,
  action_digest: digest,
  approver: { ...anna },
  auth: "token",
  at: "2026-01-02T03:04:05.006Z",
  expires_at: "2026-01-02T03:19:05.006Z",
});

const now = Date.parse("2026-01-02T03:05:00Z");
const proposer = { type: "agent", id: "claude" } as const;

/** `{ ok: true }`: it is about this action and this digest, in time, and not the proposer's own. */
export const counts = checkApproval(approval, { actionId, actionDigest: digest, proposer, now });

/** Two rules hold the action: one operator is enough for the first, the second wants another than anna. */
export const progress = holdProgress(
  [
    { policy: "outbound", requirement: "operator", approvals: 1 },
    { policy: "payments", requirement: "second_operator", approvals: 1 },
  ],
  [{ principal: anna, owner: false }],
  [anna],
);
