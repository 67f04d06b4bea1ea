import type { ExactJson } from "@writ/canon";
import { admit, checkAdmission } from "../automation/admission.ts";
import type { AdmissionDecision } from "../admission/admission-decision.ts";
import { textMember } from "../compat/exact-record.ts";
import type { GovernanceDecision } from "../governance/decision.ts";
import { backendClass, RAW_SHELLS } from "./backend-classes.ts";
import { typedExecutionDigest, type TypedExecution } from "./request.ts";

/** One baseline control of typed execution and whether the request meets it. */
export interface ControlResult {
  readonly control_id: string;
  readonly passed: boolean;
  /** Why not, `""` when it passed. */
  readonly reason_code: string;
}

/**
 * Every baseline control of a request, in the reference's order (spec kernel.md §24). A mutation needs a decision that
 * was checked, allows, and is bound to this very step, spec and payload: a reference alone is no approval (§27 no. 22).
 */
export function typedExecutionControls(
  request: TypedExecution,
  decision: GovernanceDecision | null,
): readonly ControlResult[] {
  const kind = backendClass(request.backend_class);
  const readOnlyMode = request.operation_mode !== "apply";
  const covered = request.required_capabilities.every((name) => request.capability_descriptors.includes(name));
  const needsSecret = request.identity_need === "ssh_identity" || request.identity_need === "plugin_declared";
  const bound = "missing_typed_execution_digest_binding";
  return [
    result("backend_class_supported", kind?.posture === request.posture, "unsupported_backend_class"),
    result("no_raw_shell", !RAW_SHELLS.has(request.backend_class), "raw_shell_backend_blocked"),
    result(
      "read_only_posture",
      !readOnlyMode || request.side_effect_class === "read_only",
      "read_only_side_effect_required",
    ),
    result("capability_descriptor_digest_present", request.capability_descriptor_digest !== "", bound),
    result("step_execution_spec_digest_present", request.step_execution_spec_digest !== "", bound),
    result("payload_digest_present", request.payload_digest !== "", bound),
    result("receipt_required", request.receipt_required, "receipt_required"),
    result("output_digest_required", request.output_digest_ref !== "", "missing_output_digest_ref"),
    result("network_boundary_match", kind?.egress === request.network_egress, "network_boundary_mismatch"),
    result(
      "secret_ref_requirements_met",
      kind?.identity === request.identity_need && (!needsSecret || request.secret_refs.length > 0),
      "missing_required_secret_refs",
    ),
    result(
      "mutation_requires_approval",
      request.side_effect_class === "read_only" || isBound(request, decision),
      "mutation_requires_approval_evidence",
    ),
    result("capability_coverage", covered, "missing_required_capability_descriptors"),
  ];
}

/** Allowed when every control passes; the first that fails gives the reason, and all that fail are named. */
export function admitTypedExecution(request: TypedExecution, decision: GovernanceDecision | null): AdmissionDecision {
  const failed = typedExecutionControls(request, decision).filter(({ passed }) => !passed);
  const blockers = [...new Set(failed.map(({ reason_code }) => reason_code))];
  const [reason_code = "typed_execution_allowed"] = blockers;
  const outcome = blockers.length === 0 ? "allowed" : "denied";
  return admit(
    "typed_execution",
    { ...request, digest: typedExecutionDigest(request) },
    { outcome, reason_code, blockers },
  );
}

/** Computes a stored admission again. Throws `typed_execution_admission_drift`. */
export function checkTypedExecutionAdmission(
  stored: ExactJson,
  request: TypedExecution,
  decision: GovernanceDecision | null,
): AdmissionDecision {
  return checkAdmission("typed_execution", stored, admitTypedExecution(request, decision));
}

function isBound(request: TypedExecution, decision: GovernanceDecision | null): boolean {
  const authorization = decision?.authorization ?? null;
  if (authorization === null) return false;
  const pairs = [
    ["operation_id", request.operation_id],
    ["step_id", request.step_id],
    ["execution_spec_digest", request.step_execution_spec_digest],
    ["payload_digest", request.payload_digest],
  ] as const;
  return pairs.every(([key, asked]) => asked !== "" && textMember(authorization, key) === asked);
}

function result(control_id: string, passed: boolean, reason: string): ControlResult {
  return { control_id, passed, reason_code: passed ? "" : reason };
}
