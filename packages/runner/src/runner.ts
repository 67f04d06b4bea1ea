import { isWritError } from "@writ/canon";
import type { Receipt, Refusal } from "@writ/kernel";
import { checkAuthority, checkExecution } from "./authority.ts";
import type { Blocked } from "./refusal.ts";
import type { RunnerErrorCode } from "./error-code.ts";
import type { Execution, ProcessInput, RunnerOptions } from "./execution.ts";
import { awaitFolders, claimFolders } from "./folder-claim.ts";
import { leaseProblem } from "./lease.ts";
import { runLive, type LiveSurroundings } from "./run-live.ts";
import { prepare, type Preparation, type Prepared } from "./preparation.ts";
import { describePlan, type RunPlan } from "./run-plan.ts";
import { sealReceipt, type Findings } from "./run-receipt.ts";
import { detectSandbox, type Sandbox } from "./detect-sandbox.ts";
import { settingsFrom, type Settings } from "./settings.ts";

export interface Runner {
  /**
   * Whether a live run of this contract would start here and now; asked before a ticket is spent on it. Starts and
   * changes nothing.
   */
  readonly preflight: (
    input: ProcessInput,
  ) => Promise<{ readonly ready: true } | ({ readonly ready: false } & Blocked)>;
  /** Exactly what a live run would start, and in what surroundings. */
  readonly plan: (input: ProcessInput) => Promise<RunPlan>;
  /**
   * Carries out a redeemed ticket: nothing for a dry one, the process in its sandbox for a live one. Every outcome is
   * a receipt, also that nothing was started.
   *
   * @throws WritError `RUNNER_EXECUTION_INVALID`, `CONTRACT_INVALID`, `TICKET_INVALID`, `LEASE_INVALID`: not even a receipt can be written.
   */
  readonly run: (execution: Execution) => Promise<Receipt>;
}

/** The runner of this machine. Never runs a process outside a sandbox. */
export function createRunner(options: RunnerOptions): Runner {
  const settings = settingsFrom(options);
  return {
    preflight: async (input) => {
      const blocked = blockedBy(await detectSandbox(), input, settings) ?? (await occupied(input, settings));
      return blocked === null ? { ready: true } : { ready: false, ...blocked };
    },
    plan: async (input) => {
      const sandbox = await detectSandbox();
      return describePlan(input.contract, prepare(input, settings, sandbox), sandbox);
    },
    run: async (execution) => {
      checkExecution(execution);
      const started = settings.now();
      const findings = await carryOut(execution, settings, started);
      const at = { started, ended: settings.now() };
      try {
        return sealReceipt(execution, findings, at);
      } catch (error) {
        return sealReceipt(execution, lost(error), at);
      }
    },
  };
}

async function carryOut(execution: Execution, settings: Settings, now: number): Promise<Findings> {
  const sandbox = await detectSandbox();
  const refusal = checkAuthority(execution, now, sandbox.available);
  if (refusal !== null) return notStarted(refusal);
  const preparation = prepare(execution, settings, sandbox);
  if (execution.ticket.mode === "dry") {
    const stale = await leaseProblem(execution, settings.now);
    return stale === null ? dryRun(preparation, sandbox) : notStarted(stale);
  }
  if (!sandbox.available) return notStarted(noSandbox(sandbox));
  if (!preparation.ok) return notStarted(preparation.blocked);
  if (execution.signal?.aborted === true) return { outcome: "interrupted", refusals: [INTERRUPTED] };
  try {
    return await runAlone(execution, preparation.prepared, { sandbox, settings });
  } catch (error) {
    if (!isWritError<RunnerErrorCode>(error)) return lost(error);
    return notStarted({ code: error.code, reason: error.message, next: error.next });
  }
}

/** No other run writes its folders meanwhile. */
async function runAlone(execution: Execution, prepared: Prepared, surroundings: LiveSurroundings): Promise<Findings> {
  const { ticket, contract, signal } = execution;
  const wanted = { action: ticket.action_id, folders: contract.scope.write };
  const claim = await claimFolders(wanted, surroundings.settings.patience, signal);
  try {
    // Others may have had the folders for a long time.
    const stale = await leaseProblem(execution, surroundings.settings.now);
    return stale === null ? await runLive(execution, prepared, surroundings) : notStarted(stale);
  } finally {
    claim.release();
  }
}

async function occupied({ contract }: ProcessInput, { patience }: Settings): Promise<Blocked | null> {
  try {
    await awaitFolders(contract.scope.write, patience);
    return null;
  } catch (error) {
    if (!isWritError<RunnerErrorCode>(error)) throw error;
    return { code: error.code, reason: error.message, next: error.next };
  }
}

/** The process was started and what became of it could not be measured: that is said, and nothing else claimed. */
function lost(error: unknown): Findings {
  const detail = error instanceof Error ? error.message : "the run was lost";
  return { outcome: "unfinished", refusals: [{ kind: "sandbox", target: "runner", detail }] };
}

const INTERRUPTED: Refusal = { kind: "limit", target: "interruption", detail: "before anything was started" };

/** A dry run starts nothing; what would keep the live run from starting is told. */
function dryRun(preparation: Preparation, sandbox: Sandbox): Findings {
  const blocked = !preparation.ok ? preparation.blocked : sandbox.available ? null : noSandbox(sandbox);
  return { ...(blocked !== null && notStarted(blocked)), outcome: "dry_run" };
}

function notStarted({ code, reason, next }: Blocked): Findings {
  return {
    outcome: "not_started",
    refusals: [{ kind: "sandbox", target: "run", detail: `${code}: ${reason}; ${next}` }],
  };
}

function blockedBy(sandbox: Sandbox, input: ProcessInput, settings: Settings): Blocked | null {
  if (!sandbox.available) return noSandbox(sandbox);
  const preparation = prepare(input, settings, sandbox);
  return preparation.ok ? null : preparation.blocked;
}

function noSandbox({ reason, next }: Extract<Sandbox, { readonly available: false }>): Blocked {
  return { code: "RUNNER_NO_SANDBOX", reason, next };
}
