import { lifecycleGate, parseArtifactStates } from "../../control/artifact-lifecycle.ts";
import { changeOrder } from "../../control/deconfliction.ts";
import { isExactRecord, member, textMember } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "lifecycle.transition": recordOperation((input) =>
    lifecycleGate(
      textMember(input, "from_state") ?? "",
      textMember(input, "to_state") ?? "",
      parseArtifactStates(member(input, "artifact_states") ?? []),
    ),
  ),
  "deconfliction.evaluate": recordOperation((input) => {
    const digests = member(input, "expected_digests");
    const named = Object.entries(isExactRecord(digests) ? digests : {});
    const expected = named.flatMap(([role, digest]) => (typeof digest === "string" ? [[role, digest] as const] : []));
    return changeOrder(parseArtifactStates(member(input, "artifact_states") ?? []), new Map(expected));
  }),
};
