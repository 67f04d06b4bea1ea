import type { CompiledPolicy } from "./compile/compile-policy.ts";
import type { PolicyIndex } from "./lookup/policy-index.ts";
import type { Schema } from "./schema/schema.ts";

/** The compiled form of a policy set. */
export interface Program {
  readonly schema: Schema | undefined;
  /** In the order of their ids; `rank` is the place here. */
  readonly policies: readonly CompiledPolicy[];
  readonly index: PolicyIndex;
  /** What the official engine is given to answer in the reference engine's place. */
  readonly official: OfficialSources;
}

/** A policy set in the official engine's form. */
export interface OfficialSources {
  readonly schema: string | undefined;
  readonly policies: {
    readonly staticPolicies: Readonly<Record<string, string>>;
    readonly templates: Readonly<Record<string, string>>;
    readonly templateLinks: readonly unknown[];
  };
}
