import { readdirSync, readFileSync } from "node:fs";
import type { WritError } from "@writ/canon";
import type { RunnerErrorCode } from "./error-code.ts";
import { DESCRIPTOR_END, inheritedDescriptors } from "./inherited.ts";
import { refuse } from "./refusal.ts";

/** Open at once during a start beside the mounts: ten pipes of two ends, two named ones, and what Node opens itself. */
const NEEDED = 40;

/**
 * Whether this process may still open what a sandbox needs; asked before a ticket is spent. Where the limit cannot be
 * read nothing is foreseen, and a failed start says so by itself.
 *
 * @throws WritError `RUNNER_DESCRIPTORS_SHORT`.
 */
export function requireDescriptors(mounts: number, limit: number | null = openFilesMax()): void {
  if (limit === null) return;
  const free = limit - countOpen();
  const needed = NEEDED + mounts;
  if (free < needed) {
    throw short(
      `${String(Math.max(0, free))} more files may be open here, of ${String(limit)}; a sandbox takes ${String(needed)}`,
      "raise the limit: `ulimit -n 1024`",
    );
  }
  const tooHigh = inheritedDescriptors().find((descriptor) => descriptor >= Math.min(limit, DESCRIPTOR_END));
  if (tooHigh === undefined) return;
  throw short(
    `descriptor ${String(tooHigh)} was handed on to this process and cannot be kept out of the sandbox`,
    "raise the limit with `ulimit -n 1024`, or start this from a shell that does not hold it open",
  );
}

function short(reason: string, next: string): WritError<RunnerErrorCode> {
  return refuse({ code: "RUNNER_DESCRIPTORS_SHORT", reason, next });
}

/** The soft limit, `RLIMIT_NOFILE` (proc(5)); null where it is not told or there is none. */
function openFilesMax(): number | null {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

function countOpen(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}
