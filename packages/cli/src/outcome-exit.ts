import type { ExitCode } from "@writ/api/client";

/** What a decision makes of the exit code: only `allow` is 0; whatever blocks is 3 (ARCHITECTURE §7.7, §9). */
export function outcomeExit(outcome: "allow" | "hold" | "deny" | "not_evaluated"): ExitCode {
  return outcome === "allow" ? 0 : 3;
}
