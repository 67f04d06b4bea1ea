import type { HoldRequirement } from "./hold.ts";

/** An entity reference as Cedar writes it. */
export interface EntityUid {
  readonly type: string;
  readonly id: string;
}

/** A value in Cedar's JSON form. Integers are `number` when safe and `bigint` otherwise. */
export type CedarJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly CedarJson[]
  | { readonly [key: string]: CedarJson };

export interface EntityJson {
  readonly uid: EntityUid;
  readonly attrs?: { readonly [key: string]: CedarJson };
  readonly parents?: readonly EntityUid[];
  readonly tags?: { readonly [key: string]: CedarJson };
}

export interface PolicyRequest {
  readonly principal: EntityUid;
  readonly action: EntityUid;
  readonly resource: EntityUid;
  readonly context: { readonly [key: string]: CedarJson };
}

/** What Cedar itself answers: sorted, distinct policy ids. */
export interface CedarAnswer {
  readonly decision: "allow" | "deny";
  readonly reason: readonly string[];
  readonly errors: readonly string[];
}

/** What Writ makes of it. */
export interface PolicyDecision {
  readonly outcome: "allow" | "hold" | "deny" | "not_evaluated";
  /** Ids (`@id`) of the policies that determined the outcome, sorted. */
  readonly determining: readonly string[];
  /** Ids of the policies that erred, sorted. */
  readonly erroring: readonly string[];
  /** Every satisfied holding policy, also when a deny outranks it; sorted by id. */
  readonly holds: readonly HoldRequirement[];
  /** Every policy that spoke: satisfied permits and forbids, sorted by id. */
  readonly spoke: readonly string[];
  readonly advice: readonly string[];
}

/** One text of a policy folder. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}
