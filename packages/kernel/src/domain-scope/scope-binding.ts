import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { digestOf, distinctTexts, epochOf, textOf, versionOf } from "../governance/v1-record.ts";

/** Who may go where under one policy pack (spec kernel.md §10.4); lists are sorted. */
export interface ScopePolicyBinding {
  readonly schema_version: "v1";
  readonly binding_id: string;
  readonly policy_pack_digest: string;
  readonly policy_epoch: number;
  readonly source_ref: string;
  readonly attestation_ref: string;
  readonly allowed_target_namespaces: readonly string[];
  readonly network_allowed: boolean;
  readonly allowed_schemes: readonly string[];
  readonly allowed_ports: readonly number[];
  readonly allowed_address_classes: readonly string[];
  readonly redirect_policy: "deny" | "same_origin";
  readonly private_networks_allowed: boolean;
}

/** Most entries of one list. */
const LIST_MAX = 1_000;
const SCHEMES = ["http", "https"];
const ADDRESS_CLASSES = ["public", "private", "loopback", "link_local"];
const FIELDS = new Set([
  "schema_version",
  "binding_id",
  "policy_pack_digest",
  "policy_epoch",
  "source_ref",
  "attestation_ref",
  "allowed_target_namespaces",
  "network_allowed",
  "allowed_schemes",
  "allowed_ports",
  "allowed_address_classes",
  "redirect_policy",
  "private_networks_allowed",
]);

/** Reads a binding. Throws `GOVERNANCE_RECORD_INVALID`, in the reference's order. */
export function parseScopeBinding(value: ExactJson | undefined): ScopePolicyBinding {
  if (!isExactRecord(value)) throw recordRefusal("invalid_scope_policy_binding");
  const unknown = Object.keys(value).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) throw recordRefusal("unknown_scope_policy_binding_field");
  const parsed = {
    binding_id: textOf(value, "binding_id", "missing_scope_policy_binding_id"),
    policy_pack_digest: digestOf(value, "policy_pack_digest", "scope_policy_pack_digest"),
    policy_epoch: epochOf(value, "policy_epoch", "invalid_scope_policy_epoch"),
    source_ref: textOf(value, "source_ref", "missing_scope_policy_source_ref"),
    attestation_ref: textOf(value, "attestation_ref", "missing_scope_policy_attestation_ref"),
    allowed_target_namespaces: namespacesOf(value),
    network_allowed: flagOf(value, "network_allowed", "invalid_scope_network_allowed"),
    allowed_schemes: distinctTexts(value, "allowed_schemes", "invalid_allowed_network_schemes"),
    allowed_ports: portsOf(value),
    allowed_address_classes: distinctTexts(value, "allowed_address_classes", "invalid_allowed_address_classes"),
    redirect_policy: textOf(value, "redirect_policy", "missing_scope_redirect_policy"),
    private_networks_allowed: flagOf(value, "private_networks_allowed", "invalid_private_networks_allowed"),
    schema_version: versionOf(value, "scope_policy_binding"),
  };
  // Closed sets are looked at after the form of every field.
  const binding = { ...parsed, redirect_policy: redirectOf(parsed.redirect_policy) };
  checkNetwork(binding);
  return binding;
}

/** True for a port a destination may name. */
export function isPort(value: ExactJson | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function redirectOf(text: string): ScopePolicyBinding["redirect_policy"] {
  if (text !== "deny" && text !== "same_origin") throw recordRefusal("unsupported_redirect_policy");
  return text;
}

function checkNetwork(binding: ScopePolicyBinding): void {
  if (!binding.allowed_schemes.every((scheme) => SCHEMES.includes(scheme)))
    throw recordRefusal("unsupported_scope_network_scheme");
  if (!binding.allowed_address_classes.every((name) => ADDRESS_CLASSES.includes(name)))
    throw recordRefusal("unsupported_scope_address_class");
  const sizes = [binding.allowed_schemes, binding.allowed_ports, binding.allowed_address_classes].map(
    ({ length }) => length,
  );
  if (binding.network_allowed && sizes.includes(0)) throw recordRefusal("scope_network_policy_incomplete");
  if (!binding.network_allowed && sizes.some((size) => size > 0))
    throw recordRefusal("scope_network_policy_disabled_with_allowlist");
}

function namespacesOf(record: ExactRecord): readonly string[] {
  const reason = "invalid_allowed_target_namespaces";
  const names = distinctTexts(record, "allowed_target_namespaces", reason);
  if (names.length === 0) throw recordRefusal(reason);
  return names;
}

function flagOf(record: ExactRecord, key: string, reason: string): boolean {
  const found = member(record, key);
  if (typeof found !== "boolean") throw recordRefusal(reason);
  return found;
}

function portsOf(record: ExactRecord): readonly number[] {
  const list = member(record, "allowed_ports");
  if (!isExactList(list) || list.length > LIST_MAX || !list.every(isPort) || new Set(list).size !== list.length)
    throw recordRefusal("invalid_allowed_network_ports");
  return list.toSorted((left, right) => left - right);
}
