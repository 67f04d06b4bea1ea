import { isWritError } from "@writ/canon";

/** The reason a typed refusal gives, or undefined when nothing is refused. Any other error is let through. */
export function refusalOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!isWritError(error)) throw error;
    return String(error.details["reason"] ?? error.code);
  }
}
