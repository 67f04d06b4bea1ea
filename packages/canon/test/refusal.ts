import { isWritError } from "@writ/canon";

/** The code a call is refused with, `accepted`, or the untyped error it should not have thrown. */
export function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return isWritError(error) ? error.code : `untyped: ${String(error)}`;
  }
  return "accepted";
}

/** Where the strict reader stopped. */
export function positionOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return isWritError(error) ? error.details["position"] : undefined;
  }
  return undefined;
}
