import type { JsonValue } from "@writ/canon";
import type { PrincipalRef } from "@writ/kernel";
import { GOVERNANCE_FIELDS } from "@writ/policy";

import type { GovernanceFields } from "../request.ts";
import { parsePrincipal } from "../principal.ts";
import type { SystemView } from "../documents.ts";
import { textOf } from "./fold-entry.ts";
import type { FoldEntry } from "./fold-entry.ts";

/** A small document derived from the log: governance, one roster entry, one token, the pinned policies. */
export interface Fact {
  readonly tenant: string;
  readonly kind: "governance" | "system" | "roster" | "token" | "policy" | "policy_set";
  readonly key: string;
  readonly doc: FactDocument;
}
export type FactDocument = GovernanceFact | SystemView | RosterFact | TokenFact | PolicyFact;

export interface RosterFact {
  readonly version: number;
}

export interface GovernanceFact extends GovernanceFields {
  readonly mode_input: string;
  readonly version: number;
  /** Log index of the change. */
  readonly index: number;
  readonly updated_at: string;
}

export interface TokenFact {
  readonly token_id: string;
  readonly tenant: string;
  readonly role: "operator" | "agent" | "viewer";
  readonly principal: PrincipalRef;
  /** Hex; see `token-text.ts`. */
  readonly lookup: string;
  readonly salt: string;
  readonly hash: string;
  readonly label: string | null;
  /** Log index of the creation. */
  readonly index: number;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

/** Where the text of a policy set is in the log. */
export interface PolicyFact {
  readonly policy_digest: string;
  readonly index: number;
  readonly at: string;
}

/** Policies rule all tenants of a log, so they are kept under none. */
export const EVERY_TENANT = "*";

/** How facts are looked up while folding. */
export type FactLookup = (tenant: string, kind: Fact["kind"], key: string) => FactDocument | undefined;

/** The facts an entry changes: a pure function of the facts before and the entry. */
export function foldFacts(entry: FoldEntry, before: FactLookup): readonly Fact[] {
  return RULES.get(entry.kind)?.(entry, before) ?? [];
}

const RULES: ReadonlyMap<string, (entry: FoldEntry, before: FactLookup) => readonly Fact[]> = new Map([
  ["x.governance.changed", foldGovernance],
  ["x.system.changed", foldSystems],
  ["x.token.created", foldToken],
  ["x.token.revoked", foldRevocation],
  ["policy.changed", foldPolicies],
]);

function foldGovernance({ index, data, who, at, opened }: FoldEntry): readonly Fact[] {
  // The thirteen fields have one order everywhere; entries are canonical and have another.
  const fields = Object.fromEntries(
    GOVERNANCE_FIELDS.map(({ name }) => [name, data[name]]),
  ) as unknown as GovernanceFields;
  const doc: GovernanceFact = {
    ...fields,
    narrative_strength: Number(data["narrative_strength"]),
    mode_input: opened["mode_input"] ?? fields.mode,
    version: Number(data["version"]),
    index,
    updated_at: at,
  };
  return [{ tenant: who.tenant, kind: "governance", key: "", doc }];
}

function foldSystems({ data, who }: FoldEntry): readonly Fact[] {
  const systems = data["systems"] as unknown as readonly SystemView[];
  const { tenant } = who;
  const changed = systems.map((doc): Fact => ({ tenant, kind: "system", key: doc.system_id, doc }));
  return [...changed, { tenant, kind: "roster", key: "", doc: { version: Number(data["version"]) } }];
}

function foldToken({ index, data, who, at, opened }: FoldEntry): readonly Fact[] {
  const doc: TokenFact = {
    token_id: textOf(data["token_id"]),
    tenant: who.tenant,
    role: data["role"] as TokenFact["role"],
    principal: parsePrincipal(textOf(data["principal"])),
    lookup: textOf(data["lookup"]),
    salt: textOf(data["salt"]),
    hash: textOf(data["hash"]),
    label: opened["label"] ?? null,
    index,
    created_at: at,
    revoked_at: null,
  };
  return [{ tenant: who.tenant, kind: "token", key: doc.token_id, doc }];
}

function foldRevocation({ data, who, at }: FoldEntry, before: FactLookup): readonly Fact[] {
  const key = textOf(data["token_id"]);
  const doc = before(who.tenant, "token", key) as TokenFact | undefined;
  if (doc === undefined || doc.revoked_at !== null) return [];
  return [{ tenant: who.tenant, kind: "token", key, doc: { ...doc, revoked_at: at } }];
}

function foldPolicies({ index, at, data }: FoldEntry): readonly Fact[] {
  const doc = { policy_digest: textOf(data["policy_digest"]), index, at };
  return [
    { tenant: EVERY_TENANT, kind: "policy", key: "", doc },
    { tenant: EVERY_TENANT, kind: "policy_set", key: doc.policy_digest, doc },
  ];
}

/** What erasing private fields of one entry changes. */
export interface ErasedFields {
  readonly index: number;
  readonly fields: readonly string[];
}

/** The fields an `erasure` entry names; the ledger writes `{index, fields}` or a list of such under `erased`. */
export function erasedBy({ kind, data }: FoldEntry): readonly ErasedFields[] {
  if (kind !== "erasure") return [];
  const list = Array.isArray(data["erased"]) ? (data["erased"] as readonly JsonValue[]) : [data];
  return list.flatMap((one) => {
    const { index, fields } = one as { readonly index?: unknown; readonly fields?: unknown };
    return typeof index === "number" && Array.isArray(fields) ? [{ index, fields: fields.map(String) }] : [];
  });
}

/** The fact without the content that was erased from its entry; undefined when it holds none of it. */
export function withoutErased(fact: Fact, tenant: string, { index, fields }: ErasedFields): Fact | undefined {
  if (fact.tenant !== tenant) return undefined;
  if (fact.kind === "token" && fields.includes("label")) {
    const doc = fact.doc as TokenFact;
    return doc.index === index ? { ...fact, doc: { ...doc, label: null } } : undefined;
  }
  if (fact.kind === "governance" && fields.includes("mode_input")) {
    const doc = fact.doc as GovernanceFact;
    return doc.index === index ? { ...fact, doc: { ...doc, mode_input: doc.mode } } : undefined;
  }
  return undefined;
}
