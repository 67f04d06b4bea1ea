import { constants } from "node:os";
import type { Receipt, Refusal } from "@writ/kernel";
import type { Supervised } from "./supervision.ts";

/** What is known of how a run ended. It was not started only where that was measured. */
export function outcomeOf({ ending, stopped }: Supervised): Pick<Receipt, "outcome" | "exit_code" | "signal"> {
  const { code } = ending;
  if (code === null && stopped === null) {
    return { outcome: ending.started === "no" ? "not_started" : "unfinished", exit_code: null, signal: null };
  }
  const signal = code === null ? (ending.started === "no" ? null : "SIGKILL") : signalOf(code, stopped !== null);
  const exit = { exit_code: signal === null ? code : null, signal };
  if (stopped === "process_limit") return { outcome: "failed", ...exit };
  if (stopped !== null) return { outcome: stopped, ...exit };
  return { outcome: code === 0 ? "succeeded" : "failed", ...exit };
}

/**
 * Bubblewrap answers 128 + n for signal n, as a program may by itself: only where we sent a signal, or where no program
 * chooses such a code, it is told as one.
 */
function signalOf(code: number, weStopped: boolean): string | null {
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
  return weStopped || FATAL.has(name ?? "") ? name : null;
}

const FATAL = new Set(["SIGKILL", "SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGSYS"]);

/** Why a run ended otherwise than by itself. */
export function endingRefusals({ ending, stopped }: Supervised): readonly Refusal[] {
  if (stopped !== null) return [{ kind: "limit", target: LIMITS[stopped], detail: "stopped" }];
  if (ending.code !== null) return [];
  return [{ kind: "sandbox", target: "bubblewrap", detail: whyNoCode(ending) }];
}

function whyNoCode({ started, signal }: Supervised["ending"]): string {
  if (started === "no") return "RUNNER_SETUP_FAILED: the sandbox could not be set up";
  const how = signal === null ? "ended without an answer" : `was ended by ${signal}`;
  return `the sandbox ${how} when the command may have been running: what became of it is not known`;
}

const LIMITS: { readonly [Reason in NonNullable<Supervised["stopped"]>]: string } = {
  timed_out: "time",
  output_limit: "output",
  interrupted: "interruption",
  process_limit: "processes",
};
