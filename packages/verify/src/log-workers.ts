import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import { checkBlock } from "./log-block.ts";
import type { BlockTask, CleanBlock } from "./log-block.ts";
import { LogRows } from "./log-rows.ts";

/** Beside this thread; each costs some 30 MiB, and the whole is to stay below 150 (spec ledger.md §16). */
const WORKERS_MAX = 1;
/** A worker has its next block at hand while this thread is busy with one of its own. */
const BLOCKS_AHEAD = 2;
/** A worker holds a row, a tile and the open facts of one block. */
const HEAP_MIB = 48;

/**
 * Checks blocks of a log on the cores there are. A block that is not in the answer was not found clean, or its worker went
 * away: either way the walk over the log does it itself.
 */
export async function checkBlocks(path: string, tasks: readonly BlockTask[]): Promise<Map<number, CleanBlock>> {
  const clean = new Map<number, CleanBlock>();
  const queue = [...tasks];
  const count = Math.min(availableParallelism() - 1, WORKERS_MAX, tasks.length - 1);
  if (count < 1) return clean;
  const workers = Array.from({ length: count }, () => work(path, queue, clean));
  await workHere(path, queue, clean);
  await Promise.all(workers);
  return clean;
}

async function workHere(path: string, queue: BlockTask[], clean: Map<number, CleanBlock>): Promise<void> {
  let rows: LogRows | undefined;
  try {
    rows = new LogRows(path);
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const block = checkBlock(rows, task);
      if (block !== undefined) clean.set(block.from, block);
      // Lets the workers' answers in.
      await new Promise((resolve) => void setImmediate(resolve));
    }
  } catch {
    // A database that cannot be read on; the walk will say so.
  } finally {
    rows?.close();
  }
}

// Resolves when the queue is empty, and when the worker cannot start or goes on no more.
function work(path: string, queue: BlockTask[], clean: Map<number, CleanBlock>): Promise<void> {
  return new Promise((resolve) => {
    const worker = startWorker(path);
    if (worker === undefined) return resolve();
    let waiting = 0;
    const next = (): void => {
      const task = queue.shift();
      if (task === undefined) {
        if (waiting === 0) void worker.terminate();
        return;
      }
      waiting += 1;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(task);
    };
    worker.on("message", (block: CleanBlock | null) => {
      waiting -= 1;
      if (block !== null) clean.set(block.from, block);
      next();
    });
    worker.on("error", () => void worker.terminate());
    worker.on("exit", () => resolve());
    for (let ahead = 0; ahead < BLOCKS_AHEAD; ahead += 1) next();
  });
}

function startWorker(path: string): Worker | undefined {
  // The worker's file stands beside this one in the sources, the compiled package and the bundle, with the same ending.
  const ending = /\.m?[jt]s$/.exec(import.meta.url)?.[0] ?? ".js";
  try {
    return new Worker(new URL(`./log-worker${ending}`, import.meta.url), {
      workerData: path,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, maxYoungGenerationSizeMb: 4 },
    });
  } catch {
    return undefined;
  }
}
