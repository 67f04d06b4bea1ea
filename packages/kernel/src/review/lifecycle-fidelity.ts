import { compareCodeUnits, type ExactJson } from "@writ/canon";
import { LIFECYCLE_ROLES, type LifecycleRole } from "../artifacts/lifecycle-roles.ts";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { directHost, HOST_TEXT_MAX } from "../domain-scope/hosts.ts";

/** Artifacts by role; a role may be missing. */
export type RoleMap = Readonly<Record<string, ExactRecord>>;

export interface RoleTarget {
  readonly role: LifecycleRole;
  /** `linked` speaks of its target through the artifacts that it is bound to. */
  readonly status: "explicit" | "linked" | "not_explicit" | "missing";
  /** One when the artifact agrees with itself; none unless explicit. */
  readonly target_hosts: readonly string[];
}

/** Whether the artifacts of a lifecycle speak of one target (spec kernel.md §10.3, v0.2). */
export interface LifecycleFidelity {
  readonly artifact_type: "scope_fidelity_report";
  readonly schema_version: "v0.2";
  readonly schema_ref: "schemas/scope_fidelity_report.v0.2.schema.json";
  readonly verdict: "pass" | "review" | "fail";
  readonly status: "consistent" | "cross_role_target_mismatch" | "incomplete_lifecycle" | "no_explicit_targets";
  readonly reason: string;
  /** Sorted, each once. */
  readonly target_hosts: readonly string[];
  readonly roles: readonly RoleTarget[];
}

/** Compares the explicit hosts of the intent, policy, contract and ticket; then what they say about being in scope. */
export function lifecycleFidelity(artifacts: RoleMap): LifecycleFidelity {
  const roles = LIFECYCLE_ROLES.map((role) => roleTarget(role, artifacts[role]));
  const hosts = [...new Set(roles.flatMap(({ target_hosts }) => target_hosts))].toSorted(compareCodeUnits);
  const found = statusOf(roles, hosts);
  const scoped = withTargetScope(found, artifacts);
  return {
    artifact_type: "scope_fidelity_report",
    schema_version: "v0.2",
    schema_ref: "schemas/scope_fidelity_report.v0.2.schema.json",
    ...scoped,
    target_hosts: hosts,
    roles,
  };
}

type Finding = Pick<LifecycleFidelity, "verdict" | "status" | "reason">;

/** Where each role says its host, in every way that it may. */
const HOSTS_OF: Readonly<
  Partial<Record<LifecycleRole, (artifact: ExactRecord) => readonly (ExactJson | undefined)[]>>
> = {
  intent_contract: (artifact) => ["host", "target_host", "uri"].map((key) => member(member(artifact, "target"), key)),
  policy_decision: (artifact) => [member(member(artifact, "scope"), "target_host")],
  execution_contract: (artifact) => [member(member(artifact, "target_binding"), "target_host")],
  execution_ticket: (artifact) => [member(member(artifact, "scope_binding"), "target_host")],
};

function roleTarget(role: LifecycleRole, artifact: ExactRecord | undefined): RoleTarget {
  if (artifact === undefined) return { role, status: "missing", target_hosts: [] };
  const read = HOSTS_OF[role];
  if (read === undefined) return { role, status: "linked", target_hosts: [] };
  const hosts = new Set(
    read(artifact).flatMap((said) => (typeof said === "string" && said !== "" ? [hostOf(said)] : [])),
  );
  return { role, status: hosts.size === 0 ? "not_explicit" : "explicit", target_hosts: [...hosts] };
}

/** What is no host is compared as it stands: it must not pass for nothing said. */
function hostOf(said: string): string {
  return (said.length > HOST_TEXT_MAX ? "" : directHost(said)) || said;
}

function statusOf(roles: readonly RoleTarget[], hosts: readonly string[]): Finding {
  if (hosts.length > 1)
    return { verdict: "fail", status: "cross_role_target_mismatch", reason: `target_hosts_differ:${hosts.join(",")}` };
  const missing = roles.filter(({ status }) => status === "missing").map(({ role }) => role);
  if (missing.length > 0)
    return { verdict: "review", status: "incomplete_lifecycle", reason: `missing_roles:${missing.join(",")}` };
  if (hosts.length === 0) return { verdict: "review", status: "no_explicit_targets", reason: "no_explicit_targets" };
  return { verdict: "pass", status: "consistent", reason: "all_explicit_targets_match" };
}

function withTargetScope(found: Finding, { policy_decision: policy, execution_contract: contract }: RoleMap): Finding {
  const flags = [
    member(member(policy, "scope"), "target_in_scope"),
    member(member(contract, "target_binding"), "target_in_scope"),
  ];
  if (flags.includes(false)) return { ...found, verdict: "fail", reason: "target_explicitly_out_of_scope" };
  const both = policy !== undefined && contract !== undefined;
  if (!both || found.verdict === "fail" || flags.every((flag) => flag === true)) return found;
  return { ...found, verdict: "review", reason: "target_scope_not_checked" };
}
