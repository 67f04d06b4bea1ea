import { compareCodePoints } from "../compat/code-points.ts";
import type { ExactRecord } from "../compat/exact-record.ts";
import type { CheckedEntry } from "./chain.ts";
import { describeArtifact } from "./descriptor.ts";
import { failure, type LegacyFailure } from "./failure.ts";
import { schemaRef } from "./schemas/forms.ts";

/** The six artifacts of a lifecycle, in order (spec kernel.md §5, step 7). */
export const LIFECYCLE_ROLES = [
  "intent_contract",
  "policy_decision",
  "execution_contract",
  "execution_ticket",
  "execution_receipt",
  "evidence_contract",
] as const;

export type LifecycleRole = (typeof LIFECYCLE_ROLES)[number];

/** The artifact of each role, checked for type and schema identity. */
export type LifecycleArtifacts = Readonly<Record<LifecycleRole, ExactRecord>>;

/** How a chain's roles relate to a lifecycle's. */
export interface RoleSummary {
  readonly status: "canonical" | "noncanonical";
  readonly expected_roles: readonly string[];
  readonly missing_roles: readonly string[];
  readonly extra_roles: readonly string[];
  readonly duplicate_roles: readonly string[];
}

const VERSIONS: Readonly<Record<LifecycleRole, readonly string[]>> = {
  intent_contract: ["v0.2"],
  policy_decision: ["v0.2", "v0.3"],
  execution_contract: ["v0.2", "v0.3"],
  execution_ticket: ["v0.2", "v0.3"],
  execution_receipt: ["v0.2"],
  evidence_contract: ["v0.2"],
};

/** What steps 7 and 8 answer. */
export interface LifecycleFound {
  readonly ok: true;
  readonly artifacts: LifecycleArtifacts;
}

export function summarizeRoles(roles: readonly string[]): RoleSummary {
  const expected: readonly string[] = LIFECYCLE_ROLES;
  const inOrder = roles.length === expected.length && roles.every((role, index) => role === expected[index]);
  return {
    status: inOrder ? "canonical" : "noncanonical",
    expected_roles: expected,
    missing_roles: expected.filter((role) => !roles.includes(role)),
    extra_roles: sortedOnce(roles.filter((role) => !expected.includes(role))),
    duplicate_roles: sortedOnce(roles.filter((role, index) => roles.indexOf(role) !== index)),
  };
}

function sortedOnce(roles: readonly string[]): readonly string[] {
  return [...new Set(roles)].toSorted(compareCodePoints);
}

/** Steps 7 and 8: exactly the six roles, each of its type and of a version that is allowed. */
export function lifecycleArtifacts(entries: readonly CheckedEntry[]): LifecycleFound | LegacyFailure {
  const roles = entries.map(({ role }) => role);
  if (summarizeRoles(roles).status !== "canonical")
    return failure("lifecycle", `lifecycle roles mismatch: expected ${listed(LIFECYCLE_ROLES)}, got ${listed(roles)}`);
  const found: Partial<Record<LifecycleRole, ExactRecord>> = {};
  for (const [index, role] of LIFECYCLE_ROLES.entries()) {
    const artifact = entries[index]?.artifact ?? {};
    const refused = checkIdentity(role, artifact);
    if (refused !== undefined) return refused;
    found[role] = artifact;
  }
  return { ok: true, artifacts: found as LifecycleArtifacts };
}

function checkIdentity(role: LifecycleRole, artifact: ExactRecord): LegacyFailure | undefined {
  const { artifact_type: type, schema_version: version, schema_ref: schema } = describeArtifact(artifact);
  if (type !== role)
    return failure("lifecycle", `${role} artifact_type mismatch: expected ${role}, got ${type || "missing"}`);
  const allowed = VERSIONS[role].map((one) => `${one}:${schemaRef(role, one)}`);
  const got = `${version || "missing"}:${schema || "missing"}`;
  if (allowed.includes(got)) return undefined;
  return failure("lifecycle", `${role} schema identity mismatch: expected one of ${allowed.join(", ")}, got ${got}`);
}

/** A list as the reference prints it. */
function listed(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(", ")}]`;
}
