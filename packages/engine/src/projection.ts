import type { GovernanceView, SystemView } from "./documents.ts";
import { GOVERNANCE_DEFAULTS } from "./governance-rules.ts";
import type { Fact, FactDocument, GovernanceFact, PolicyFact, RosterFact, TokenFact } from "./views/fold-fact.ts";
import { EVERY_TENANT } from "./views/fold-fact.ts";

/**
 * The small facts in memory: governance, roster, tokens, policy pin. INVARIANT: equal to the `view_fact` table at
 * the position the views have, because both change only when a view transaction has committed.
 */
export class Projection {
  #docs = new Map<string, FactDocument>();
  #tokensByLookup = new Map<string, Map<string, TokenFact>>();

  apply(facts: Iterable<Fact>): void {
    for (const fact of facts) {
      this.#docs.set(factKey(fact), fact.doc);
      if (fact.kind === "token") this.#indexToken(fact.doc as TokenFact);
    }
  }

  /** Every fact of a tenant. */
  *facts(tenant: string): Iterable<Fact> {
    for (const [key, doc] of this.#docs) {
      const [owner = "", kind = "", name = ""] = key.split("\0");
      if (owner === tenant) yield { tenant, kind: kind as Fact["kind"], key: name, doc };
    }
  }

  /** Takes over what another one holds, at once. */
  become(other: Projection): void {
    this.#docs = other.#docs;
    this.#tokensByLookup = other.#tokensByLookup;
  }

  doc(tenant: string, kind: Fact["kind"], key: string): FactDocument | undefined {
    return this.#docs.get(factKey({ tenant, kind, key }));
  }

  governance(tenant: string): GovernanceView {
    const doc = this.doc(tenant, "governance", "") as GovernanceFact | undefined;
    if (doc === undefined) {
      return { ...GOVERNANCE_DEFAULTS, mode_input: GOVERNANCE_DEFAULTS.mode, version: 0, updated_at: null };
    }
    const { index: _index, ...view } = doc;
    return view;
  }

  system(tenant: string, id: string): SystemView | undefined {
    return this.doc(tenant, "system", id) as SystemView | undefined;
  }

  systems(tenant: string): readonly SystemView[] {
    return this.#list(tenant, "system") as readonly SystemView[];
  }

  /** How often the roster changed; the guard of the next change. */
  rosterVersion(tenant: string): number {
    return (this.doc(tenant, "roster", "") as RosterFact | undefined)?.version ?? 0;
  }

  token(tenant: string, id: string): TokenFact | undefined {
    return this.doc(tenant, "token", id) as TokenFact | undefined;
  }

  tokens(tenant: string): readonly TokenFact[] {
    return this.#list(tenant, "token") as readonly TokenFact[];
  }

  /** Tokens with this lookup digest: one, unless two digests collide. */
  tokensByLookup(lookup: string): readonly TokenFact[] {
    return [...(this.#tokensByLookup.get(lookup)?.values() ?? [])];
  }

  policyPin(): PolicyFact | undefined {
    return this.doc(EVERY_TENANT, "policy", "") as PolicyFact | undefined;
  }

  policySet(digest: string): PolicyFact | undefined {
    return this.doc(EVERY_TENANT, "policy_set", digest) as PolicyFact | undefined;
  }

  #list(tenant: string, kind: Fact["kind"]): readonly FactDocument[] {
    const prefix = factKey({ tenant, kind, key: "" });
    return [...this.#docs].filter(([key]) => key.startsWith(prefix)).map(([, doc]) => doc);
  }

  #indexToken(token: TokenFact): void {
    const same = this.#tokensByLookup.get(token.lookup) ?? new Map<string, TokenFact>();
    same.set(token.token_id, token);
    this.#tokensByLookup.set(token.lookup, same);
  }
}

/** Tenants and kinds hold no NUL, so the parts cannot run into each other. */
export function factKey({
  tenant,
  kind,
  key,
}: {
  readonly tenant: string;
  readonly kind: string;
  readonly key: string;
}): string {
  return `${tenant}\0${kind}\0${key}`;
}
