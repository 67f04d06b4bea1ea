/** Which check family a failure belongs to; gates wrap only their own (spec kernel.md §14). */
export type FailureFamily =
  | "schema"
  | "chain"
  | "lifecycle"
  | "ticket_semantics"
  | "ticket_use"
  | "ticket_gate"
  | "guard"
  | "bundle";

/** Why an artifact, chain, ticket or guard is refused. */
export interface LegacyFailure {
  readonly ok: false;
  readonly family: FailureFamily;
  /** The reference's own text, or a product text where `rule` is set. */
  readonly text: string;
  /** Number of the rule of spec kernel.md §27 by which the product refuses what the reference accepts. */
  readonly rule?: number;
}

export function failure(family: FailureFamily, text: string, rule?: number): LegacyFailure {
  return { ok: false, family, text, ...(rule !== undefined && { rule }) };
}
