import type { Effect, Mode, Posture, Role } from "@writ/policy";

/** Everything the decision table of spec command.md §21.1 looks at. */
export interface Situation {
  readonly mode: Mode;
  readonly posture: Posture;
  readonly role: Role;
  readonly active: boolean;
  readonly muted: boolean;
  readonly effects: readonly Effect[];
  readonly evidence: boolean;
  readonly criticalFlag: boolean;
  readonly large: boolean;
  /** A tool is named whose effects nobody stated. */
  readonly unknownTool: boolean;
}

export interface Vote {
  readonly row: string;
  readonly vote: "deny" | "hold";
}

/**
 * The decision table restated row by row from the specification, without a look at the policies: the rows that vote.
 * No vote is an allow (D-12).
 */
export function tableVotes(given: Situation): readonly Vote[] {
  const has = (...effects: readonly Effect[]): boolean => effects.some((effect) => given.effects.includes(effect));
  const changing = has("transaction", "execution", "destructive", "outbound", "state_change", "privilege_escalation");
  const table: readonly (readonly [string, "deny" | "hold", boolean])[] = [
    ["D-2", "deny", !given.active || given.muted],
    ["D-3", "deny", given.role === "Observer" && changing],
    ["D-4", "hold", given.role === "Secondary" && changing],
    ["D-5", "deny", given.posture === "SCOUT" && changing],
    [
      "D-6",
      "hold",
      given.posture === "DEFENSE" && has("transaction", "outbound", "destructive", "privilege_escalation"),
    ],
    [
      "D-7",
      "hold",
      given.mode === "High Security" &&
        has("transaction", "sensitive_data", "destructive", "outbound", "external_access", "privilege_escalation"),
    ],
    ["D-8", "deny", given.mode === "High Security" && has("speculation") && !given.evidence],
    ["D-9", "hold", given.mode === "I Don't Know What To Do" && changing],
    ["D-10", "deny", given.criticalFlag && changing],
    ["D-11", given.posture === "SCOUT" ? "deny" : "hold", given.unknownTool && given.effects.length === 0],
  ];
  return table.flatMap(([row, vote, when]) => (when ? [{ row, vote }] : []));
}

/** The most severe vote wins. */
export function tableOutcome(votes: readonly Vote[]): "allow" | "hold" | "deny" {
  if (votes.some((vote) => vote.vote === "deny")) return "deny";
  return votes.length > 0 ? "hold" : "allow";
}

/** D-6: two confirmations for more than a tenth of the position. */
export function tableApprovals(given: Situation, votes: readonly Vote[]): number {
  if (!votes.some((vote) => vote.vote === "hold")) return 0;
  return given.large && votes.some((vote) => vote.row === "D-6") ? 2 : 1;
}
