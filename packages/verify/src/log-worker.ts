import { parentPort, workerData } from "node:worker_threads";

import { checkBlock } from "./log-block.ts";
import type { BlockTask } from "./log-block.ts";
import { LogRows } from "./log-rows.ts";

// The entry of a worker thread: it checks the blocks that it is sent, in a snapshot of its own.
const rows = new LogRows(String(workerData));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort?.on("message", (task: BlockTask) => parentPort?.postMessage(checkBlock(rows, task) ?? null));
