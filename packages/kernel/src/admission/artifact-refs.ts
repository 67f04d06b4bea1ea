import type { ExactJson } from "@writ/canon";
import { isExactRecord, type ExactRecord } from "../compat/exact-record.ts";
import type { AdmissionSignals } from "./signal-status.ts";

/** References by role, and those given separately under `explicit`. */
export type ArtifactRefs = { readonly [role: string]: { readonly [key: string]: ExactJson } };

/** Keeps scalar references and digests alone (spec kernel.md §20.3); everything else is dropped, not refused. */
export function artifactRefs(signals: AdmissionSignals, explicit: ExactRecord): ArtifactRefs {
  const named = [...ROLES.map((role) => [role, signals[role]] as const), ["explicit", explicit] as const];
  const kept = named.map(([role, record]) => [role, refsOf(record)] as const);
  return Object.fromEntries(kept.filter(([, refs]) => Object.keys(refs).length > 0));
}

const ROLES = [
  "prepared_execution_contract",
  "policy_decision",
  "execution_ticket",
  "trust_decision",
  "sclite_guarded_strict",
  "replay_freshness",
  "runner_profile",
  "receipt_obligation",
] as const;

const REFERENCES: ReadonlySet<string> = new Set(
  (
    "admission_id artifact_id artifact_ref chain_id decision_id id path policy_id profile receipt_id ref request_id " +
    "runner_profile ticket_id verifier_id"
  ).split(" "),
);
const DIGESTS: ReadonlySet<string> = new Set(
  "admission_digest artifact_digest binds_digest digest root_chain_digest sha256 ticket_digest".split(" "),
);

function refsOf(record: ExactRecord): ExactRecord {
  const kept: [string, ExactJson][] = [];
  for (const [key, value] of Object.entries(record)) {
    if (value === null || Array.isArray(value) || isExactRecord(value)) continue;
    if (DIGESTS.has(key)) kept.push([key, typeof value === "string" ? normalDigest(value) : value]);
    else if (REFERENCES.has(key)) kept.push([key, value]);
  }
  return Object.fromEntries(kept.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function normalDigest(text: string): string {
  const hex = /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text.trim())?.[1];
  return hex === undefined ? text.trim() : `sha256:${hex.toLowerCase()}`;
}
