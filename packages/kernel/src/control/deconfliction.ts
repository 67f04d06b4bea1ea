import type { ExactJson } from "@writ/canon";
import { isExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "./record-refusal.ts";
import type { ArtifactState } from "./artifact-lifecycle.ts";

export interface Conflict {
  readonly role: string;
  readonly reason_code: "artifact_digest_mismatch" | "lifecycle_blocked";
  readonly message: string;
  readonly expected_digest: string;
  readonly actual_digest: string;
  readonly upstream_role: "";
}

export interface ChangeOrder {
  readonly required: boolean;
  readonly conflicts: readonly Conflict[];
  readonly required_actions: readonly string[];
  readonly invalidated_roles: readonly string[];
}

/** What must be repaired, rebound and revalidated when artifacts disagree (spec kernel.md §16). */
export function changeOrder(states: readonly ArtifactState[], expected: ReadonlyMap<string, string>): ChangeOrder {
  const conflicts = states.flatMap((state) => conflictsOf(state, expected.get(state.role) ?? ""));
  return {
    required: conflicts.length > 0,
    conflicts,
    required_actions: [...new Set(conflicts.flatMap(actionsOf))],
    invalidated_roles: [...new Set(conflicts.flatMap(({ role }) => downstreamOf(role)))],
  };
}

/** Reads the digest that each role must have; an empty one expects nothing. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseExpectedDigests(value: ExactJson): ReadonlyMap<string, string> {
  if (!isExactRecord(value)) throw recordRefusal("invalid_expected_digests", 12);
  return new Map(
    Object.entries(value).map(([role, digest]) => {
      if (digest !== null && typeof digest !== "string") throw recordRefusal(`invalid_expected_digest:${role}`, 12);
      return [role, digest ?? ""];
    }),
  );
}

const ROLES = [
  "intent_contract",
  "policy_decision",
  "execution_contract",
  "execution_ticket",
  "execution_receipt",
  "evidence_contract",
  "artifact_chain_manifest",
] as const;

function conflictsOf({ role, digest, blocked }: ArtifactState, expected: string): readonly Conflict[] {
  const common = { role, actual_digest: digest, upstream_role: "" } as const;
  const message = `${role} digest does not match expected binding`;
  return [
    ...(expected !== "" && expected !== digest
      ? [{ ...common, reason_code: "artifact_digest_mismatch", message, expected_digest: expected } as const]
      : []),
    ...blocked.map(
      (reason) => ({ ...common, reason_code: "lifecycle_blocked", message: reason, expected_digest: "" }) as const,
    ),
  ];
}

function actionsOf({ role, reason_code }: Conflict): readonly string[] {
  return [
    `repair_artifact:${role}`,
    ...(reason_code === "artifact_digest_mismatch" ? [`rebuild_bindings_for:${role}`] : []),
    ...downstreamOf(role).map((later) => `revalidate_artifact:${later}`),
  ];
}

/** All later roles; a role of no chain has none. */
function downstreamOf(role: string): readonly string[] {
  const at = ROLES.findIndex((known) => known === role);
  return at < 0 ? [] : ROLES.slice(at + 1);
}
