import { parseAdmissionDecision, type AdmissionDecision } from "../admission/admission-decision.ts";
import { textMember, type ExactRecord } from "../compat/exact-record.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { policyPackDigest, type PolicyPack } from "./compile.ts";
import { policyVerdictDigest, type PolicyVerdict } from "./evaluate.ts";
import { DEFAULT_CONTROLS, projectControls, type RuntimeControls } from "./runtime-controls.ts";

/** How a verdict is to be enforced, or why it cannot be (spec kernel.md §22.4). */
export interface EnforcementPlan {
  readonly plan_id: string;
  readonly subject_ref: string;
  readonly policy_pack_id: string;
  readonly policy_pack_version: string;
  readonly policy_pack_digest: string;
  readonly verdict_id: string;
  readonly verdict_digest: string;
  readonly status: "ready" | "blocked";
  readonly reason_code: string;
  readonly controls: RuntimeControls;
  readonly blockers: readonly string[];
  readonly schema_version: "v0.1";
}

/** Projects a verdict onto controls. What no runtime enforces blocks. */
export function planEnforcement(pack: PolicyPack, verdict: PolicyVerdict): EnforcementPlan {
  const allows = verdict.decision === "allow" || verdict.decision === "allow_with_obligations";
  const projection = allows ? projectControls(verdict) : { ok: false as const, reason: verdict.reason_code };
  const mismatches = [
    ...(textMember(verdict.metadata, "policy_pack") === pack.policy_id ? [] : ["policy_verdict_pack_mismatch"]),
    ...(textMember(verdict.metadata, "policy_version") === pack.version ? [] : ["policy_verdict_version_mismatch"]),
  ];
  const found = [...verdict.blockers, ...mismatches, ...(projection.ok ? [] : [projection.reason])];
  const blockers = [...new Set(found)];
  const ready = blockers.length === 0;
  const refused = projection.ok ? (blockers[0] ?? "") : projection.reason;
  return {
    plan_id: `policy-enforcement:${verdict.verdict_id}`,
    subject_ref: verdict.subject_ref,
    policy_pack_id: pack.policy_id,
    policy_pack_version: pack.version,
    policy_pack_digest: policyPackDigest(pack),
    verdict_id: verdict.verdict_id,
    verdict_digest: policyVerdictDigest(verdict),
    status: ready ? "ready" : "blocked",
    reason_code: ready ? "policy_controls_projected" : refused,
    controls: projection.ok ? projection.controls : DEFAULT_CONTROLS,
    blockers,
    schema_version: "v0.1",
  };
}

export function enforcementPlanDigest(plan: EnforcementPlan): string {
  const recordType = "govengine.policy.enforcement.PolicyEnforcementPlan";
  return kernelRecordDigest({ recordType, record: plan as unknown as ExactRecord });
}

/** The admission decision a plan stands for (§20.1). */
export function planAdmission(plan: EnforcementPlan): AdmissionDecision {
  const ready = plan.status === "ready";
  return parseAdmissionDecision({
    decision_id: `policy-admission:${plan.verdict_id}`,
    subject_ref: plan.subject_ref,
    subject_kind: "task",
    outcome: ready ? "allowed" : "denied",
    allowed: ready,
    reason_code: plan.reason_code,
    detail: "",
    blockers: plan.blockers,
    context: {},
    signal: {
      policy_enforcement_plan_id: plan.plan_id,
      policy_enforcement_plan_digest: enforcementPlanDigest(plan),
      policy_pack_digest: plan.policy_pack_digest,
      verdict_digest: plan.verdict_digest,
    },
    explainability: {},
    metadata: { source: "policy_enforcement_plan", schema_version: "v0.1" },
  });
}
