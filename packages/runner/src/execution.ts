import type { Contract, DecisionEvidence, Lease, Ticket, TrustEvidence } from "@writ/kernel";

/** One redeemed ticket and everything its run needs; what the engine hands to its execution port. */
export interface Execution {
  readonly ticket: Ticket;
  readonly contract: Contract;
  /** Entry id of the `execution.intent`. */
  readonly intent: string;
  /** Leave for this runner to carry the intent out; its receipt is sealed under `lease.fence`. */
  readonly lease: Lease;
  /** The highest fence that was granted for the run, asked right before anything starts; null when that is not known. */
  readonly currentFence: () => Promise<number | null>;
  /** Id of the receipt, UUIDv7; the runner makes one when absent. */
  readonly receiptId?: string;
  /** Instant after which the intent counts as unfinished: nothing starts then. */
  readonly deadline: string;
  readonly stdin?: Uint8Array;
  /** Values of the names that the contract lists; other names are withheld. Values are never recorded. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with each chunk as it arrives, up to the output limit. */
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  /** Aborting stops the whole process tree: SIGTERM, two seconds, SIGKILL. */
  readonly signal?: AbortSignal;
  /** The log's evidence, with which the whole chain of spec kernel.md §14 is checked here once more. */
  readonly evidence: { readonly decision: DecisionEvidence; readonly trust: TrustEvidence };
}

/** The part of an execution that describes the process rather than the authority for it. */
export type ProcessInput = Pick<Execution, "contract" | "stdin" | "environment">;

export interface RunnerOptions {
  /** Absolute paths that no process ever sees: key home, data home, sockets. Files or folders, existing or not. */
  readonly hidden: readonly string[];
  /** UTC milliseconds; default `Date.now`. */
  readonly clock?: () => number;
  /** The operator's home folder; default the operating system's. Inside it is an empty folder of the same name. */
  readonly home?: string;
  /** Where a program named without a slash is looked for, in order; default Node's own folder and the system's. */
  readonly path?: readonly string[];
  /** Names in the operator's environment; default those of this process. */
  readonly environmentNames?: readonly string[];
  /** Milliseconds that a run waits for another one that writes the same folders; default 10,000. */
  readonly waitMs?: number;
  /** Told, in one line, what a run waits for. */
  readonly onWait?: (line: string) => void;
  /** Folder in which live runs say what they write; default one for all runs of this user on this machine. */
  readonly registry?: string;
  /** Whether refused attempts are observed with strace where it is installed; default true. */
  readonly observe?: boolean;
}
