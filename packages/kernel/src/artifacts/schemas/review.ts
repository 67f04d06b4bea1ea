import type { Schema } from "../schema.ts";
import { bool, closed, hexDigest, identity, integer, map, nonEmpty, object, oneOf, text, texts } from "./forms.ts";

/** Schemas of what is said about artifacts afterwards: reviews, scope fidelity, redaction (spec kernel.md §8 to §10). */

const verdict = oneOf("pass", "review", "fail");

export const reviewRecord: Schema = closed({
  ...identity("review_record", "v0.1"),
  generated_at: nonEmpty,
  review_id: { type: "string", pattern: "^review-record-([0-9a-f]{12}|unverified)$" },
  review_profile: oneOf("sclite-lifecycle-review-v0.1", "sclite-review-bundle-v0.1"),
  source_manifest: text,
  verdict,
  summary: map({
    artifact_count: integer(0),
    target_hosts: texts,
    root_chain_digest: text,
    scope_fidelity_verdict: verdict,
  }),
  checks: {
    type: "array",
    minItems: 1,
    items: closed({ name: nonEmpty, status: verdict, detail: text }, { count: integer(0) }),
  },
  scope_fidelity_report: object,
  public_safety: map({ static_analysis_only: { const: true } }),
  non_claims: { ...texts, minItems: 1 },
});

export const scopeFidelityV01: Schema = map({
  ...identity("scope_fidelity_report", "v0.1"),
  verdict,
  target_host: text,
  all_hosts_detected: texts,
  mismatched_hosts_detected: texts,
  target_host_match_status: oneOf("exact", "mixed", "none_detected"),
  request_shape_hygiene_status: oneOf("clean", "cross_host_mismatch", "ambiguous"),
  request_shape_hygiene_reason: nonEmpty,
  request_shape_hygiene_source: nonEmpty,
});

export const scopeFidelityV02: Schema = map({
  ...identity("scope_fidelity_report", "v0.2"),
  verdict,
  status: oneOf("consistent", "cross_role_target_mismatch", "incomplete_lifecycle", "no_explicit_targets"),
});

const policy = {
  policy_id: nonEmpty,
  mode: nonEmpty,
  rules: { type: "array", minItems: 1, items: map({ rule_id: nonEmpty, action: nonEmpty }) },
} as const;
const labelled = map({ label: nonEmpty, hash: hexDigest });
const receipt = {
  policy: map({ policy_id: nonEmpty, policy_hash: hexDigest }),
  source: labelled,
  redacted: labelled,
  status: oneOf("redacted", "unchanged"),
  summary: map({ rules_considered: texts, changed_paths_estimate: integer(0), source_and_redacted_hash_match: bool }),
} as const;
/** v0.2: what was looked at and by whom, in place of blanket claims; publication is never authorised by it. */
const disclosure = closed(
  {
    status: oneOf("unknown", "operator_asserted", "checks_performed", "externally_verified"),
    coverage: closed({ credentials: coverage(), private_paths: coverage(), raw_output: coverage() }),
    publication_authorized: { const: false },
  },
  { checks: texts, policy: text },
);

export const redactionPolicyV01: Schema = map({ ...identity("redaction_policy", "v0.1"), ...policy });
export const redactionPolicyV02: Schema = map({ ...identity("redaction_policy", "v0.2"), ...policy });
export const redactionReceiptV01: Schema = map({ ...identity("redaction_receipt", "v0.1"), ...receipt });
export const redactionReceiptV02: Schema = map({ ...identity("redaction_receipt", "v0.2"), ...receipt, disclosure });

function coverage(): Schema {
  return oneOf("not_checked", "heuristic_checked", "externally_verified");
}
