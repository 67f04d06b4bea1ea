import type { Contract } from "@writ/kernel";
import type { Blocked } from "./refusal.ts";
import type { Preparation } from "./preparation.ts";
import type { Sandbox } from "./detect-sandbox.ts";

/** What a live run would do, as a document for people and doors. Holds names of variables, never values. */
export interface RunPlan {
  readonly argv: readonly string[];
  /** The program that would be executed, or null when there is none. */
  readonly program: string | null;
  readonly cwd: string;
  readonly environment: readonly string[];
  readonly stdin: { readonly sha256: string; readonly bytes: number } | null;
  readonly limits: Contract["limits"];
  readonly scope: Contract["scope"];
  /** Folders of the scope that would be made first. */
  readonly folders_to_make: readonly string[];
  /** What confines it, or null where no sandbox is available. */
  readonly sandbox: string | null;
  /** The whole command line of the sandbox, the environment left out. */
  readonly sandbox_argv: readonly string[];
  /** Why a live run would not start; null when it would. */
  readonly blocked: Blocked | null;
}

export function describePlan({ shape, limits, scope }: Contract, preparation: Preparation, sandbox: Sandbox): RunPlan {
  const process = shape.kind === "process" ? shape : null;
  const prepared = preparation.ok ? preparation.prepared : null;
  const missing: Blocked | null = sandbox.available
    ? null
    : { code: "RUNNER_NO_SANDBOX", reason: sandbox.reason, next: sandbox.next };
  return {
    argv: process?.argv ?? [],
    program: prepared?.reach.program.path ?? null,
    cwd: process?.cwd ?? "/",
    environment: prepared === null ? [] : [...prepared.environment.keys()],
    stdin: process?.stdin ?? null,
    limits,
    scope,
    folders_to_make: prepared?.reach.missing ?? [],
    sandbox: sandbox.available ? sandbox.version : null,
    sandbox_argv: prepared === null ? [] : ["bwrap", ...prepared.launch.options, "--", ...prepared.launch.command],
    blocked: preparation.ok ? missing : preparation.blocked,
  };
}
