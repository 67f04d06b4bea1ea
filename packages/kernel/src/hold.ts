import { isSamePrincipal } from "./approval.ts";
import type { PrincipalRef } from "./records.ts";

/** Who must say yes (ARCHITECTURE §5); as `@writ/policy` reports it. */
export interface Requirement {
  readonly policy: string;
  readonly requirement: "operator" | "second_operator" | "owner";
  readonly approvals: number;
}

export interface Approver {
  readonly principal: PrincipalRef;
  /** Whether the approver holds the owner's right. */
  readonly owner: boolean;
}

/** What a hold still waits for. */
export interface HoldProgress {
  readonly satisfied: boolean;
  /** Different approvers needed in all. */
  readonly required: number;
  /** Different approvers so far. */
  readonly given: number;
  /** Policies whose requirement is not met yet, in the order given. */
  readonly missing: readonly string[];
}

/**
 * Several holds on one action add up: every requirement must be met by the approvers together. `operator` asks for
 * `approvals` different operators; `second_operator` for that many who are not the operator the proposer acts for;
 * `owner` for that many with the owner's right. One approver may count towards several requirements, once in each.
 */
export function holdProgress(
  requirements: readonly Requirement[],
  approvers: readonly Approver[],
  onBehalfOf: readonly PrincipalRef[],
): HoldProgress {
  const different = approvers.filter(
    (one, index) => approvers.findIndex((other) => isSamePrincipal(one.principal, other.principal)) === index,
  );
  const missing = requirements.filter(
    (requirement) => countFor(requirement, different, onBehalfOf) < requirement.approvals,
  );
  return {
    satisfied: requirements.length > 0 && missing.length === 0,
    required: requirements.reduce((most, { approvals }) => Math.max(most, approvals), 0),
    given: different.length,
    missing: missing.map(({ policy }) => policy),
  };
}

function countFor(
  { requirement }: Requirement,
  approvers: readonly Approver[],
  onBehalfOf: readonly PrincipalRef[],
): number {
  switch (requirement) {
    case "operator":
      return approvers.length;
    case "owner":
      return approvers.filter(({ owner }) => owner).length;
    case "second_operator":
      return approvers.filter((one) => !onBehalfOf.some((asked) => isSamePrincipal(asked, one.principal))).length;
  }
}
