import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { inheritedDescriptors } from "./inherited.ts";
import { DESCRIPTORS } from "./launch.ts";
import { openPipes, type OutputPipe } from "./named-pipe.ts";

/** Between asking a process tree to end and ending it. */
const GRACE_MS = 2000;
/** How long the kernel may take to clear a process tree that was told to die. */
const CLEARING_MS_MAX = 10_000;

export interface ConfinedCommand {
  /** The program to spawn with its arguments: bubblewrap, or strace around it. */
  readonly argv: readonly string[];
  /** What to write to each descriptor. */
  readonly contents: ReadonlyMap<number, Uint8Array>;
  readonly stdin: Uint8Array | null;
  readonly traced: boolean;
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
  /** Exit code of the program, 128 + n when signal n ended it; null when it never started. */
  readonly code: number | null;
  /** Why not even the sandbox could be started. */
  readonly error: Error | null;
}

/** Starts bubblewrap in a process group of its own, with an empty environment. */
export async function startConfined({ argv, contents, stdin, traced }: ConfinedCommand): Promise<ConfinedProcess> {
  const [file = "", ...args] = argv;
  const outputs = await openPipes(2);
  const [stdout, stderr] = outputs as readonly [OutputPipe, OutputPipe];
  const child = withCover((cover) => {
    const stdio = descriptors({ stdin: stdin !== null, stdout, stderr, traced }, cover);
    return spawn(file, args, { cwd: "/", env: {}, stdio, detached: true });
  });
  for (const output of outputs) output.release();
  const status = readStatus(descriptor(child, DESCRIPTORS.status) as Readable, (ready) => {
    for (const [number, bytes] of contents)
      feed(descriptor(child, number) as Writable, ready ? bytes : new Uint8Array());
  });
  if (stdin !== null && child.stdin !== null) feed(child.stdin, stdin);
  const stop = stopper(child, () => status.firstPid);
  return {
    stdout: stdout.stream,
    stderr: stderr.stream,
    trace: traced ? (descriptor(child, 2) as Readable) : null,
    firstPid: () => status.firstPid,
    count: () => countInside(status.firstPid),
    stop: stop.stop,
    ended: ending(child, status, outputs).finally(stop.settle),
  };
}

/** Our own descriptors, and `/dev/null` in the place of every other that the child would inherit. */
function descriptors(
  own: {
    readonly stdin: boolean;
    readonly stdout: OutputPipe;
    readonly stderr: OutputPipe;
    readonly traced: boolean;
  },
  cover: number,
): StdioOptions {
  const input = own.stdin ? "pipe" : "ignore";
  const error = own.stderr.descriptor;
  const standard = own.traced ? [input, own.stdout.descriptor, "pipe"] : [input, own.stdout.descriptor, error];
  const forBubblewrap = Array.from({ length: DESCRIPTORS.stderr - standard.length }, () => "pipe");
  const stdio = [...standard, ...forBubblewrap, own.traced ? error : "ignore"];
  for (const number of inheritedDescriptors()) if (number > DESCRIPTORS.stderr) stdio[number] = cover;
  return Array.from(stdio, (entry) => entry ?? "ignore") as StdioOptions;
}

function withCover<T>(use: (cover: number) => T): T {
  const cover = openSync("/dev/null", "r");
  try {
    return use(cover);
  } finally {
    closeSync(cover);
  }
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

interface Status {
  firstPid: number | null;
  code: number | null;
}

/**
 * An empty line when bubblewrap may be told its options, then its own lines: `child-pid` first; `exit-code` only when
 * the program was really executed. `begin` is called once: with false when it never came so far.
 */
function readStatus(stream: Readable, begin: (ready: boolean) => void): Status {
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

function stopper(
  child: ChildProcess,
  firstPid: () => number | null,
): { readonly stop: (how: "ask" | "now") => void; readonly settle: () => void } {
  let asked: "ask" | "now" | null = null;
  let timer: NodeJS.Timeout | undefined;
  // What was started and is not yet known cannot be reached; it is stopped as soon as it is known.
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
      if (ended || child.pid === undefined || (asked !== null && how === "ask")) return;
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

/** False when there is nobody to signal. Group 0 would be our own and is never meant. */
function signal(target: number, name: NodeJS.Signals): boolean {
  if (target === 0) return false;
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}

/** The sandbox's own `/proc` lists exactly its processes. */
function countInside(first: number | null): number {
  if (first === null) return 0;
  try {
    return readdirSync(`/proc/${String(first)}/root/proc`).filter((name) => /^\d+$/.test(name)).length;
  } catch {
    return 0;
  }
}

async function ending(child: ChildProcess, status: Status, outputs: readonly OutputPipe[]): Promise<Ending> {
  const read = Promise.all(outputs.map(({ stream }) => new Promise((resolve) => stream.once("close", resolve))));
  const error = await new Promise<Error | null>((resolve) => {
    child.once("error", resolve);
    child.once("close", () => resolve(null));
  });
  if (status.firstPid !== null) await cleared(status.firstPid);
  await read;
  return { code: status.code, error };
}

/**
 * Bubblewrap outside ends with the program; what the program left behind dies with the first process inside, a moment
 * later. INVARIANT: nothing inside runs once this fulfils, so what is measured afterwards stays true.
 */
async function cleared(first: number): Promise<void> {
  const deadline = performance.now() + CLEARING_MS_MAX;
  while (isAlive(first)) {
    signal(first, "SIGKILL");
    if (performance.now() > deadline) throw new Error(`process ${String(first)} of a sandbox does not die`);
    await sleep(1);
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
