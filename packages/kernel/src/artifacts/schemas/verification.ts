import type { Schema } from "../schema.ts";
import { closed, hexDigest, integer, nonEmpty, oneOf, text } from "./forms.ts";

const aspect = oneOf("pass", "fail", "not_checked");
const aspectOrReview = oneOf("pass", "fail", "not_checked", "review", "not_applicable");

const fields = {
  profile: nonEmpty,
  security_posture: nonEmpty,
  status: oneOf("pass", "fail"),
  artifact_chain: aspect,
  strict_lifecycle: aspectOrReview,
  kernel_guard: aspectOrReview,
  ticket_use: aspectOrReview,
  ticket_use_applicability: nonEmpty,
  replay: aspectOrReview,
  public_identity: { const: "not_claimed" },
  runtime_enforcement: { const: "not_claimed" },
  entry_count: integer(0),
  checked_entries: { type: "array", items: text },
  bundle_digest: hexDigest,
  guard_profile: nonEmpty,
  guard_root_tag: hexDigest,
  key_id: nonEmpty,
  policy: nonEmpty,
  verifier_version: nonEmpty,
  checks: { type: "array", items: text, minItems: 1 },
} as const;

/** Spec kernel.md §7.3. */
export const verificationResult: Schema = closed(fields);

const { ticket_use_applicability: _, ...before } = fields;

/** v1 does not say whether a ticket's use applies. */
export const verificationResultV1: Schema = closed(before);
