import type { Refusal } from "@writ/kernel";
import type { Surroundings } from "./attempt.ts";
import type { FailedCall } from "./trace-line.ts";

/**
 * A signal to, or a hold on, a process that is none inside. A number that also means a process of the operator's outside
 * counts; that of a child that has ended usually means none.
 */
export function processAttempt({ name, arguments: given, error }: FailedCall, around: Surroundings): Refusal | null {
  if (error !== "ESRCH") return null;
  const pid = Math.abs(Number(/^-?\d{1,10}/.exec(given)?.[0] ?? 0));
  if (!isReachableOutside(pid, around)) return null;
  return { kind: "sandbox", target: `process ${String(pid)}`, detail: `${name}: no process of this number inside` };
}

/** Whether the operator could do something to a process of this number: what it runs is told to its user and root alone. */
export function isReachableOutside(pid: number, { realPath }: Surroundings): boolean {
  return pid > 0 && realPath(`/proc/${String(pid)}/exe`) !== null;
}
