/** Who must say yes before a held action may run (ARCHITECTURE §5). */
export interface HoldRequirement {
  /** The `@id` of the holding policy. */
  readonly policy: string;
  readonly requirement: "operator" | "second_operator" | "owner";
  /** How many different approvers it asks for; at least 1, at most 9. */
  readonly approvals: number;
}
