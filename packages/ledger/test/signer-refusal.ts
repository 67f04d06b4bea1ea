import { isWritError } from "@writ/canon";

/** The code a call is refused with, `accepted`, or the untyped error it should not have thrown. */
export function codeOf(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    return codeOfError(error);
  }
}

/** The same for a promise. */
export async function codeOfPromise(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "accepted";
  } catch (error) {
    return codeOfError(error);
  }
}

function codeOfError(error: unknown): string {
  return isWritError(error) ? error.code : `untyped: ${String(error)}`;
}
