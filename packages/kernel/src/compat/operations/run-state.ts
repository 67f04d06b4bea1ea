import {
  applyTransition,
  isRunBlocked,
  isRunOver,
  parseRunState,
  parseRunTransition,
  type RunState,
} from "../../run-state/run-state.ts";
import { memberOrNull } from "../exact-record.ts";
import type { Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "run_state.apply": recordOperation((input) => {
    const state = parseRunState(memberOrNull(input, "state"));
    return outward(applyTransition(state, parseRunTransition(memberOrNull(input, "transition"))));
  }),
};

/** Stored fields and the computed ones (spec kernel.md §2.1). */
export function outward(state: RunState): object {
  return { ...state, blocked: isRunBlocked(state), terminal: isRunOver(state) };
}
