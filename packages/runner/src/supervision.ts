import type { Execution } from "./execution.ts";
import type { ConfinedProcess, Ending } from "./confined-process.ts";
import type { OutputMeter } from "./output-meter.ts";

/** Why the runner stopped a process, first reason first. */
export type StopReason = "timed_out" | "output_limit" | "interrupted" | "process_limit";

export interface Supervised {
  readonly ending: Ending;
  readonly stopped: StopReason | null;
}

/** How often the number of processes is looked at where the kernel does not bound it by itself. */
const COUNT_EVERY_MS = 25;

/** Hands output on, holds the process to its limits, and waits until nothing of it is left. */
export async function supervise(
  running: ConfinedProcess,
  execution: Execution,
  { meter, countProcesses }: { readonly meter: OutputMeter; readonly countProcesses: boolean },
): Promise<Supervised> {
  const { limits } = execution.contract;
  let stopped: StopReason | null = null;
  const stop = (reason: StopReason): void => {
    stopped ??= reason;
    running.stop(reason === "process_limit" ? "now" : "ask");
  };
  const pump = (name: "stdout" | "stderr", handOn: ((chunk: Uint8Array) => void) | undefined): void => {
    let sink = handOn;
    running[name].on("data", (chunk: Uint8Array) => {
      const kept = meter.take(name, chunk);
      try {
        if (kept.byteLength > 0) sink?.(kept);
      } catch {
        // Who watches may go away; the run is measured all the same.
        sink = undefined;
      }
      if (meter.exceeded) stop("output_limit");
    });
  };
  pump("stdout", execution.onStdout);
  pump("stderr", execution.onStderr);
  const timer = setTimeout(() => stop("timed_out"), limits.time_ms);
  // One more than the limit is the sandbox's own first process.
  const counter = countProcesses
    ? setInterval(() => running.count() > limits.processes + 1 && stop("process_limit"), COUNT_EVERY_MS)
    : undefined;
  const interrupt = (): void => stop("interrupted");
  execution.signal?.addEventListener("abort", interrupt, { once: true });
  if (execution.signal?.aborted === true) interrupt();
  try {
    return { ending: await running.ended, stopped };
  } finally {
    clearTimeout(timer);
    clearInterval(counter);
    execution.signal?.removeEventListener("abort", interrupt);
  }
}
