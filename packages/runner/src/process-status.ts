import type { Readable } from "node:stream";

/** What bubblewrap tells of itself on a descriptor of its own; filled in as it comes. */
export interface Status {
  /** Pid of the first process inside, as this machine counts; null until it is told. */
  firstPid: number | null;
  /** Exit code of the program; told only when it was really executed (bwrap(1), `--json-status-fd`). */
  code: number | null;
}

/** How the outermost process of a sandbox ended: strace, else bubblewrap. */
export interface OuterExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Whether the program was started. `no` is measured, never concluded from silence: bubblewrap had no options yet, or it
 * gave up by itself, which it does with exit code 1 and only before the program runs.
 */
export type Started = "yes" | "no" | "unknown";

export function wasStarted(
  status: Status,
  exit: OuterExit,
  { fed, observerFailed }: { readonly fed: boolean; readonly observerFailed: boolean },
): Started {
  if (status.code !== null) return "yes";
  if (!fed) return "no";
  return exit.signal === null && exit.code === SETUP_FAILED && !observerFailed ? "no" : "unknown";
}

const SETUP_FAILED = 1;

/**
 * An empty line when bubblewrap may be told its options, then its own lines: `child-pid` first, `exit-code` last.
 * `begin` is called once: with false when it never came so far.
 */
export function readStatus(stream: Readable, begin: (ready: boolean) => void): Status {
  const status: Status = { firstPid: null, code: null };
  let text = "";
  stream.once("data", () => begin(true));
  stream.once("close", () => text === "" && begin(false));
  stream.setEncoding("latin1");
  stream.on("data", (chunk: string) => {
    text = (text + chunk).slice(0, 4096);
    status.firstPid = numberAfter(text, "child-pid");
    status.code = numberAfter(text, "exit-code");
  });
  return status;
}

function numberAfter(text: string, key: string): number | null {
  const found = new RegExp(`"${key}": (\\d+)`).exec(text);
  return found === null ? null : Number(found[1]);
}
