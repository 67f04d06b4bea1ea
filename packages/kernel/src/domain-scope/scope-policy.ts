import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { foldKey, refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { boundedMap, digestOf, textOf } from "../governance/v1-record.ts";
import { isPort, parseScopeBinding, type ScopePolicyBinding } from "./scope-binding.ts";

/** Whether what was asked for lies within a binding (spec kernel.md §10.4). */
export interface ScopeDecision {
  readonly decision_id: string;
  readonly status: "allowed" | "denied";
  readonly reason_code: string;
  readonly requested_scope_digest: string;
  readonly policy_binding_digest: string;
  readonly redirect_policy: "deny" | "same_origin";
  readonly blockers: readonly string[];
  readonly schema_version: "v1";
}

/** Decides. Throws `GOVERNANCE_RECORD_INVALID` for a malformed request or binding, the request first. */
export function evaluateScopePolicy(requested: ExactJson | undefined, policy: ExactJson | undefined): ScopeDecision {
  const scope = parseRequestedScope(requested);
  const binding = parseScopeBinding(policy);
  const reason = reasonOf(scope, binding);
  const scopeDigest = kernelRecordDigest({ recordType: "govengine.governance.RequestedScope", record: scope });
  const bindingDigest = scopePolicyBindingDigest(binding);
  const allowed = reason === "scope_allowed";
  return {
    decision_id: `scope:${scopeDigest.slice(7, 23)}:${bindingDigest.slice(7, 23)}`,
    status: allowed ? "allowed" : "denied",
    reason_code: reason,
    requested_scope_digest: scopeDigest,
    policy_binding_digest: bindingDigest,
    redirect_policy: binding.redirect_policy,
    blockers: allowed ? [] : [reason],
    schema_version: "v1",
  };
}

export function scopeDecisionDigest(decision: ScopeDecision): string {
  return kernelRecordDigest({ recordType: "govengine.scope_policy.ScopeDecision", record: { ...decision } });
}

export function scopePolicyBindingDigest(binding: ScopePolicyBinding): string {
  return kernelRecordDigest({ recordType: "govengine.scope_policy.ScopePolicyBinding", record: { ...binding } });
}

const SELF_AUTHORIZED = new Set([
  "allowed_address_classes",
  "allowed_ports",
  "allowed_schemes",
  "allowed_target_namespaces",
  "network_allowed",
  "private_networks_allowed",
  "redirect_policy",
]);
const RAW_DETAILS = new Set(["address", "host", "hostname", "ip", "url"]);

/** Bounded as everything at the kernel's boundary, and without a word of what only a binding may say. */
function parseRequestedScope(value: ExactJson | undefined): ExactRecord {
  const scope = boundedMap(value, "invalid_requested_scope");
  refuseForbiddenKeys("governance", scope);
  checkScopeClaims(scope);
  return scope;
}

/**
 * Refuses a scope that says what only a binding may, at any depth; and details of a destination wherever the reference
 * may not look for them (§27 no. 14).
 */
export function checkScopeClaims(scope: ExactRecord): void {
  const keys = keysOf(scope);
  if (keys.some((key) => SELF_AUTHORIZED.has(key))) throw recordRefusal("self_authorized_scope_policy");
  if (keys.some((key) => SELF_AUTHORIZED.has(foldKey(key)))) throw recordRefusal("self_authorized_scope_policy", 21);
  const { requested_destination: destination, ...rest } = scope;
  const details = isExactRecord(destination) ? Object.values(destination) : [destination ?? null];
  if ([rest, ...details].flatMap(keysOf).some(isRawDetail)) throw recordRefusal("raw_destination_detail_forbidden", 14);
}

function isRawDetail(key: string): boolean {
  return RAW_DETAILS.has(foldKey(key));
}

function keysOf(value: ExactJson): readonly string[] {
  if (isExactList(value)) return value.flatMap(keysOf);
  return isExactRecord(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]) : [];
}

function reasonOf(scope: ExactRecord, binding: ScopePolicyBinding): string {
  const namespace = textOf(scope, "target_namespace", "missing_requested_target_namespace");
  if (!binding.allowed_target_namespaces.includes(namespace)) return "target_namespace_not_allowed";
  const destination = memberOrNull(scope, "requested_destination");
  if (destination === null) return "scope_allowed";
  if (!isExactRecord(destination)) throw recordRefusal("invalid_requested_destination");
  if (Object.keys(destination).some(isRawDetail)) throw recordRefusal("raw_destination_detail_forbidden");
  if (!binding.network_allowed) return "network_not_allowed";
  const scheme = textOf(destination, "scheme", "missing_requested_destination_scheme");
  if (!binding.allowed_schemes.includes(scheme)) return "network_scheme_not_allowed";
  const port = member(destination, "effective_port");
  if (!isPort(port)) throw recordRefusal("invalid_requested_destination_port");
  if (!binding.allowed_ports.includes(port)) return "network_port_not_allowed";
  const addressClass = textOf(destination, "address_class", "missing_requested_address_class");
  if (["private", "loopback", "link_local"].includes(addressClass) && !binding.private_networks_allowed)
    return "private_network_not_allowed";
  if (!binding.allowed_address_classes.includes(addressClass)) return "network_address_class_not_allowed";
  digestOf(destination, "origin_binding_digest", "requested_origin_binding_digest");
  return "scope_allowed";
}
