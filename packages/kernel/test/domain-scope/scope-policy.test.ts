import { isWritError, type ExactJson } from "@writ/canon";
import { expect, test } from "vitest";
import { evaluateScopePolicy } from "@writ/kernel/security";

const digest = `sha256:${"a".repeat(64)}`;
const binding = {
  binding_id: "b",
  policy_pack_digest: digest,
  policy_epoch: 1,
  source_ref: "s",
  attestation_ref: "a",
  allowed_target_namespaces: ["n"],
  network_allowed: true,
  allowed_schemes: ["https"],
  allowed_ports: [443],
  allowed_address_classes: ["public"],
  redirect_policy: "deny",
  private_networks_allowed: false,
};
const destination = { scheme: "https", effective_port: 443, address_class: "public", origin_binding_digest: digest };
const scope = { target_namespace: "n", requested_destination: destination };
const offline = { network_allowed: false, allowed_schemes: [], allowed_ports: [], allowed_address_classes: [] };

function answer(requested: ExactJson, policy: ExactJson): string {
  try {
    const { reason_code, status, blockers } = evaluateScopePolicy(requested, policy);
    expect([status, blockers]).toEqual(reason_code === "scope_allowed" ? ["allowed", []] : ["denied", [reason_code]]);
    return reason_code;
  } catch (error) {
    if (!isWritError(error)) throw error;
    return String(error.details["reason"]);
  }
}

/** Lists in lists, so many that the innermost is at this depth below the member. */
function nested(depth: number): ExactJson {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

test.each<[ExactJson, string]>([
  [{}, "invalid_requested_scope"],
  [[], "invalid_requested_scope"],
  [{ ...scope, x: [{ Token: 1 }] }, "forbidden_governance_input"],
  [{ ...scope, x: [{ redirect_policy: 1 }] }, "self_authorized_scope_policy"],
  [{ ...scope, x: [{ Redirect_Policy: 1 }] }, "self_authorized_scope_policy"],
  [{ ...scope, x: Array(1_001).fill(1) }, "json_boundary_max_collection_length"],
  [{ ...scope, x: "x".repeat(65_537) }, "json_boundary_max_string_length"],
  [{ ...scope, x: nested(33) }, "json_boundary_max_depth"],
  [{ ...scope, x: nested(31) }, "scope_allowed"],
  [{ x: 1 }, "missing_requested_target_namespace"],
  [{ target_namespace: "m" }, "target_namespace_not_allowed"],
  [{ target_namespace: "n" }, "scope_allowed"],
  [{ ...scope, requested_destination: 1 }, "invalid_requested_destination"],
  [{ ...scope, requested_destination: { url: 1 } }, "raw_destination_detail_forbidden"],
  [{ ...scope, requested_destination: {} }, "missing_requested_destination_scheme"],
  [{ ...scope, requested_destination: { ...destination, scheme: "http" } }, "network_scheme_not_allowed"],
  [{ ...scope, requested_destination: { ...destination, effective_port: true } }, "invalid_requested_destination_port"],
  [{ ...scope, requested_destination: { ...destination, effective_port: 80 } }, "network_port_not_allowed"],
  [{ ...scope, requested_destination: { ...destination, address_class: "" } }, "missing_requested_address_class"],
  [{ ...scope, requested_destination: { ...destination, address_class: "loopback" } }, "private_network_not_allowed"],
  [{ ...scope, requested_destination: { ...destination, address_class: "x" } }, "network_address_class_not_allowed"],
  [
    { ...scope, requested_destination: { ...destination, origin_binding_digest: "" } },
    "missing_requested_origin_binding_digest",
  ],
  [
    { ...scope, requested_destination: { ...destination, origin_binding_digest: "x" } },
    "invalid_requested_origin_binding_digest",
  ],
  [scope, "scope_allowed"],
])("asking for %j: %s", (requested, reason) => {
  expect(answer(requested, binding)).toBe(reason);
});

test.each<[{ readonly [key: string]: ExactJson }, string]>([
  [{ extra: 1, binding_id: "" }, "unknown_scope_policy_binding_field"],
  [{ schema_version: "v2" }, "unknown_scope_policy_binding_schema_version"],
  [{ binding_id: "" }, "missing_scope_policy_binding_id"],
  [{ policy_pack_digest: "" }, "missing_scope_policy_pack_digest"],
  [{ policy_pack_digest: "x" }, "invalid_scope_policy_pack_digest"],
  [{ policy_epoch: true }, "invalid_scope_policy_epoch"],
  [{ source_ref: null }, "missing_scope_policy_source_ref"],
  [{ attestation_ref: 1 }, "missing_scope_policy_attestation_ref"],
  [{ allowed_target_namespaces: [] }, "invalid_allowed_target_namespaces"],
  [{ network_allowed: 1 }, "invalid_scope_network_allowed"],
  [{ allowed_schemes: ["https", "https"] }, "invalid_allowed_network_schemes"],
  [{ allowed_ports: [0] }, "invalid_allowed_network_ports"],
  [{ allowed_address_classes: "public" }, "invalid_allowed_address_classes"],
  [{ redirect_policy: "" }, "missing_scope_redirect_policy"],
  [{ private_networks_allowed: "false", redirect_policy: "x" }, "invalid_private_networks_allowed"],
  [{ redirect_policy: "follow", allowed_schemes: ["ftp"] }, "unsupported_redirect_policy"],
  [{ allowed_schemes: ["ftp"], allowed_address_classes: ["x"] }, "unsupported_scope_network_scheme"],
  [{ allowed_address_classes: ["x"], allowed_ports: [] }, "unsupported_scope_address_class"],
  [{ allowed_ports: [] }, "scope_network_policy_incomplete"],
  [{ network_allowed: false }, "scope_network_policy_disabled_with_allowlist"],
  [offline, "network_not_allowed"],
])("a binding with %j: %s", (change, reason) => {
  expect(answer(scope, { ...binding, ...change })).toBe(reason);
});
