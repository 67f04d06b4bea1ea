import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Between asking a process tree to end and ending it. */
const GRACE_MS = 2000;
/** How long the kernel may take to clear a process tree that was told to die. */
const CLEARING_MS_MAX = 10_000;

export interface Stopper {
  /** Asks the tree to end, and ends it after two seconds; `now` ends it at once. Later calls only hasten. */
  readonly stop: (how: "ask" | "now") => void;
  /** Nothing is left to stop. */
  readonly settle: () => void;
}

/** Stops the tree under `firstPid`. What was started and is not yet known is stopped as soon as it is known. */
export function createStopper(firstPid: () => number | null): Stopper {
  let asked: "ask" | "now" | null = null;
  let timer: NodeJS.Timeout | undefined;
  const act = (): void => {
    const first = firstPid();
    if (first === null) timer = setTimeout(act, 1);
    else if (asked === "now") signal(first, "SIGKILL");
    else {
      signal(-first, "SIGTERM");
      asked = "now";
      timer = setTimeout(act, GRACE_MS);
    }
  };
  let ended = false;
  return {
    stop: (how) => {
      if (ended || (asked !== null && how === "ask")) return;
      asked = how;
      clearTimeout(timer);
      act();
    },
    settle: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/** How many processes are inside: the sandbox's own `/proc` lists exactly them. 0 when that cannot be seen. */
export function countInside(first: number | null): number {
  if (first === null) return 0;
  try {
    return readdirSync(`/proc/${String(first)}/root/proc`).filter((name) => /^\d+$/.test(name)).length;
  } catch {
    return 0;
  }
}

/**
 * Bubblewrap outside ends with the program; what the program left behind dies with the first process inside, a moment
 * later. INVARIANT: nothing inside runs once this fulfils, so what is measured afterwards stays true.
 */
export async function cleared(first: number): Promise<void> {
  const deadline = performance.now() + CLEARING_MS_MAX;
  while (isAlive(first)) {
    signal(first, "SIGKILL");
    if (performance.now() > deadline) throw new Error(`process ${String(first)} of a sandbox does not die`);
    await sleep(1);
  }
}

/** False when there is nobody to signal. Group 0 would be our own and is never meant. */
function signal(target: number, name: NodeJS.Signals): boolean {
  if (target === 0) return false;
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}

/** A zombie has already ended, and the kernel lets the first process of a namespace end only after all others. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
    const state = stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
    return state !== "Z" && state !== "X";
  } catch {
    return false;
  }
}
