import { LIFECYCLE_EVENTS, transition } from "@writ/kernel";

import type { ActionState } from "../request.ts";

/** Whether the kernel's table has an event that leads from one state to the other; staying is no change. */
export function mayFollow(from: ActionState, to: ActionState): boolean {
  if (from === to) return true;
  return LIFECYCLE_EVENTS.some((event) => {
    const next = transition(from, event);
    return next.ok && next.state === to;
  });
}
