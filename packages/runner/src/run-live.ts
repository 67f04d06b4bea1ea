import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import type { Receipt, Refusal } from "@writ/kernel";
import { commandLine } from "./command-line.ts";
import { startConfined, type ConfinedCommand, type ConfinedProcess } from "./confined-process.ts";
import type { Execution } from "./execution.ts";
import { measureFiles, outermostPaths } from "./file-effects.ts";
import { takeSnapshot } from "./file-snapshot.ts";
import { descriptorContents } from "./launch.ts";
import { createObserver, surroundingsOf } from "./observer.ts";
import { OutputMeter } from "./output-meter.ts";
import type { Prepared } from "./preparation.ts";
import { refuse } from "./refusal.ts";
import type { Findings } from "./run-receipt.ts";
import type { Sandbox } from "./detect-sandbox.ts";
import { seccompFilter } from "./seccomp.ts";
import type { Settings } from "./settings.ts";
import { supervise, type Supervised } from "./supervision.ts";
import { withheldNames } from "./withheld.ts";

/**
 * Runs a prepared process in the sandbox and measures what it did. Nothing of it is alive when this fulfils.
 *
 * @throws WritError `RUNNER_SETUP_FAILED`: nothing was started.
 */
export async function runLive(
  execution: Execution,
  prepared: Prepared,
  {
    sandbox,
    settings,
  }: {
    readonly sandbox: Extract<Sandbox, { readonly available: true }>;
    readonly settings: Settings;
  },
): Promise<Findings> {
  const { contract } = execution;
  const { shape, reach, launch, environment } = prepared;
  const { tools } = sandbox;
  const roots = outermostPaths(contract.scope.write);
  const before = await takeSnapshot(roots);
  const filter = seccompFilter(process.arch);
  const observed = settings.observe && tools.observer !== null;
  const meter = new OutputMeter(contract.limits.output_bytes);
  const running = await begin(reach.missing, {
    argv: commandLine(launch, contract, { tools, filtered: filter !== null, observed }),
    contents: descriptorContents(launch, { home: reach.home, environment, filter }),
    stdin: shape.stdin === null ? null : (execution.stdin ?? null),
    traced: observed,
  });
  const around = surroundingsOf(contract, shape, { reach, networkOf: running.firstPid }, settings.hidden);
  const observer = createObserver(around);
  if (running.trace !== null) observer.watch(running.trace);
  // Linux bounds no processes of root, whatever user it is inside (`RLIMIT_NPROC`, getrlimit(2)).
  const countProcesses = tools.prlimit === null || process.getuid?.() === 0;
  const supervised = await supervise(running, execution, { meter, countProcesses });
  const measured = await measureFiles(before, await takeSnapshot(roots));
  return {
    ...result(supervised),
    ...meter.finish(),
    files: measured.files,
    files_truncated: measured.truncated,
    sandbox: filter === null ? sandbox.version : `${sandbox.version}, seccomp`,
    refusals: [
      ...stopRefusals(supervised),
      ...measured.unmeasured.map(unmeasured),
      ...observer.attempts(),
      ...(observed ? [] : [unobserved]),
      ...withheldNames(shape, settings.environmentNames),
    ],
  };
}

/** @throws WritError `RUNNER_SETUP_FAILED`: nothing was started. */
async function begin(missing: readonly string[], command: ConfinedCommand): Promise<ConfinedProcess> {
  try {
    for (const folder of missing) mkdirSync(folder);
    return await startConfined(command);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "the sandbox could not be started";
    throw refuse({ code: "RUNNER_SETUP_FAILED", reason, next: "mend what is named, and ask for a new ticket" });
  }
}

function result({ ending, stopped }: Supervised): Pick<Receipt, "outcome" | "exit_code" | "signal"> {
  const { code } = ending;
  if (code === null && stopped === null) {
    return { outcome: ending.started === "no" ? "not_started" : "unfinished", exit_code: null, signal: null };
  }
  const signal = code === null ? "SIGKILL" : signalOf(code, stopped !== null);
  const exit = { exit_code: signal === null ? code : null, signal };
  if (stopped === "process_limit") return { outcome: "failed", ...exit };
  if (stopped !== null) return { outcome: stopped, ...exit };
  return { outcome: code === 0 ? "succeeded" : "failed", ...exit };
}

/**
 * Bubblewrap answers 128 + n for signal n, as a program may by itself: only where we sent a signal, or where no program
 * chooses such a code, it is told as one.
 */
function signalOf(code: number, weStopped: boolean): string | null {
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
  return weStopped || FATAL.has(name ?? "") ? name : null;
}

const FATAL = new Set(["SIGKILL", "SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGSYS"]);

function stopRefusals({ ending, stopped }: Supervised): readonly Refusal[] {
  if (stopped !== null) return [{ kind: "limit", target: LIMITS[stopped], detail: "stopped" }];
  if (ending.code !== null) return [];
  return [{ kind: "sandbox", target: "bubblewrap", detail: whyNoCode(ending) }];
}

function whyNoCode({ started, signal }: Supervised["ending"]): string {
  if (started === "no") return "RUNNER_SETUP_FAILED: the sandbox could not be set up";
  const how = signal === null ? "ended without an answer" : `was ended by ${signal}`;
  return `the sandbox ${how} when the command may have been running: what became of it is not known`;
}

const LIMITS: { readonly [Reason in NonNullable<Supervised["stopped"]>]: string } = {
  timed_out: "time",
  output_limit: "output",
  interrupted: "interruption",
  process_limit: "processes",
};

function unmeasured(path: string): Refusal {
  return { kind: "sandbox", target: path, detail: "unmeasured: what changed at or under it is not known" };
}

const unobserved: Refusal = {
  kind: "sandbox",
  target: "observer",
  detail: "refused attempts were not observed: install strace",
};
