import type { ExactJson } from "@writ/canon";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { digestOf, textOf } from "../domain-scope/scope-binding.ts";
import { closedRecord, epochOf, instantMs, instantOf, utcText, versionOf } from "../governance/v1-record.ts";
import { policyPackDigest, type PolicyPack } from "./compile.ts";

export const ACTIVATION_STATUSES = ["active", "superseded", "revoked", "expired"] as const;

/** Which pack an organisation has in force, and when (spec kernel.md §22.5); instants are UTC. */
export interface PolicyActivation {
  readonly schema_version: "v1";
  readonly binding_id: string;
  readonly policy_id: string;
  readonly policy_version: string;
  readonly policy_pack_digest: string;
  readonly policy_epoch: number;
  readonly issuer_ref: string;
  readonly trust_ref: string;
  readonly status: (typeof ACTIVATION_STATUSES)[number];
  readonly not_before: string;
  readonly expires_at: string;
}

/** Reads an activation binding. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parsePolicyActivation(value: ExactJson | undefined): PolicyActivation {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_policy_activation_binding",
    unknown: "unknown_policy_activation_binding_field",
  });
  const text = (key: string): string => textOf(record, key, `missing_policy_activation_${key}`);
  const head = {
    schema_version: versionOf(record, "policy_activation_binding"),
    binding_id: text("binding_id"),
    policy_id: text("policy_id"),
    policy_version: text("policy_version"),
    policy_pack_digest: digestOf(record, "policy_pack_digest", "policy_activation_policy_pack_digest"),
    policy_epoch: epochOf(record, "policy_epoch", "invalid_policy_activation_policy_epoch"),
    issuer_ref: text("issuer_ref"),
    trust_ref: text("trust_ref"),
  };
  const named = text("status");
  const status = ACTIVATION_STATUSES.find((one) => one === named);
  if (status === undefined) throw recordRefusal("unknown_policy_activation_status");
  const from = instantOf(record, "not_before", "policy_activation_not_before").ms;
  const to = instantOf(record, "expires_at", "policy_activation_expires_at").ms;
  if (from >= to) throw recordRefusal("invalid_policy_activation_validity_window");
  return { ...head, status, not_before: utcText(from), expires_at: utcText(to) };
}

export function policyActivationDigest(activation: PolicyActivation): string {
  const recordType = "govengine.policy.activation.PolicyActivationBinding";
  return kernelRecordDigest({ recordType, record: { ...activation } });
}

/** Whether the pack of a request is in force at `nowMs` (§23.3, step 2). Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkPolicyActivation(
  activation: PolicyActivation,
  { pack, policyEpoch, nowMs }: { readonly pack: PolicyPack; readonly policyEpoch: number; readonly nowMs: number },
): void {
  const [from, to] = [msOf(activation.not_before), msOf(activation.expires_at)];
  const declared = pack.schema_version === "v1" ? pack : undefined;
  const rules: readonly (readonly [reason: string, holds: boolean, stricter?: number])[] = [
    ["policy_activation_id_mismatch", activation.policy_id === pack.policy_id],
    ["policy_activation_version_mismatch", activation.policy_version === pack.version],
    ["policy_activation_digest_mismatch", activation.policy_pack_digest === policyPackDigest(pack)],
    ["policy_epoch_drift", activation.policy_epoch === policyEpoch],
    ["policy_activation_issuer_mismatch", declared === undefined || activation.issuer_ref === declared.issuer_ref],
    ["policy_activation_not_before_mismatch", declared === undefined || from >= msOf(declared.not_before)],
    ["policy_activation_expires_at_mismatch", declared === undefined || to <= msOf(declared.expires_at)],
    [`policy_${activation.status}`, activation.status === "active"],
    ["policy_not_yet_valid", nowMs >= from],
    ["policy_expired", nowMs < to],
    // The epoch is written three times; the reference never looks at the pack's own.
    ["policy_epoch_drift", declared === undefined || declared.policy_epoch === policyEpoch, 4],
  ];
  const broken = rules.find(([, holds]) => !holds);
  if (broken !== undefined) throw recordRefusal(broken[0], broken[2]);
}

function msOf(text: string): number {
  return instantMs(text, "invalid_policy_activation_validity_window");
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "schema_version binding_id policy_id policy_version policy_pack_digest policy_epoch issuer_ref trust_ref status " +
    "not_before expires_at"
  ).split(" "),
);
