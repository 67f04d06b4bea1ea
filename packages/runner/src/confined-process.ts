import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { DESCRIPTORS } from "./launch.ts";
import { openPipes, type OutputPipe } from "./named-pipe.ts";
import { readStatus, wasStarted, type OuterExit, type Started, type Status } from "./process-status.ts";
import { cleared, countInside, createStopper } from "./process-tree.ts";
import { spawnOver } from "./spawn-over.ts";

export interface ConfinedCommand {
  /** The program to spawn with its arguments: bubblewrap, or strace around it. */
  readonly argv: readonly string[];
  /** What to write to each descriptor. */
  readonly contents: ReadonlyMap<number, Uint8Array>;
  readonly stdin: Uint8Array | null;
  readonly traced: boolean;
  /** Number in the sandbox's process → descriptor here. */
  readonly mounts: ReadonlyMap<number, number>;
}

export interface ConfinedProcess {
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly trace: Readable | null;
  /** Pid of the first process inside, as this machine counts; null until bubblewrap tells. */
  readonly firstPid: () => number | null;
  /** How many processes are inside right now, the first one included; 0 when that cannot be seen. */
  readonly count: () => number;
  /** Asks the tree to end, and ends it after two seconds; `now` ends it at once. Later calls only hasten. */
  readonly stop: (how: "ask" | "now") => void;
  /** Fulfils when nothing inside is alive any more and all output was read. */
  readonly ended: Promise<Ending>;
}

export interface Ending {
  /** Exit code of the program, 128 + n when signal n ended it; null when nobody could tell. */
  readonly code: number | null;
  readonly started: Started;
  /** What ended the sandbox itself, where a signal did. */
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts bubblewrap in a process group of its own, with an empty environment.
 *
 * @throws what the system says when it cannot; nothing was started, and nothing stays open.
 */
export async function startConfined({
  argv,
  contents,
  stdin,
  traced,
  mounts,
}: ConfinedCommand): Promise<ConfinedProcess> {
  const outputs = await openPipes(2);
  const [stdout, stderr] = outputs as readonly [OutputPipe, OutputPipe];
  const child = await spawnOver(argv, { stdin: stdin !== null, stdout, stderr, traced, mounts }, outputs);
  let fed = false;
  const status = readStatus(descriptor(child, DESCRIPTORS.status) as Readable, (ready) => {
    fed = ready;
    for (const [number, bytes] of contents)
      feed(descriptor(child, number) as Writable, ready ? bytes : new Uint8Array());
  });
  if (stdin !== null && child.stdin !== null) feed(child.stdin, stdin);
  const stopper = createStopper(() => status.firstPid);
  const trace = traced ? (descriptor(child, 2) as Readable) : null;
  return {
    stdout: stdout.stream,
    stderr: stderr.stream,
    trace,
    firstPid: () => status.firstPid,
    count: () => countInside(status.firstPid),
    stop: stopper.stop,
    ended: ending(child, { status, fed: () => fed, observerFailed: failureOf(trace) }, outputs).finally(stopper.settle),
  };
}

function descriptor(child: ChildProcess, number: number): Readable | Writable {
  const stream = child.stdio[number];
  if (stream === null || stream === undefined) throw new TypeError(`descriptor ${String(number)} is no pipe`);
  // A peer that ends early closes its side; what matters then is how it ended.
  stream.on("error", () => undefined);
  return stream;
}

function feed(stream: Writable, bytes: Uint8Array): void {
  stream.on("error", () => undefined);
  stream.end(bytes);
}

/** Strace speaks of itself in lines that begin with its name; no program inside can write to its report. */
function failureOf(trace: Readable | null): () => boolean {
  let failed = false;
  let before = "\n";
  trace?.on("data", (chunk: Buffer | string) => {
    const text = before + (typeof chunk === "string" ? chunk : chunk.toString("latin1"));
    failed ||= text.includes("\nstrace: ");
    before = text.slice(-"\nstrace: ".length);
  });
  return () => failed;
}

async function ending(
  child: ChildProcess,
  seen: { readonly status: Status; readonly fed: () => boolean; readonly observerFailed: () => boolean },
  outputs: readonly OutputPipe[],
): Promise<Ending> {
  const read = Promise.all(outputs.map(({ stream }) => new Promise((resolve) => stream.once("close", resolve))));
  const exit = await new Promise<OuterExit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const { status } = seen;
  if (status.firstPid !== null) await cleared(status.firstPid);
  await read;
  const started = wasStarted(status, exit, { fed: seen.fed(), observerFailed: seen.observerFailed() });
  return { code: status.code, started, signal: exit.signal };
}
