import type { ExactJson } from "@writ/canon";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { closedRecord, digestOf, epochOf, instantMs, textOf, versionOf } from "../governance/v1-record.ts";
import { policyPackDigest, type PolicyPack } from "./compile.ts";

export const ACTIVATION_STATUSES = ["active", "superseded", "revoked", "expired"] as const;

/** Which pack an organisation has in force, and when (spec kernel.md §22.5); instants are as they were written. */
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
  const text = (key: string, name = key): string => textOf(record, key, `missing_policy_activation_${name}`);
  const parsed = {
    binding_id: text("binding_id"),
    policy_id: text("policy_id", "id"),
    policy_version: text("policy_version", "version"),
    policy_pack_digest: digestOf(record, "policy_pack_digest", "policy_activation_digest"),
    policy_epoch: epochOf(record, "policy_epoch", "invalid_policy_activation_epoch"),
    issuer_ref: text("issuer_ref", "issuer"),
    trust_ref: text("trust_ref"),
    status: text("status"),
    not_before: text("not_before"),
    expires_at: text("expires_at"),
    schema_version: versionOf(record, "policy_activation", "invalid_policy_activation_schema_version"),
  };
  // Closed sets and times are looked at after the form of every field.
  const status = ACTIVATION_STATUSES.find((one) => one === parsed.status);
  if (status === undefined) throw recordRefusal("unknown_policy_activation_status");
  const [from, to] = windowOf(parsed);
  if (from >= to) throw recordRefusal("invalid_policy_activation_validity_window");
  return { ...parsed, status };
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
  const [from, to] = windowOf(activation);
  const declared = pack.schema_version === "v1" ? pack : undefined;
  const rules: readonly (readonly [reason: string, holds: boolean])[] = [
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
  ];
  const broken = rules.find(([, holds]) => !holds);
  if (broken !== undefined) throw recordRefusal(broken[0]);
}

function windowOf({ not_before, expires_at }: Window): readonly [from: number, to: number] {
  return [
    instantMs(not_before, "invalid_policy_activation_not_before"),
    instantMs(expires_at, "invalid_policy_activation_expires_at"),
  ];
}

function msOf(declared: string): number {
  return instantMs(declared, "invalid_policy_validity_window");
}

type Window = Pick<PolicyActivation, "not_before" | "expires_at">;

const FIELDS: ReadonlySet<string> = new Set(
  (
    "schema_version binding_id policy_id policy_version policy_pack_digest policy_epoch issuer_ref trust_ref status " +
    "not_before expires_at"
  ).split(" "),
);
