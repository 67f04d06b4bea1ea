import { isExactRecord, member, memberOrNull, sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { scliteDigestV01 } from "../compat/sclite-json-v01.ts";
import { failure, type LegacyFailure } from "./failure.ts";

/** What is known about the target being in scope. */
export interface ScopeVerdict {
  readonly ok: true;
  readonly status: "operator_asserted" | "authority_artifact_bound" | "not_checked";
  readonly detail: string;
}

/** Step 10 of spec kernel.md §5. */
export function checkScope(policy: ExactRecord, contract: ExactRecord): ScopeVerdict | LegacyFailure {
  const both = [policy, contract].every((artifact) => member(artifact, "schema_version") === "v0.3");
  return both ? checkAssertion(policy, contract) : checkFlags(policy, contract);
}

/** The older line: each side says so itself. */
function checkFlags(policy: ExactRecord, contract: ExactRecord): ScopeVerdict | LegacyFailure {
  const flags = [
    member(member(policy, "scope"), "target_in_scope"),
    member(member(contract, "target_binding"), "target_in_scope"),
  ];
  if (flags.includes(false)) return failure("lifecycle", "lifecycle target_in_scope is explicitly false");
  if (flags.every((flag) => flag === true))
    return { ok: true, status: "operator_asserted", detail: "target_in_scope is asserted, not verified" };
  return { ok: true, status: "not_checked", detail: "target_in_scope is not asserted by policy and contract" };
}

/** v0.3: the assertion is bound to the authority's decision, and both to the target. */
function checkAssertion(policy: ExactRecord, contract: ExactRecord): ScopeVerdict | LegacyFailure {
  const assertion = member(policy, "scope_assertion");
  const authority = member(policy, "authority_decision");
  if (!isExactRecord(assertion)) return failure("lifecycle", "policy_decision missing scope_assertion object");
  if (!sameExact(assertion, memberOrNull(contract, "scope_assertion")))
    return failure("lifecycle", "scope assertion differs between policy and execution contract");
  if (!isExactRecord(authority)) return failure("lifecycle", "policy_decision missing authority_decision object");
  const refused = checkAuthority(assertion, authority) ?? checkTarget(assertion, policy, contract);
  if (refused !== undefined) return refused;
  const status = member(assertion, "status");
  if (status === "out_of_scope") return failure("lifecycle", "scope assertion is explicitly out_of_scope");
  if (status === "in_scope")
    return { ok: true, status: "authority_artifact_bound", detail: "the scope assertion is bound to its decision" };
  return { ok: true, status: "not_checked", detail: "the scope assertion's status is unknown" };
}

function checkAuthority(assertion: ExactRecord, authority: ExactRecord): LegacyFailure | undefined {
  if (member(assertion, "decision_digest") !== `sha256:${scliteDigestV01(authority)}`)
    return failure("lifecycle", "scope assertion authority decision digest mismatch");
  const different = ["status", "authority", "decision_ref", "subject", "target"].find(
    (name) => !sameExact(memberOrNull(assertion, name), memberOrNull(authority, name)),
  );
  if (different === undefined) return undefined;
  return failure("lifecycle", `scope assertion authority decision ${different} mismatch`);
}

function checkTarget(assertion: ExactRecord, policy: ExactRecord, contract: ExactRecord): LegacyFailure | undefined {
  const target = member(assertion, "target");
  const binding = member(contract, "target_binding");
  const host = member(target, "target_host");
  if (host === undefined || host !== member(member(policy, "scope"), "target_host"))
    return failure("lifecycle", "scope assertion policy target mismatch");
  if (host !== member(binding, "target_host"))
    return failure("lifecycle", "scope assertion execution target_host mismatch");
  if (member(target, "target") !== member(binding, "target"))
    return failure("lifecycle", "scope assertion execution target mismatch");
  return undefined;
}
