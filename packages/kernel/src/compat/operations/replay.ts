import { evaluateReplay, parseReplayRecord } from "../../replay/replay.ts";
import { isExactList, member, memberOrNull } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "replay.evaluate": recordOperation((input) => {
    const priors = member(input, "prior_records");
    return evaluateReplay(
      parseReplayRecord(memberOrNull(input, "record")),
      isExactList(priors) ? priors.map(parseReplayRecord) : [],
      member(input, "require_fresh") !== false,
    );
  }),
};
