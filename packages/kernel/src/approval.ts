import { canonicalize, parseInstant, sha256Hex, type JsonValue } from "@writ/canon";
import { principal } from "./contract.ts";
import { instant, oneOf, record, refuse, sha256, uuid } from "./fields.ts";
import type { Approval, PrincipalRef } from "./records.ts";

/** Reads an approval strictly. @throws WritError `APPROVAL_INVALID`. */
export function parseApproval(value: JsonValue): Approval {
  const at = { code: "APPROVAL_INVALID", path: "" } as const;
  const approval = readApproval(value, at);
  if (parseInstant(approval.expires_at) <= parseInstant(approval.at)) throw refuse(at, "expires before it is given");
  return approval;
}

/** SHA-256 of the approval's RFC 8785 bytes, 64 lower-case hex digits. */
export function approvalDigest(approval: Approval): string {
  return sha256Hex(canonicalize(approval as unknown as JsonValue));
}

const readApproval = record<Approval>({
  schema: oneOf(["writ.approval.v1"]),
  action_id: uuid,
  action_digest: sha256,
  approver: principal,
  auth: oneOf(["token", "socket", "trial"]),
  at: instant,
  expires_at: instant,
});

/** Why an approval does not count. */
export type ApprovalRefusal =
  | "other_action"
  | "other_digest"
  | "expired"
  | "approver_is_proposer"
  | "approver_not_operator";

/** Whether one approval counts for one proposal now. `now` is UTC milliseconds. */
export function checkApproval(
  approval: Approval,
  action: {
    readonly actionId: string;
    readonly actionDigest: string;
    readonly proposer: PrincipalRef;
    readonly now: number;
  },
): { readonly ok: true } | { readonly ok: false; readonly refusal: ApprovalRefusal } {
  if (approval.action_id !== action.actionId) return refused("other_action");
  if (approval.action_digest !== action.actionDigest) return refused("other_digest");
  if (action.now >= parseInstant(approval.expires_at)) return refused("expired");
  if (approval.approver.type !== "operator") return refused("approver_not_operator");
  if (isSamePrincipal(approval.approver, action.proposer)) return refused("approver_is_proposer");
  return { ok: true };
}

export function isSamePrincipal(left: PrincipalRef, right: PrincipalRef): boolean {
  return left.type === right.type && left.id === right.id;
}

function refused(refusal: ApprovalRefusal): { readonly ok: false; readonly refusal: ApprovalRefusal } {
  return { ok: false, refusal };
}
