import { lifecycleGate, parseArtifactStates, type ArtifactState } from "../../control/artifact-lifecycle.ts";
import { changeOrder, parseExpectedDigests } from "../../control/deconfliction.ts";
import { member, textOrEmpty } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "lifecycle.transition": recordOperation((input) =>
    lifecycleGate(
      textOrEmpty(input, "from_state"),
      textOrEmpty(input, "to_state"),
      parseArtifactStates(member(input, "artifact_states") ?? []).map(withStep),
    ),
  ),
  "deconfliction.evaluate": recordOperation((input) =>
    changeOrder(
      parseArtifactStates(member(input, "artifact_states") ?? []),
      parseExpectedDigests(member(input, "expected_digests") ?? {}),
    ),
  ),
};

/** Cases name artifacts by their role; the reference then gives a blocked one its step. */
function withStep(state: ArtifactState): ArtifactState {
  const unsaid = state.blocked.length > 0 && state.nextActions.length === 0;
  return unsaid ? { ...state, nextActions: ["repair_artifact"] } : state;
}
