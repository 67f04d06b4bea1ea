import type { ExactJson } from "@writ/canon";
import { artifactRefs } from "../../admission/artifact-refs.ts";
import { admissionSignals, composeAdmission } from "../../admission/compose.ts";
import { checkAdmissionProof } from "../../admission/proof.ts";
import { checkAdmissionResult, summarizeAdmission } from "../../admission/result.ts";
import { isExactRecord, member } from "../exact-record.ts";
import { answeredStricter, type Operation, type Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "admission.compose": onlyMissingSteps(
    "required_next_actions",
    recordOperation((input) => composeAdmission(named(input))),
  ),
  "admission.compose_then_proof_inputs": (input) => {
    const outcome = proof(input);
    return !outcome.ok && hasUnreconciledReplay(input) ? { ...outcome, stricter: 4 } : outcome;
  },
  "admission.public_summary": onlyMissingSteps(
    "required_next_action_count",
    recordOperation((input) => {
      const admission = composeAdmission(named(member(input, "compose") ?? null));
      const summary = summarizeAdmission(admission);
      return member(input, "show_artifact_refs") === true
        ? { ...summary, artifact_refs: admission.artifact_refs }
        : summary;
    }),
  ),
  "admission.artifact_refs": recordOperation((input) => {
    const [record, explicit] = [isExactRecord(input) ? input : {}, member(input, "artifact_refs")];
    return artifactRefs(admissionSignals(record), isExactRecord(explicit) ? explicit : {});
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

/** Freshness that the guard's own verification does not confirm is a status string (§20.2, newest line; §27 no. 4). */
function hasUnreconciledReplay(input: ExactJson): boolean {
  const separate = member(input, "replay_freshness");
  return separate !== undefined && member(member(input, "sclite_guarded_strict"), "replay_status") === undefined;
}

/** A blocked answer lists only the steps that are missing, where the reference lists all (§27 no. 26). */
function onlyMissingSteps(differing: string, run: Operation): Operation {
  return (input) => {
    const outcome = run(input);
    return outcome.ok && member(outcome.value, "allowed") === false
      ? answeredStricter(outcome.value, 26, [differing])
      : outcome;
  };
}

/** Cases of the composition alone name neither the admission nor its subject. */
function named(input: ExactJson): ExactJson {
  return isExactRecord(input)
    ? { admission_id: "runtime-admission-1", subject_ref: "sha256:prepared", ...input }
    : input;
}
