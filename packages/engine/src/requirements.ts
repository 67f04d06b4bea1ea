import type { PrincipalRef } from "@writ/kernel";
import { holdProgress } from "@writ/kernel";
import type { HoldProgress } from "@writ/kernel";
import type { HoldRequirement } from "@writ/policy";

/** A yes as far as counting goes. */
export interface CountedApproval {
  readonly approver: PrincipalRef;
  readonly auth: "token" | "socket" | "trial";
  readonly expires_at: string;
}

/** Approvals that still count at `nowMs`. */
export function goodApprovals<T extends CountedApproval>(approvals: readonly T[], nowMs: number): readonly T[] {
  return approvals.filter(({ expires_at }) => nowMs < Date.parse(expires_at));
}

/** How far approvals meet what is asked. The owner is who sits at the machine that holds the log. */
export function progress(
  requirements: readonly HoldRequirement[],
  approvals: readonly CountedApproval[],
  onBehalfOf: readonly PrincipalRef[],
): HoldProgress {
  const approvers = approvals.map(({ approver, auth }) => ({ principal: approver, owner: auth === "socket" }));
  return holdProgress(requirements, approvers, onBehalfOf);
}

/** True where `asked` has a requirement that `before` does not cover. */
export function asksMore(asked: readonly HoldRequirement[], before: readonly HoldRequirement[]): boolean {
  return asked.some(
    (one) => !before.some((known) => known.requirement === one.requirement && known.approvals >= one.approvals),
  );
}
