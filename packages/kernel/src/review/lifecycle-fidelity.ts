import { compareCodeUnits } from "@writ/canon";
import { LIFECYCLE_ROLES, type LifecycleRole } from "../artifacts/lifecycle-roles.ts";
import { member, textMember, type ExactRecord } from "../compat/exact-record.ts";
import { directHost, HOST_TEXT_MAX } from "../domain-scope/hosts.ts";

/** Artifacts by role; a role may be missing. */
export type RoleMap = Readonly<Record<string, ExactRecord>>;

export interface RoleTarget {
  readonly role: LifecycleRole;
  /** `linked` speaks of its target through the artifacts that it is bound to. */
  readonly status: "explicit" | "linked" | "not_explicit" | "missing";
  /** Empty unless explicit. */
  readonly target_host: string;
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
  const explicit = roles.filter(({ status }) => status === "explicit").map(({ target_host }) => target_host);
  const hosts = [...new Set(explicit)].toSorted(compareCodeUnits);
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

const HOST_OF: Readonly<Partial<Record<LifecycleRole, (artifact: ExactRecord) => string>>> = {
  intent_contract: (artifact) => {
    const target = member(artifact, "target");
    return textMember(target, "host") ?? textMember(target, "uri") ?? "";
  },
  policy_decision: (artifact) => textMember(member(artifact, "scope"), "target_host") ?? "",
  execution_contract: (artifact) => textMember(member(artifact, "target_binding"), "target_host") ?? "",
  execution_ticket: (artifact) => textMember(member(artifact, "scope_binding"), "target_host") ?? "",
};

function roleTarget(role: LifecycleRole, artifact: ExactRecord | undefined): RoleTarget {
  if (artifact === undefined) return { role, status: "missing", target_host: "" };
  const read = HOST_OF[role];
  if (read === undefined) return { role, status: "linked", target_host: "" };
  const said = read(artifact);
  if (said === "") return { role, status: "not_explicit", target_host: "" };
  // What is no host is compared as it stands: it must not pass for nothing said.
  const host = said.length > HOST_TEXT_MAX ? "" : directHost(said);
  return { role, status: "explicit", target_host: host === "" ? said : host };
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
