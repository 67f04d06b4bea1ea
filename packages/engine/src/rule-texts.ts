import type { PolicySet } from "@writ/policy";

/** What readers are told about one policy. */
export interface RuleText {
  readonly effect: "permit" | "forbid";
  readonly kind: string;
  readonly text: string;
}

/** Texts of policies by the digest of their set and their id. */
export type RuleTexts = (policyDigest: string, id: string) => RuleText | undefined;

/** Sets kept: decisions of older ones are shown by their ids alone. */
const SETS_MAX = 16;

/** The texts of the sets this process has loaded. */
export class RuleBook {
  readonly #sets = new Map<string, ReadonlyMap<string, RuleText>>();

  add(set: PolicySet): void {
    const rules = new Map<string, RuleText>();
    for (const { id, effect, annotations } of set.policies) {
      const kind = annotations["row"] ?? (annotations["hold"] === undefined ? effect : "hold");
      rules.set(id, { effect, kind, text: annotations["text"] ?? annotations["advice"] ?? id });
    }
    this.#sets.delete(set.digest);
    this.#sets.set(set.digest, rules);
    const oldest = this.#sets.keys().next();
    if (this.#sets.size > SETS_MAX && oldest.done === false) this.#sets.delete(oldest.value);
  }

  readonly texts: RuleTexts = (policyDigest, id) => this.#sets.get(policyDigest)?.get(id);
}
