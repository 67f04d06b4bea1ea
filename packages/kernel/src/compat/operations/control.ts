import type { ExactJson } from "@writ/canon";
import { applyControlDecision, parseControlDecision } from "../../control/control-decision.ts";
import {
  decideLoop,
  loopDecision,
  OBSERVATION_RULES,
  parseObservations,
  type LoopDecision,
  type Observation,
} from "../../control/control-loop.ts";
import { parseEventEnvelope } from "../../control/event-envelope.ts";
import { firstInterruption, parseOrientation, type Orientation } from "../../control/orientation.ts";
import { parseRunState } from "../../run-state/run-state.ts";
import { member, memberOrNull } from "../exact-record.ts";
import { answeredStricter, type Operation, type Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";
import { outward } from "./run-state.ts";

export const operations: Operations = {
  "control_loop.decide": (input) => {
    const outcome = decided(input);
    if (!outcome.ok) return outcome;
    const [ours, theirs] = [decideLoop(...loopInput(input)), referenceLoop(...loopInput(input))];
    if (ours.reason_code === theirs.reason_code && ours.cooldown_subject === theirs.cooldown_subject) return outcome;
    const rule = ours.reason_code.startsWith("missing_safety_fact:") ? 11 : 20;
    return answeredStricter(outcome.value, rule, Object.keys(ours));
  },
  "control.apply": recordOperation((input) => {
    const state = parseRunState(memberOrNull(input, "state"));
    return outward(applyControlDecision(state, parseControlDecision(memberOrNull(input, "decision"))));
  }),
  "events.envelope": recordOperation((input) => {
    const { event, ...envelope } = parseEventEnvelope(input);
    return { ...event, ...envelope, event: { ...event } };
  }),
};

const decided: Operation = recordOperation((input) => decideLoop(...loopInput(input)));

function loopInput(input: ExactJson): [orientation: Orientation, observations: readonly Observation[]] {
  return [parseOrientation(member(input, "orientation") ?? {}), parseObservations(member(input, "observations") ?? [])];
}

/** The reference's rule: the first observation that asks for anything decides, and no fact is ever missing. */
function referenceLoop(orientation: Orientation, observations: readonly Observation[]): LoopDecision {
  const first = observations
    .map((observation) => OBSERVATION_RULES.map((rule) => rule(observation)).find((found) => found !== undefined))
    .find((found) => found !== undefined);
  return loopDecision(firstInterruption(orientation, observations) ?? first ?? { decision: "continue", reason: "ok" });
}
