import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import { checkBlock } from "./log-block.ts";
import type { BlockTask, CleanBlock } from "./log-block.ts";
import { LogRows } from "./log-rows.ts";
import type { TableFaults } from "./log-rows.ts";

/** Beside this thread; each costs some 30 MiB, and the whole is to stay below 150 (spec ledger.md §16). */
const WORKERS_MAX = 1;
/** A worker holds a row, a tile and the open facts of one block. */
const HEAP_MIB = 48;

/** What the threads share: whoever counts `taken` up from n does task n. */
export interface SharedTasks {
  readonly path: string;
  readonly tasks: readonly BlockTask[];
  readonly taken: Int32Array;
}

/** One thing that a worker found: `null` for a block that is not clean. */
export type WorkerAnswer = CleanBlock | TableFaults | null;

/** What was found out beside the walk over a log, which does for itself whatever is not here. */
export interface FoundBeside {
  /** By first index. */
  readonly blocks: ReadonlyMap<number, CleanBlock>;
  readonly tableFaults?: TableFaults;
}

/**
 * Checks the blocks of a log, and its tables as a whole, on the cores there are. A block that is not in the answer was not
 * found clean, or its worker went away.
 */
export async function checkBeside(path: string, tasks: readonly BlockTask[]): Promise<FoundBeside> {
  const blocks = new Map<number, CleanBlock>();
  const count = Math.min(availableParallelism() - 1, WORKERS_MAX, tasks.length - 1);
  if (count < 1) return { blocks };
  const shared = { path, tasks, taken: new Int32Array(new SharedArrayBuffer(4)) };
  let tableFaults: TableFaults | undefined;
  const take = (answer: WorkerAnswer): void => {
    if (answer === null) return;
    if ("root" in answer) blocks.set(answer.from, answer);
    else tableFaults = answer;
  };
  const workers = Array.from({ length: count }, () => runWorker(shared, take));
  checkHere(shared, take);
  await Promise.all(workers);
  return tableFaults === undefined ? { blocks } : { blocks, tableFaults };
}

/** The next block that nobody has, if there is one. */
export function nextTask({ tasks, taken }: SharedTasks): BlockTask | undefined {
  return tasks[Atomics.add(taken, 0, 1)];
}

function checkHere(shared: SharedTasks, take: (answer: WorkerAnswer) => void): void {
  let rows: LogRows | undefined;
  try {
    rows = new LogRows(shared.path);
    for (let task = nextTask(shared); task !== undefined; task = nextTask(shared)) take(checkBlock(rows, task) ?? null);
  } catch {
    // A database that cannot be read on; the walk will say so.
  } finally {
    rows?.close();
  }
}

// Resolves when the worker is done, and when it cannot start or goes on no more.
function runWorker(shared: SharedTasks, take: (answer: WorkerAnswer) => void): Promise<void> {
  return new Promise((resolve) => {
    const worker = startWorker(shared);
    if (worker === undefined) return resolve();
    worker.on("message", take);
    worker.on("error", () => void worker.terminate());
    worker.on("exit", () => resolve());
  });
}

function startWorker(workerData: SharedTasks): Worker | undefined {
  // The worker's file stands beside this one in the sources, the compiled package and the bundle, with the same ending.
  const ending = /\.m?[jt]s$/.exec(import.meta.url)?.[0] ?? ".js";
  try {
    return new Worker(new URL(`./log-worker${ending}`, import.meta.url), {
      workerData,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, maxYoungGenerationSizeMb: 4 },
    });
  } catch {
    return undefined;
  }
}
