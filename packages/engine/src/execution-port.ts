import type { Contract, DecisionEvidence, Lease, Receipt, Ticket, TrustEvidence } from "@writ/kernel";

/**
 * Runs exactly what a redeemed ticket says and measures what happened. The engine has made the intent durable
 * before it calls this; whatever happens, the answer is a receipt. A rejection says nothing of how far it came, and is recorded as `unfinished`.
 */
export interface ExecutionPort {
  /** True when a live run is confined; policy is told, and absence means no. */
  readonly sandboxed?: boolean;
  /** Whether a live run of the contract would start here and now; asked before its ticket is spent. Starts nothing. */
  preflight?(input: Pick<Execution, "contract" | "stdin" | "environment">): Promise<Readiness>;
  run(execution: Execution): Promise<Receipt>;
}

export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly code: string; readonly reason: string; readonly next: string };

export interface Execution {
  readonly ticket: Ticket;
  readonly contract: Contract;
  /** Entry id of the `execution.intent`. */
  readonly intent: string;
  /** Leave for this runner to carry the intent out; the receipt is sealed under `lease.fence`. */
  readonly lease: Lease;
  /** The highest fence that was granted for the run, as the log has it now; null when there is none. */
  readonly currentFence: () => Promise<number | null>;
  /** Id for the receipt, UUIDv7. */
  readonly receiptId: string;
  readonly deadline: string;
  /** What the log says of the authority: the decision that allowed or released it, the entries behind the ticket. */
  readonly evidence: { readonly decision: DecisionEvidence; readonly trust: TrustEvidence };
  readonly stdin?: Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
}
