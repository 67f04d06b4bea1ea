import type { ExactJson } from "@writ/canon";
import { member, sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { closedRecord, orderedTexts, textOf } from "../governance/v1-record.ts";
import type { PolicyPack } from "./compile.ts";
import { parseRuntimeControls } from "./controls-record.ts";
import { enforcementPlanDigest, planAdmission, planEnforcement, type EnforcementPlan } from "./enforcement.ts";
import type { PolicyVerdict } from "./evaluate.ts";

/** Reads a stored plan. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseEnforcementPlan(value: ExactJson | undefined): EnforcementPlan {
  const record = closedRecord(value, FIELDS, {
    invalid: "invalid_policy_enforcement_plan",
    unknown: "unknown_policy_enforcement_plan_field",
  });
  const text = (key: string): string => textOf(record, key, `missing_policy_enforcement_plan_${key}`);
  if (member(record, "schema_version") !== "v0.1")
    throw recordRefusal("unknown_policy_enforcement_plan_schema_version");
  const named = text("status");
  const status = named === "ready" || named === "blocked" ? named : undefined;
  if (status === undefined) throw recordRefusal("unknown_policy_enforcement_plan_status");
  const plan = {
    plan_id: text("plan_id"),
    subject_ref: text("subject_ref"),
    policy_pack_id: text("policy_pack_id"),
    policy_pack_version: text("policy_pack_version"),
    policy_pack_digest: planDigest(record, "policy_pack_digest"),
    verdict_id: text("verdict_id"),
    verdict_digest: planDigest(record, "verdict_digest"),
    status,
    reason_code: text("reason_code"),
    controls: parseRuntimeControls(member(record, "controls")),
    blockers: orderedTexts(record, "blockers", "invalid_policy_enforcement_plan_blockers"),
    schema_version: "v0.1",
  } as const;
  if (status === "ready" && plan.blockers.length > 0)
    throw recordRefusal("ready_policy_enforcement_plan_with_blockers");
  if (status === "blocked" && plan.blockers.length === 0)
    throw recordRefusal("blocked_policy_enforcement_plan_without_blockers");
  return plan;
}

/** Recomputes a stored plan from its pack and verdict; refuses one that drifted or does not let anything run. */
export function checkEnforcementPlan(plan: ExactJson, pack: PolicyPack, verdict: PolicyVerdict): EnforcementPlan {
  const [stored, made] = [parseEnforcementPlan(plan), planEnforcement(pack, verdict)];
  if (enforcementPlanDigest(stored) !== enforcementPlanDigest(made))
    throw recordRefusal("policy_enforcement_plan_drift");
  if (made.status !== "ready") throw recordRefusal(`policy_enforcement_not_ready:${made.reason_code}`);
  return made;
}

/** A stored admission is the one its plan makes, member for member. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkPlanAdmission(admission: ExactJson, plan: EnforcementPlan): void {
  if (!sameExact(admission, { ...planAdmission(plan) })) throw recordRefusal("policy_enforcement_admission_drift");
}

function planDigest(record: ExactRecord, key: string): string {
  const text = textOf(record, key, `missing_policy_enforcement_plan_${key}`);
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) throw recordRefusal("invalid_policy_enforcement_plan_digest");
  return text;
}

const FIELDS: ReadonlySet<string> = new Set(
  (
    "plan_id subject_ref policy_pack_id policy_pack_version policy_pack_digest verdict_id verdict_digest status " +
    "reason_code controls blockers schema_version"
  ).split(" "),
);
