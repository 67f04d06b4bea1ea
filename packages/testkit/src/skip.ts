/** Whether this is a CI run: `CI=true` or `CI=1`. */
export function inCi(env: NodeJS.ProcessEnv = process.env): boolean {
  return env["CI"] === "true" || env["CI"] === "1";
}

/** Prints that `what` is skipped and why. Throws in CI, where a skipped proof would pass for a proof. */
export function skipOutsideCi(what: string, reason: string): void {
  if (inCi()) throw new Error(`CI must run ${what}: ${reason}`);
  console.warn(`skipped: ${what} (${reason})`);
}
