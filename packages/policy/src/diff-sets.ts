import { compareCodeUnits } from "@writ/canon";

import type { PolicyInfo, PolicySet } from "./policy-set.ts";

/** What differs between two sets; ids sorted. */
export interface PolicySetDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** In both, with another text, annotations included. Moving a policy to another file is no change. */
  readonly changed: readonly string[];
  readonly schemaChanged: boolean;
}

/** Compares two sets policy by policy, by id. */
export function diffPolicySets(before: PolicySet, after: PolicySet): PolicySetDiff {
  const [old, now] = [textsOf(before.policies), textsOf(after.policies)];
  const only = (left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): string[] =>
    [...left.keys()].filter((id) => !right.has(id)).sort(compareCodeUnits);
  return {
    added: only(now, old),
    removed: only(old, now),
    changed: [...old.keys()].filter((id) => now.has(id) && now.get(id) !== old.get(id)).sort(compareCodeUnits),
    schemaChanged: before.schema?.text !== after.schema?.text,
  };
}

function textsOf(policies: readonly PolicyInfo[]): ReadonlyMap<string, string> {
  return new Map(policies.map((policy) => [policy.id, policy.text]));
}
