import type { ExactJson } from "@writ/canon";
import { scliteDigestV01 } from "../compat/sclite-json-v01.ts";
import { publicPathLabel, type Disclosure } from "../redaction/disclosure.ts";
import { redactionReceipt, sanitizePublicArtifact, type RedactionReceipt } from "./redaction.ts";

/** The rules that `sanitizePublicArtifact` follows, as an artifact `redaction_policy` v0.2 (spec kernel.md §9). */
export const PUBLIC_REDACTION_POLICY = {
  artifact_type: "redaction_policy",
  schema_version: "v0.2",
  schema_ref: "schemas/redaction_policy.v0.2.schema.json",
  policy_id: "public-safe-v0.2",
  mode: "public_safe_redaction",
  rules: [
    { rule_id: "sensitive_value_keys", action: "replace_value" },
    { rule_id: "raw_stdout_stderr", action: "omit_or_replace" },
    { rule_id: "local_paths", action: "replace_local_path" },
    { rule_id: "header_like_secrets", action: "replace_header_value" },
    { rule_id: "secret_roles", action: "replace_value" },
    { rule_id: "token_forms", action: "replace_value" },
    { rule_id: "private_keys", action: "replace_value" },
    { rule_id: "address_passwords", action: "replace_value" },
    { rule_id: "random_text", action: "replace_value" },
  ],
} as const;

/** A `redaction_receipt` v0.2: what was done, and in place of a blanket claim how much is known. */
export interface DisclosedRedaction extends Omit<RedactionReceipt, "policy"> {
  readonly artifact_type: "redaction_receipt";
  readonly schema_version: "v0.2";
  readonly schema_ref: "schemas/redaction_receipt.v0.2.schema.json";
  readonly policy: { readonly policy_id: string; readonly policy_hash: string };
  readonly disclosure: Disclosure;
}

/**
 * Redacts an artifact for the public and says so: credentials and private paths were looked for, and that is all.
 * `label` is a public path. Throws `GOVERNANCE_RECORD_INVALID` and `LEGACY_VALUE`.
 */
export function redactForPublic(
  source: ExactJson,
  label: string,
): { readonly redacted: ExactJson; readonly receipt: DisclosedRedaction } {
  const redacted = sanitizePublicArtifact(source);
  const rules = PUBLIC_REDACTION_POLICY.rules.map(({ rule_id }) => rule_id);
  const { summary, ...done } = redactionReceipt(source, redacted, publicPathLabel(label));
  const policyId = PUBLIC_REDACTION_POLICY.policy_id;
  const receipt: DisclosedRedaction = {
    ...done,
    artifact_type: "redaction_receipt",
    schema_version: "v0.2",
    schema_ref: "schemas/redaction_receipt.v0.2.schema.json",
    policy: { policy_id: policyId, policy_hash: scliteDigestV01(PUBLIC_REDACTION_POLICY) },
    summary: { ...summary, rules_considered: rules },
    disclosure: {
      status: "checks_performed",
      coverage: {
        credentials: "heuristic_checked",
        private_paths: "heuristic_checked",
        raw_output: "heuristic_checked",
      },
      checks: rules,
      policy: policyId,
      publication_authorized: false,
    },
  };
  return { redacted, receipt };
}
