import { mkdirSync } from "node:fs";
import { isWritError } from "@writ/canon";
import { caveats } from "./caveats.ts";
import { commandLine } from "./command-line.ts";
import { startConfined, type ConfinedCommand, type ConfinedProcess } from "./confined-process.ts";
import type { RunnerErrorCode } from "./error-code.ts";
import type { Execution } from "./execution.ts";
import { measureFiles, outermostPaths } from "./file-effects.ts";
import { takeSnapshot, withoutReplaced } from "./file-snapshot.ts";
import { descriptorContents } from "./launch.ts";
import { createObserver, surroundingsOf } from "./observer.ts";
import { OutputMeter } from "./output-meter.ts";
import { pinMounts, type PinnedMounts } from "./pinned-mounts.ts";
import type { Prepared } from "./preparation.ts";
import type { Reach } from "./reach.ts";
import { refuse } from "./refusal.ts";
import { endingRefusals, outcomeOf } from "./run-outcome.ts";
import type { Findings } from "./run-receipt.ts";
import type { Sandbox } from "./detect-sandbox.ts";
import { seccompFilter } from "./seccomp.ts";
import type { Settings } from "./settings.ts";
import { supervise } from "./supervision.ts";
import { withheldNames } from "./withheld.ts";

export interface LiveSurroundings {
  readonly sandbox: Extract<Sandbox, { readonly available: true }>;
  readonly settings: Settings;
}

/**
 * Runs a prepared process in the sandbox and measures what it did. Nothing of it is alive when this fulfils.
 *
 * @throws WritError `RUNNER_SETUP_FAILED`: nothing was started.
 */
export async function runLive(
  execution: Execution,
  prepared: Prepared,
  { sandbox, settings }: LiveSurroundings,
): Promise<Findings> {
  const { contract } = execution;
  const { shape, reach, launch, environment } = prepared;
  const { tools } = sandbox;
  const roots = outermostPaths(contract.scope.write);
  const before = await takeSnapshot(roots);
  const observed = settings.observe && tools.observer !== null;
  const filter = seccompFilter(process.arch, observed);
  const meter = new OutputMeter(contract.limits.output_bytes);
  const { running, replaced } = await begin(reach, {
    argv: commandLine(launch, contract, { tools, filtered: filter !== null, observed }),
    contents: descriptorContents(launch, { home: reach.home, environment, filter }),
    stdin: shape.stdin === null ? null : (execution.stdin ?? null),
    traced: observed,
  });
  const around = surroundingsOf(contract, shape, { reach, firstPid: running.firstPid }, settings.hidden);
  const observer = createObserver(around);
  if (running.trace !== null) observer.watch(running.trace);
  // Linux bounds no processes of root, whatever user it is inside (`RLIMIT_NPROC`, getrlimit(2)).
  const countProcesses = tools.prlimit === null || process.getuid?.() === 0;
  const supervised = await supervise(running, execution, { meter, countProcesses });
  const measured = await measureFiles(before, withoutReplaced(await takeSnapshot(roots), replaced()));
  return {
    ...outcomeOf(supervised),
    ...meter.finish(),
    files: measured.files,
    files_truncated: measured.truncated,
    sandbox: filter === null ? sandbox.version : `${sandbox.version}, seccomp`,
    refusals: [
      ...endingRefusals(supervised),
      ...caveats({ ...measured, pinned: tools.pinning, observed }),
      ...observer.attempts(),
      ...withheldNames(shape, settings.environmentNames),
    ],
  };
}

/** @throws WritError `RUNNER_SETUP_FAILED`, `RUNNER_SCOPE_MISSING`: nothing was started. */
async function begin(
  { missing, mounts }: Reach,
  command: Omit<ConfinedCommand, "mounts">,
): Promise<{ readonly running: ConfinedProcess; readonly replaced: () => readonly string[] }> {
  let pinned: PinnedMounts | undefined;
  try {
    for (const folder of missing) mkdirSync(folder);
    pinned = pinMounts(mounts);
    return { running: await startConfined({ ...command, mounts: pinned.descriptors }), replaced: pinned.replaced };
  } catch (error) {
    if (isWritError<RunnerErrorCode>(error)) throw error;
    const reason = error instanceof Error ? error.message : "the sandbox could not be started";
    throw refuse({ code: "RUNNER_SETUP_FAILED", reason, next: "mend what is named, and ask for a new ticket" });
  } finally {
    pinned?.release();
  }
}
