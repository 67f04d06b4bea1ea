import { isExactList, member } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { obligesReceipt, type RuntimeAdmission } from "./compose.ts";
import { TICKET_PASSES, TRUST_PASSES } from "./gate-summary.ts";
import { guardStatus, replayStatus, ticketStatus, trustStatus } from "./signal-status.ts";

/**
 * Checks that an allowed admission carries what evidence needs (spec kernel.md §20.2). The first that is missing is
 * refused as `runtime_admission_proof_<what>`.
 */
export function checkAdmissionProof(admission: RuntimeAdmission): void {
  const missing = CHECKS.find(([, holds]) => !holds(admission));
  if (missing !== undefined) throw recordRefusal(`runtime_admission_proof_${missing[0]}`, missing[2]);
}

/** With the rule of §27 where the reference does not look: a runner without a name is no runner. */
const CHECKS: readonly (readonly [what: string, holds: (admission: RuntimeAdmission) => boolean, rule?: number])[] = [
  ["not_allowed", ({ allowed }) => allowed],
  ["guarded_strict_missing", ({ signals }) => guardStatus(signals.sclite_guarded_strict) === "passed"],
  ["replay_freshness_missing", ({ signals }) => replayStatus(signals) === "fresh"],
  ["trust_decision_missing", ({ signals }) => TRUST_PASSES.has(trustStatus(signals.trust_decision))],
  ["execution_ticket_missing", ({ signals }) => TICKET_PASSES.has(ticketStatus(signals.execution_ticket))],
  ["receipt_obligation_missing", ({ signals }) => obligesReceipt(signals.receipt_obligation)],
  ["runner_profile_missing", ({ runner_profile: runner }) => runner.allowed && runner.name !== "missing", 11],
  ["live_backend_not_allowed", ({ runner_profile: runner }) => !runner.live_backend_enabled],
  ["guard_digest_missing", (admission) => hasRef(admission, "sclite_guarded_strict", "root_chain_digest")],
  ["ticket_ref_missing", (admission) => hasRef(admission, "execution_ticket", "ticket_id")],
  ["ticket_digest_missing", (admission) => hasRef(admission, "execution_ticket", "ticket_digest", "digest")],
  ["receipt_binding_incomplete", ({ signals }) => bindsBoth(member(signals.receipt_obligation, "binds"))],
];

function hasRef({ artifact_refs: refs }: RuntimeAdmission, role: string, ...keys: readonly string[]): boolean {
  return keys.some((key) => (refs[role]?.[key] ?? "") !== "");
}

function bindsBoth(binds: ReturnType<typeof member>): boolean {
  return isExactList(binds) && binds.includes("admission") && binds.includes("ticket");
}
