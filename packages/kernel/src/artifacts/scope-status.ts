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
  const [scope, binding] = [member(policy, "scope"), member(contract, "target_binding")];
  if (!isExactRecord(scope)) return missing("policy_decision", "scope");
  if (!isExactRecord(binding)) return missing("execution_contract", "target_binding");
  const flags = [member(scope, "target_in_scope"), member(binding, "target_in_scope")];
  if (flags.includes(false)) return failure("lifecycle", "lifecycle target_in_scope is explicitly false");
  if (flags.every((flag) => flag === true)) return { ok: true, status: "operator_asserted", detail: ASSERTED };
  return { ok: true, status: "not_checked", detail: "legacy target_in_scope assertion is missing or unknown" };
}

const ASSERTED = "legacy target_in_scope assertions agree; authority authentication is not checked";
const BOUND = "scope assertion is digest-bound; authority authentication is not checked";

/** v0.3: the assertion is bound to the authority's decision, and both to the target. */
function checkAssertion(policy: ExactRecord, contract: ExactRecord): ScopeVerdict | LegacyFailure {
  const [assertion, authority] = [member(policy, "scope_assertion"), member(policy, "authority_decision")];
  const repeated = member(contract, "scope_assertion");
  if (!isExactRecord(assertion)) return missing("policy_decision", "scope_assertion");
  if (!isExactRecord(repeated)) return missing("execution_contract", "scope_assertion");
  if (!isExactRecord(authority)) return missing("policy_decision", "authority_decision");
  if (!sameExact(assertion, repeated))
    return failure("lifecycle", "scope assertion differs between policy and execution contract");
  const refused = checkAuthority(assertion, authority) ?? checkTarget(assertion, policy, contract);
  if (refused !== undefined) return refused;
  const status = member(assertion, "status");
  if (status === "out_of_scope") return failure("lifecycle", "scope assertion is explicitly out_of_scope");
  if (status === "in_scope") return { ok: true, status: "authority_artifact_bound", detail: BOUND };
  return { ok: true, status: "not_checked", detail: "scope assertion is unknown" };
}

function missing(label: string, key: string): LegacyFailure {
  return failure("lifecycle", `${label} missing ${key} object`);
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
  const [target, scope] = [member(assertion, "target"), member(policy, "scope")];
  const binding = member(contract, "target_binding");
  if (!isExactRecord(target)) return missing("scope_assertion", "target");
  if (!isExactRecord(scope)) return missing("policy_decision", "scope");
  if (!isExactRecord(binding)) return missing("execution_contract", "target_binding");
  const host = member(target, "target_host");
  if (host === undefined || host !== member(scope, "target_host"))
    return failure("lifecycle", "scope assertion policy target mismatch", host === undefined ? 11 : undefined);
  if (host !== member(binding, "target_host"))
    return failure("lifecycle", "scope assertion execution target_host mismatch");
  if (member(target, "target") !== member(binding, "target"))
    return failure("lifecycle", "scope assertion execution target mismatch");
  return undefined;
}
