import { type ExactJson, JsonFraction } from "@writ/canon";
import type { ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { scliteTextV01 } from "../compat/sclite-json-v01.ts";
import type { AdmissionSignals } from "./signal-status.ts";

/** References by role, and those given separately under `explicit`. */
export type ArtifactRefs = { readonly [role: string]: { readonly [key: string]: string } };

/** Keeps scalar references and digests alone (spec kernel.md §20.3); everything else is dropped, not refused. */
export function artifactRefs(signals: AdmissionSignals, explicit: ExactRecord): ArtifactRefs {
  const named = [...SIGNAL_ROLES.map((role) => [role, signals[role]] as const), ["explicit", explicit] as const];
  const kept = named.map(([role, record]) => [role, refsOf(record)] as const);
  return Object.fromEntries(kept.filter(([, refs]) => Object.keys(refs).length > 0));
}

/** The signals that an admission is composed of, in the order in which they are searched. */
export const SIGNAL_ROLES = [
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

function refsOf(record: ExactRecord): Readonly<Record<string, string>> {
  const kept: [string, string][] = [];
  for (const [key, value] of Object.entries(record)) {
    const text = scalarText(value);
    if (text === "") continue;
    if (DIGESTS.has(key)) kept.push([key, normalDigest(text)]);
    else if (REFERENCES.has(key)) kept.push([key, text]);
  }
  return Object.fromEntries(kept.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** A text without the space around it, or a number as the reference writes it; everything else refers to nothing. */
function scalarText(value: ExactJson): string {
  if (typeof value === "string") return stripSpace(value);
  const number = typeof value === "number" || typeof value === "bigint" || value instanceof JsonFraction;
  return number ? scliteTextV01(value) : "";
}

function normalDigest(text: string): string {
  if (/^sha256:/i.test(text)) return `sha256:${stripSpace(text.slice(7)).toLowerCase()}`;
  return /^[0-9a-f]{64}$/i.test(text) ? `sha256:${text.toLowerCase()}` : text;
}
