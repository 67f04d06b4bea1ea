import type { ExactJson } from "@writ/canon";
import { admissionRefs, composeAdmission } from "../../admission/compose.ts";
import { GUARD_PASSES } from "../../admission/gate-summary.ts";
import { checkAdmissionProof } from "../../admission/proof.ts";
import { admissionRecord, checkAdmissionResult, summarizeAdmission } from "../../admission/result.ts";
import { isExactRecord, member, memberOrNull, textOrEmpty } from "../exact-record.ts";
import { answeredStricter, type Operation, type Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

/** Members by which a blocked answer differs: its steps alone (§27 no. 26), or all that follow from being blocked. */
interface Differing {
  readonly steps: string;
  readonly blocked: readonly string[];
}

const COMPOSED: Differing = {
  steps: "required_next_actions",
  blocked: ["status", "allowed", "reason_code", "blockers", "required_next_actions"],
};
const SUMMARISED: Differing = {
  steps: "required_next_action_count",
  blocked: ["status", "allowed", "reason_code", "blocker_count", "required_next_action_count"],
};

export const operations: Operations = {
  "admission.compose": onlyMissingSteps(
    COMPOSED,
    (input) => input,
    recordOperation((input) => admissionRecord(composeAdmission(named(input)))),
  ),
  "admission.compose_then_proof_inputs": (input) => {
    const outcome = proof(input);
    return !outcome.ok && isJudgedByNewest(input) ? { ...outcome, stricter: 4 } : outcome;
  },
  "admission.public_summary": onlyMissingSteps(
    SUMMARISED,
    (input) => memberOrNull(input, "compose"),
    recordOperation((input) => {
      const admission = composeAdmission(named(memberOrNull(input, "compose")));
      const summary = summarizeAdmission(admission);
      return member(input, "show_artifact_refs") === true
        ? { ...summary, artifact_refs: admission.artifact_refs }
        : summary;
    }),
  ),
  "admission.artifact_refs": recordOperation((input) => {
    return admissionRefs(isExactRecord(input) ? input : {});
  }),
  "admission.validate_result": recordOperation((input) => {
    checkAdmissionResult(input);
    return "valid";
  }),
};

const proof = recordOperation((input) => {
  checkAdmissionProof(composeAdmission(named(input)));
  return "accepted";
});

/** A blocked answer lists only the steps that are missing, and follows the newest line about guard and freshness. */
function onlyMissingSteps(differing: Differing, composed: (input: ExactJson) => ExactJson, run: Operation): Operation {
  return (input) => {
    const outcome = run(input);
    if (!outcome.ok || member(outcome.value, "allowed") !== false) return outcome;
    const given = composed(input);
    return member(given, "runtime_consumable") === true && isJudgedByNewest(given)
      ? answeredStricter(outcome.value, 4, differing.blocked)
      : answeredStricter(outcome.value, 26, [differing.steps]);
  };
}

/**
 * Whether the earlier line takes a word for guard or freshness that the newest does not: a guard that is passed by one
 * word and blocked by another, freshness that the guard's own verification does not confirm (§20.2; §27 no. 4).
 */
function isJudgedByNewest(input: ExactJson): boolean {
  const [guard, separate] = [member(input, "sclite_guarded_strict"), member(input, "replay_freshness")];
  const own = said(guard, "replay_status");
  const freshness = said(separate, "replay_status", "status") || own;
  const unconfirmed = freshness === "fresh" && own !== "fresh";
  const blocked = ["blocked", "failed", "denied"].includes(said(guard, "status")) || member(guard, "allowed") === false;
  return unconfirmed || (blocked && GUARD_PASSES.has(said(guard, "verification_status", "guarded_status")));
}

function said(record: ExactJson | undefined, ...keys: readonly string[]): string {
  return keys.map((key) => textOrEmpty(record, key).trim().toLowerCase()).find((word) => word !== "") ?? "";
}

/** Cases of the composition alone name neither the admission nor its subject. */
function named(input: ExactJson): ExactJson {
  return isExactRecord(input)
    ? { admission_id: "runtime-admission-1", subject_ref: "sha256:prepared", ...input }
    : input;
}
