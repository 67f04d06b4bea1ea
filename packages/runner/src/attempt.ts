import type { Refusal } from "@writ/kernel";
import { fileAttempt } from "./file-attempt.ts";
import type { GitGuard } from "./git-guard.ts";
import type { InsideView } from "./inside-view.ts";
import { bindAttempt, networkAttempt, socketAttempt } from "./network-attempt.ts";
import { familyOf } from "./observed-calls.ts";
import type { OwnLoopback } from "./own-loopback.ts";
import { processAttempt } from "./process-attempt.ts";
import type { FailedCall } from "./trace-line.ts";

/** What the classification needs to know of the sandbox and the machine around it. */
export interface Surroundings {
  readonly cwd: string;
  /** HOME inside. */
  readonly home: string;
  readonly network: "none" | "host";
  /** Folders and files shown to the process, and what is covered again within them. */
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  readonly writable: readonly string[];
  /** What is held in place within the writable folders. */
  readonly guard: GitGuard;
  /** Where a path leads on this machine, or null when nothing is there. */
  readonly realPath: (path: string) => string | null;
  /** Whether the operator could start what is there: a file that is no program is refused to everybody. */
  readonly mayRun: (path: string) => boolean;
  readonly inside: InsideView;
  /** The folder around a path in which links can have been made inside, or null. */
  readonly changeableFolder: (path: string) => string | null;
  readonly loopback: OwnLoopback;
}

/**
 * What the sandbox refused, or null when the call failed for a reason of its own: a file that is nowhere is not a
 * refusal, a file that is there outside and not inside is one.
 */
export function classifyAttempt(call: FailedCall, around: Surroundings): Refusal | null {
  switch (familyOf(call.name)) {
    case "fork":
      return call.error === "EAGAIN" ? tooManyProcesses : null;
    case "open":
      return fileAttempt(call, WRITE_FLAGS.test(call.arguments) ? "write" : "read", around);
    case "enter":
      return fileAttempt(call, "read", around);
    case "look":
      return fileAttempt(call, "look", around);
    case "write":
      return fileAttempt(call, "write", around);
    case "socket":
      return socketAttempt(call);
    case "bind":
      return bindAttempt(call, around);
    case "connect":
    case "send":
      return networkAttempt(call, around);
    case "process":
      return processAttempt(call, around);
    case "capability":
      return call.error === "EPERM" ? { kind: "sandbox", target: call.name, detail: call.error } : null;
    case "deadly":
      return call.error === "SIGSYS" ? { kind: "sandbox", target: call.name, detail: "ended by SIGSYS" } : null;
    case undefined:
      return null;
  }
}

const WRITE_FLAGS = /\bO_(?:WRONLY|RDWR|CREAT|TRUNC)\b/;

const tooManyProcesses: Refusal = { kind: "limit", target: "processes", detail: "the process limit was reached" };
