import { applyControlDecision, parseControlDecision } from "../../control/control-decision.ts";
import { decideLoop } from "../../control/control-loop.ts";
import { parseEventEnvelope } from "../../control/event-envelope.ts";
import { parseRunState } from "../../run-state/run-state.ts";
import { isExactList, member } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";
import { outward } from "./run-state.ts";

export const operations: Operations = {
  "control_loop.decide": (input) => {
    const outcome = loop(input);
    const observations = member(input, "observations");
    // Of several observations the reference takes the first, the product the most severe (§27 no. 20).
    return outcome.ok && isExactList(observations) && observations.length > 1 ? { ...outcome, stricter: 20 } : outcome;
  },
  "control.apply": recordOperation((input) => {
    const state = parseRunState(member(input, "state") ?? null);
    return outward(applyControlDecision(state, parseControlDecision(member(input, "decision") ?? null)));
  }),
  "events.envelope": recordOperation((input) => {
    const { event, ...envelope } = parseEventEnvelope(input);
    return { ...event, ...envelope, event: { ...event } };
  }),
};

const loop = recordOperation((input) =>
  decideLoop(member(input, "orientation") ?? {}, member(input, "observations") ?? []),
);
