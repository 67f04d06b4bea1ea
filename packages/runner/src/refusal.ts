import { WritError } from "@writ/canon";
import type { RunnerErrorCode } from "./error-code.ts";

/** Why a run cannot start, and what to do: an expected outcome, so a value. */
export interface Blocked {
  readonly code: RunnerErrorCode;
  /** What is in the way. */
  readonly reason: string;
  readonly next: string;
}

/** What the steps of a preparation throw, and `prepare` turns into a value. */
export function refuse({ code, reason, next }: Blocked): WritError<RunnerErrorCode> {
  return new WritError({ code, message: reason, reason: "a run starts only when contract and machine agree", next });
}
