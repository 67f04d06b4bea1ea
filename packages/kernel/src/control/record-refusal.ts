import { WritError } from "@writ/canon";

/** Codes of governance records; `details.reason` is the reference's code, or the product's where `details.rule` is set. */
export type GovernanceRecordErrorCode =
  /** A record of spec kernel.md §15 to §24 that is malformed or claims what it must not. */
  "GOVERNANCE_RECORD_INVALID";

/** `rule` is the number of the rule of spec kernel.md §27 by which the product refuses what the reference accepts. */
export function recordRefusal(reason: string, rule?: number): WritError<GovernanceRecordErrorCode> {
  return new WritError({
    code: "GOVERNANCE_RECORD_INVALID",
    message: `the record is refused: \`${reason}\``,
    reason: "a governance record counts only when every field has its form and no rule forbids it",
    next: "correct the record where the reason says",
    details: { reason, ...(rule !== undefined && { rule }) },
  });
}
