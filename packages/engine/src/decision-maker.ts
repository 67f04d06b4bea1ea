import { canonicalize } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import type { Contract, PrincipalRef } from "@writ/kernel";
import { commandEffects, entityStore, policyContext } from "@writ/policy";
import type { EntityJson, EntityStore, PolicyDecision, PolicyFacts, PolicyRequest, PolicySet } from "@writ/policy";

import { askPolicy } from "./ask-policy.ts";
import type { GovernanceStamp } from "./documents.ts";
import { principalText } from "./principal.ts";
import type { Projection } from "./projection.ts";
import { progress } from "./requirements.ts";
import { isRevokedToken, standing } from "./standing.ts";
import type { ActionRecord } from "./views/action-record.ts";

/** Who asks and how, beside the contract: everything a decision depends on. */
export interface Asking {
  readonly tenant: string;
  readonly principal: PrincipalRef;
  /** Token id, or how else the principal proved itself. */
  readonly credential: string;
  readonly contract: Contract;
  readonly live: boolean;
}

export interface Decided {
  readonly outcome: PolicyDecision["outcome"];
  readonly decision: PolicyDecision;
  readonly governance: GovernanceStamp;
  /** How often the roster had changed. */
  readonly rosterVersion: number;
  /** Name of the tool as policy was told it, null where none is named. */
  readonly tool: string | null;
  readonly policyDigest: string;
  readonly policyEngine: string;
  /** Different operators that must say yes; 0 unless it holds. */
  readonly approvalsRequired: number;
  /** Canonical JSON of the entities and the request that policy was given. */
  readonly inputs: string;
}

/** Entity stores kept: one for each principal and chain. */
const STORES_MAX = 1_024;

/** Decides contracts under the governance, roster and policies that are in force when it is asked. */
export class DecisionMaker {
  readonly #projection: Projection;
  readonly #sandboxed: () => boolean;
  readonly #stores = new Map<string, { readonly store: EntityStore; readonly text: string }>();
  #set: PolicySet;

  constructor(parts: { readonly projection: Projection; readonly set: PolicySet; readonly sandboxed: () => boolean }) {
    this.#projection = parts.projection;
    this.#set = parts.set;
    this.#sandboxed = parts.sandboxed;
  }

  get set(): PolicySet {
    return this.#set;
  }

  use(set: PolicySet): void {
    this.#set = set;
    this.#stores.clear();
  }

  decide(asking: Asking): Decided {
    const facts = this.#facts(asking);
    const request = policyRequest(asking, facts);
    const entities = this.#entities(asking);
    const decision = askPolicy(this.#set, request, () => entities.store);
    const { version } = this.#projection.governance(asking.tenant);
    const { mode, posture, role } = request.context as {
      readonly mode: string;
      readonly posture: string;
      readonly role: string;
    };
    return {
      outcome: decision.outcome,
      decision,
      governance: { mode, posture, role, version },
      tool: facts.tool?.name ?? null,
      rosterVersion: this.#projection.rosterVersion(asking.tenant),
      policyDigest: this.#set.digest,
      policyEngine: this.#set.engine,
      approvalsRequired: decision.outcome === "hold" ? Math.max(1, progress(decision.holds, [], []).required) : 0,
      inputs: `{"entities":${entities.text},"request":${canonicalize(request as unknown as JsonValue)}}`,
    };
  }

  /**
   * True when an action's last decision was made under what is in force now: governance, roster and policies are those
   * it names, and the proposer's token is still good.
   */
  isCurrent(record: Pick<ActionRecord, "tenant" | "credential" | "decision">): boolean {
    const { tenant, decision } = record;
    return (
      decision.policy_digest === this.#set.digest &&
      decision.governance.version === this.#projection.governance(tenant).version &&
      decision.roster_version === this.#projection.rosterVersion(tenant) &&
      !this.isRevoked(record)
    );
  }

  /** True when the token that a caller came with, or an action was proposed with, was revoked. */
  isRevoked({ tenant, credential }: { readonly tenant: string; readonly credential: string }): boolean {
    return isRevokedToken(this.#projection, tenant, credential);
  }

  #facts({ tenant, principal, credential, contract, live }: Asking): PolicyFacts {
    const { mode, posture } = this.#projection.governance(tenant);
    const chain = [principal, ...contract.on_behalf_of];
    const { shape, scope } = contract;
    const said = shape.kind === "statement" ? shape : undefined;
    return {
      mode,
      posture,
      tenant,
      caller: standing(this.#projection, { tenant, credential, chain }),
      effects: contract.effects,
      tool: toolOf(contract),
      evidence: said?.evidence ?? [],
      rationale: said?.rationale ?? null,
      amount: said?.amount ?? null,
      position: said?.position ?? null,
      criticalFlag: false,
      network: scope.network === "host",
      live,
      sandboxed: this.#sandboxed(),
      cwd: shape.kind === "process" ? shape.cwd : null,
      writePaths: scope.write,
    };
  }

  #entities({ tenant, contract }: Asking): { readonly store: EntityStore; readonly text: string } {
    const chain = [contract.principal, ...contract.on_behalf_of];
    const key = [tenant, ...chain.map(principalText)].join("\0");
    const known = this.#stores.get(key);
    if (known !== undefined) return known;
    const entities = chainEntities(tenant, chain);
    const made = {
      store: entityStore(this.#set, entities),
      text: canonicalize(entities as unknown as JsonValue),
    };
    if (this.#stores.size >= STORES_MAX) this.#stores.clear();
    this.#stores.set(key, made);
    return made;
  }
}

function policyRequest({ contract }: Asking, facts: PolicyFacts): PolicyRequest {
  return {
    principal: { type: ENTITY_TYPES[contract.principal.type], id: contract.principal.id },
    action: { type: "Action", id: contract.action },
    resource: contract.resource,
    context: policyContext(facts),
  };
}

const ENTITY_TYPES = { operator: "Operator", agent: "Agent", system: "System" } as const;

/** A chain from the acting principal to whom it acts for: each is a child of the next, all belong to the tenant. */
function chainEntities(tenant: string, chain: readonly PrincipalRef[]): readonly EntityJson[] {
  const owner = { type: "Tenant", id: tenant };
  const entities = new Map<string, EntityJson>();
  chain.forEach((principal, position) => {
    const uid = { type: ENTITY_TYPES[principal.type], id: principal.id };
    const next = principal.type === "agent" ? chain[position + 1] : undefined;
    const parent = next === undefined || next.type === "system" ? [] : [{ type: ENTITY_TYPES[next.type], id: next.id }];
    const isSelf = parent[0]?.type === uid.type && parent[0].id === uid.id;
    const key = principalText(principal);
    if (!entities.has(key)) entities.set(key, { uid, parents: isSelf ? [owner] : [owner, ...parent] });
  });
  return [...entities.values(), { uid: owner, parents: [] }];
}

/**
 * A process's program is its tool; one that nobody registered is unknown (D-11), unless its effects are known anyway.
 * A statement names its tool or none.
 */
function toolOf({ shape, scope, resource, effects }: Contract): PolicyFacts["tool"] {
  if (shape.kind === "process") return { name: resource.id, registered: commandEffects(shape.argv, scope).registered };
  return shape.tool === null ? null : { name: shape.tool, registered: effects.length > 0 };
}
