import { realpathSync } from "node:fs";
import type { Readable } from "node:stream";
import type { Contract, ProcessShape, Refusal } from "@writ/kernel";
import { classifyAttempt, type Surroundings } from "./attempt.ts";
import { ownLoopback } from "./own-loopback.ts";
import type { Reach } from "./reach.ts";
import { parseTraceLine } from "./trace-line.ts";

/** Attempts kept; more different ones are counted. */
const ATTEMPTS_MAX = 512;
/** A line of strace with two paths and a message in hex; longer ones are cut, which makes them no call. */
const LINE_CHARACTERS_MAX = 256 * 1024;

export interface Observer {
  /** Reads strace's lines as they come; a program that fails very often is slowed down by the pipe, not stored. */
  readonly watch: (lines: Readable) => void;
  readonly attempts: () => readonly Refusal[];
}

/** Sees the attempts of one sandbox; it lets go of the sandbox's network when strace has said its last. */
export function createObserver(surroundings: Surroundings): Observer {
  const attempts = new Map<string, { readonly refusal: Refusal; times: number }>();
  let others = 0;
  const { loopback } = surroundings;
  const note = (line: string): void => {
    loopback.hold();
    const call = parseTraceLine(line);
    const refusal = call === null ? null : classifyAttempt(call, surroundings);
    if (refusal === null) return;
    const key = `${refusal.kind} ${refusal.target}`;
    const known = attempts.get(key);
    if (known !== undefined) known.times += 1;
    else if (attempts.size < ATTEMPTS_MAX) attempts.set(key, { refusal, times: 1 });
    else others += 1;
  };
  return {
    watch: (lines) => {
      forEachLine(lines, note);
      lines.once("close", loopback.release);
    },
    attempts: () => [
      ...[...attempts.values()].map(({ refusal, times }) => (times === 1 ? refusal : repeated(refusal, times))),
      ...(others === 0 ? [] : [unlisted(others)]),
    ],
  };
}

/** What lies around a planned run. `networkOf` answers the pid whose network namespace is the sandbox's. */
export function surroundingsOf(
  contract: Contract,
  shape: ProcessShape,
  { reach, networkOf }: { readonly reach: Reach; readonly networkOf: () => number | null },
  hidden: readonly string[],
): Surroundings {
  return {
    cwd: shape.cwd,
    network: contract.scope.network,
    shown: reach.mounts.filter(({ kind }) => kind !== "temporary" && kind !== "hide").map(({ path }) => path),
    hidden,
    writable: contract.scope.write,
    realPath,
    loopback: ownLoopback(networkOf),
  };
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
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

function repeated(refusal: Refusal, times: number): Refusal {
  return { ...refusal, detail: `${refusal.detail}, ${String(times)} times` };
}

function unlisted(count: number): Refusal {
  return { kind: "limit", target: "refusals", detail: `${String(count)} further attempts are not listed` };
}
