import { parentPort, workerData } from "node:worker_threads";

import { checkBlock } from "./log-block.ts";
import { LogRows } from "./log-rows.ts";
import { nextTask } from "./log-workers.ts";
import type { SharedTasks, WorkerAnswer } from "./log-workers.ts";

// A worker thread, in a snapshot of its own: first the tables as a whole, which no other thread does, then blocks.
const shared: SharedTasks = workerData;
const rows = new LogRows(shared.path);
answer(rows.tableFaults());
for (let task = nextTask(shared); task !== undefined; task = nextTask(shared)) answer(checkBlock(rows, task) ?? null);
rows.close();

function answer(found: WorkerAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
  parentPort?.postMessage(found);
}
