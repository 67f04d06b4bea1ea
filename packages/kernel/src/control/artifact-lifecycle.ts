import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { oneOf, recordOf, writtenText, writtenTexts } from "./record-fields.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "./record-refusal.ts";

/** Ways between the states of an artifact chain and the roles each target needs (spec kernel.md §16). */
const WAYS = {
  missing: ["intent_prepared"],
  intent_prepared: ["policy_decided"],
  policy_decided: ["execution_contract_prepared"],
  execution_contract_prepared: ["execution_ticket_approved"],
  execution_ticket_approved: ["execution_receipt_recorded"],
  execution_receipt_recorded: ["evidence_recorded"],
  evidence_recorded: ["verified_chain"],
  verified_chain: ["verified_lifecycle"],
  verified_lifecycle: [],
  blocked: [
    "intent_prepared",
    "policy_decided",
    "execution_contract_prepared",
    "execution_ticket_approved",
    "verified_chain",
  ],
} as const;

export type ArtifactLifecycleState = keyof typeof WAYS;

export const ARTIFACT_LIFECYCLE_STATES = Object.keys(WAYS) as readonly ArtifactLifecycleState[];

const PREPARED = ["intent_contract", "policy_decision", "execution_contract", "execution_ticket"] as const;

const REQUIRED: { readonly [State in ArtifactLifecycleState]: readonly string[] } = {
  missing: [],
  blocked: [],
  intent_prepared: PREPARED.slice(0, 1),
  policy_decided: PREPARED.slice(0, 2),
  execution_contract_prepared: PREPARED.slice(0, 3),
  execution_ticket_approved: PREPARED,
  execution_receipt_recorded: ["execution_contract", "execution_ticket", "execution_receipt"],
  evidence_recorded: ["execution_ticket", "execution_receipt", "evidence_contract"],
  verified_chain: ["artifact_chain_manifest"],
  verified_lifecycle: ["artifact_chain_manifest"],
};

export interface ArtifactState {
  readonly role: string;
  readonly digest: string;
  readonly blocked: readonly string[];
  readonly nextActions: readonly string[];
}

export interface LifecycleGate {
  readonly status: "allowed" | "blocked";
  readonly allowed: boolean;
  readonly reason_code: "ok" | "lifecycle_blocked";
  /** In today's names; a word that names no state leads nowhere. */
  readonly from_state: string;
  readonly to_state: string;
  readonly blockers: readonly string[];
  readonly next_actions: readonly string[];
}

/** Reads the states of a chain's artifacts; a role is the descriptor's, else the artifact's type. */
export function parseArtifactStates(value: ExactJson): readonly ArtifactState[] {
  if (!isExactList(value) || value.length > STATES_MAX) throw recordRefusal("invalid_artifact_states");
  return value.map((item) => {
    const record = recordOf(item, "invalid_artifact_state");
    const nested = member(record, "descriptor");
    const descriptor: ExactRecord = isExactRecord(nested) ? nested : {};
    const role = writtenText(descriptor, ["role", "artifact_type"], writtenText(record, ["role", "artifact_type"]));
    return {
      role,
      digest: writtenText(descriptor, "digest", writtenText(record, "digest")),
      blocked: writtenTexts(record, "blocked_reasons", "invalid_artifact_state"),
      nextActions: writtenTexts(record, "next_actions", "invalid_artifact_state"),
    };
  });
}

/** Whether the chain may take this step, with everything that stands in the way. */
export function lifecycleGate(from: string, to: string, states: readonly ArtifactState[]): LifecycleGate {
  const [from_state, to_state] = [renamed(from), renamed(to)];
  const ways: readonly string[] = isState(from_state) ? WAYS[from_state] : [];
  const needed = isState(to_state) ? REQUIRED[to_state] : [];
  const barred = states.filter(({ blocked }) => blocked.length > 0);
  const missing = needed.filter((role) => !states.some((state) => state.role === role));
  const illegal = !ways.includes(to_state);
  const blockers = [
    ...(illegal ? ["transition_not_allowed"] : []),
    ...barred.map(({ role }) => `artifact_blocked:${role}`),
    ...missing.map((role) => `missing_artifact:${role}`),
  ];
  const next = [
    ...(illegal ? ways.map((way) => `transition_to:${way}`) : []),
    ...barred.flatMap(({ nextActions }) => nextActions),
    ...missing.map((role) => `provide_artifact:${role}`),
  ];
  const allowed = blockers.length === 0;
  return {
    status: allowed ? "allowed" : "blocked",
    allowed,
    reason_code: allowed ? "ok" : "lifecycle_blocked",
    from_state,
    to_state,
    blockers: [...new Set(blockers)],
    next_actions: [...new Set(next)],
  };
}

/** What leads on from a state: each legal step that is open, else what stands in its way. Throws `GOVERNANCE_RECORD_INVALID`. */
export function nextLifecycleActions(current: string, states: readonly ArtifactState[]): readonly string[] {
  const from = oneOf(ARTIFACT_LIFECYCLE_STATES, renamed(current), "unknown_lifecycle_state", 10);
  const actions = WAYS[from].flatMap((to) => {
    const gate = lifecycleGate(from, to, states);
    return gate.allowed ? [`transition_to:${to}`] : gate.next_actions;
  });
  return [...new Set(actions)];
}

/** The states that may follow, whatever the artifacts are. */
export function nextLifecycleStates(state: ArtifactLifecycleState): readonly ArtifactLifecycleState[] {
  return WAYS[state];
}

/** Most artifacts of one chain; the largest role list of the reference has seven. */
const STATES_MAX = 1_000;
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["chain_verified", "verified_chain"],
  ["lifecycle_verified", "verified_lifecycle"],
]);

function renamed(text: string): string {
  const state = stripSpace(text);
  return RENAMED.get(state) ?? state;
}

function isState(text: string): text is ArtifactLifecycleState {
  return Object.hasOwn(WAYS, text);
}
