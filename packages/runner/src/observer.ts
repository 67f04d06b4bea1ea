import { lstatSync, realpathSync } from "node:fs";
import type { Readable } from "node:stream";
import { isWithin, type Contract, type ProcessShape, type Refusal } from "@writ/kernel";
import { createAttemptList } from "./attempt-list.ts";
import { classifyAttempt, type Surroundings } from "./attempt.ts";
import { insideView } from "./inside-view.ts";
import { ownLoopback } from "./own-loopback.ts";
import { isProgram } from "./program.ts";
import type { Reach } from "./reach.ts";
import { parseTraceLine } from "./trace-line.ts";

/** A line of strace holds two paths in hex and cut contents; longer ones are cut, which makes them no call. */
const LINE_CHARACTERS_MAX = 256 * 1024;

export interface Observer {
  /** Reads strace's lines as they come; a program that fails very often is slowed down by the pipe, not stored. */
  readonly watch: (lines: Readable) => void;
  readonly attempts: () => readonly Refusal[];
}

/** Sees the attempts of one sandbox; it lets go of the sandbox's network when strace has said its last. */
export function createObserver(surroundings: Surroundings): Observer {
  const attempts = createAttemptList();
  const { loopback, inside, hidden } = surroundings;
  const note = (line: string): void => {
    loopback.hold();
    inside.hold();
    const call = parseTraceLine(line);
    const refusal = call === null ? null : classifyAttempt(call, surroundings);
    if (refusal === null) return;
    attempts.note(
      refusal,
      hidden.some((secret) => isWithin(secret, refusal.target)),
    );
  };
  return {
    watch: (lines) => {
      forEachLine(lines, note);
      lines.once("close", () => {
        loopback.release();
        inside.release();
      });
    },
    attempts: attempts.listed,
  };
}

/** What lies around a planned run. `firstPid` answers the pid whose network namespace is the sandbox's. */
export function surroundingsOf(
  contract: Contract,
  shape: ProcessShape,
  { reach, firstPid }: { readonly reach: Reach; readonly firstPid: () => number | null },
  hidden: readonly string[],
): Surroundings {
  return {
    cwd: shape.cwd,
    home: reach.home,
    network: contract.scope.network,
    shown: reach.mounts.filter(({ kind }) => kind !== "temporary" && kind !== "hide").map(({ path }) => path),
    hidden,
    writable: contract.scope.write,
    guard: reach.guard,
    realPath,
    mayRun: isProgram,
    inside: insideView(firstPid),
    changeableFolder: (path) => changeableFolder(path, reach),
    loopback: ownLoopback(firstPid),
  };
}

/** The folder around a path in which links can have been made inside; elsewhere they are those outside, which `realPath` follows. */
function changeableFolder(path: string, { mounts }: Reach): string | null {
  if (isWithin("/dev", path)) return "/dev";
  // A later mount covers what an earlier one shows.
  const closest = mounts.findLast((mount) => isWithin(mount.path, path));
  return closest?.kind === "write" || closest?.kind === "temporary" ? closest.path : null;
}

/** Most paths that are asked for are nowhere; to learn that without an exception costs a tenth. */
function realPath(path: string): string | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined ? null : realpathSync.native(path);
  } catch {
    return null;
  }
}

function forEachLine(lines: Readable, use: (line: string) => void): void {
  let rest = "";
  lines.setEncoding("latin1");
  lines.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = (parts.pop() ?? "").slice(0, LINE_CHARACTERS_MAX);
    parts.forEach(use);
  });
}
