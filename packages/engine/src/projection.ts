import type { GovernanceView, SystemView } from "./documents.ts";
import { GOVERNANCE_DEFAULTS } from "./governance-rules.ts";
import type { Fact, FactDocument, GovernanceFact, PolicyFact, RosterFact, TokenFact } from "./views/fold-fact.ts";
import { EVERY_TENANT } from "./views/fold-fact.ts";

/** Documents of one kind by their key. */
type Drawer = Map<string, FactDocument>;

/**
 * The small facts in memory: governance, roster, tokens, policy pin. INVARIANT: equal to the `view_fact` table at
 * the position the views have, because both change only when a view transaction has committed.
 */
export class Projection {
  #tenants = new Map<string, Map<Fact["kind"], Drawer>>();
  #governance = new Map<string, GovernanceView>();
  #tokensByLookup = new Map<string, Map<string, TokenFact>>();

  apply(facts: Iterable<Fact>): void {
    for (const { tenant, kind, key, doc } of facts) {
      this.#drawerFor(tenant, kind).set(key, doc);
      if (kind === "token") this.#indexToken(doc as TokenFact);
      if (kind === "governance") this.#governance.set(tenant, governanceView(doc as GovernanceFact));
    }
  }

  /** Every fact of a tenant. */
  *facts(tenant: string): Iterable<Fact> {
    for (const [kind, drawer] of this.#tenants.get(tenant) ?? []) {
      for (const [key, doc] of drawer) yield { tenant, kind, key, doc };
    }
  }

  /** Takes over what another one holds, at once. */
  become(other: Projection): void {
    this.#tenants = other.#tenants;
    this.#governance = other.#governance;
    this.#tokensByLookup = other.#tokensByLookup;
  }

  doc(tenant: string, kind: Fact["kind"], key: string): FactDocument | undefined {
    return this.#tenants.get(tenant)?.get(kind)?.get(key);
  }

  governance(tenant: string): GovernanceView {
    return this.#governance.get(tenant) ?? NEVER_CHANGED;
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
    return [...(this.#tenants.get(tenant)?.get(kind)?.values() ?? [])];
  }

  #drawerFor(tenant: string, kind: Fact["kind"]): Drawer {
    const kinds = this.#tenants.get(tenant) ?? new Map<Fact["kind"], Drawer>();
    this.#tenants.set(tenant, kinds);
    const drawer = kinds.get(kind) ?? new Map<string, FactDocument>();
    kinds.set(kind, drawer);
    return drawer;
  }

  #indexToken(token: TokenFact): void {
    const same = this.#tokensByLookup.get(token.lookup) ?? new Map<string, TokenFact>();
    same.set(token.token_id, token);
    this.#tokensByLookup.set(token.lookup, same);
  }
}

const NEVER_CHANGED: GovernanceView = {
  ...GOVERNANCE_DEFAULTS,
  mode_input: GOVERNANCE_DEFAULTS.mode,
  version: 0,
  updated_at: null,
};

function governanceView({ index: _index, ...view }: GovernanceFact): GovernanceView {
  return view;
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
