import type { JsonValue } from "@writ/canon";

/**
 * The records of governed execution. They are documents: what is stored, hashed, signed and sent is exactly
 * this JSON, so their keys are snake_case here as on the wire (docs/adr/0002).
 */

/** Effects an action may have (spec command.md §8 concepts, plus privilege escalation, §21.1). */
export const EFFECTS = [
  "transaction",
  "execution",
  "destructive",
  "outbound",
  "external_access",
  "sensitive_data",
  "speculation",
  "state_change",
  "privilege_escalation",
] as const;
export type Effect = (typeof EFFECTS)[number];

/** Who asks, who is asked, who approves. `id` is an opaque reference, never a person's name. */
export interface PrincipalRef {
  readonly type: "operator" | "agent" | "system";
  readonly id: string;
}

export const ACTION_NAMES = [
  "file.read",
  "file.write",
  "process.exec",
  "net.connect",
  "mcp.call",
  "message.send",
  "vault.load",
  "governance.set",
  "run.open",
  "run.apply",
  "act",
] as const;
/** The verb. `act` is an action described in words that its proposer carries out itself. */
export type ActionName = (typeof ACTION_NAMES)[number];

export const RESOURCE_TYPES = ["Tool", "Path", "Host", "Channel", "Document", "Run", "System", "Tenant"] as const;

export interface ResourceRef {
  readonly type: (typeof RESOURCE_TYPES)[number];
  readonly id: string;
}

/** A process exactly as it would be started. No shell: `argv[0]` is the program. */
export interface ProcessShape {
  readonly kind: "process";
  /** 1 to 1,024 arguments, together at most 24 KiB. */
  readonly argv: readonly string[];
  /** Absolute, normalised. */
  readonly cwd: string;
  /** Sorted names of the environment variables handed on. Values are never recorded. */
  readonly environment: readonly string[];
  /** What is fed to standard input, or null when it is closed. */
  readonly stdin: { readonly sha256: string; readonly bytes: number } | null;
}

/** An action its proposer performs itself, as it described it. */
export interface StatementShape {
  readonly kind: "statement";
  readonly text: string;
  readonly tool: string | null;
  readonly args: JsonValue;
  readonly target: string | null;
  /** Decimal strings; money and positions are never floating point. */
  readonly amount: string | null;
  readonly position: string | null;
  readonly rationale: string | null;
  readonly evidence: readonly string[];
}

export type Shape = ProcessShape | StatementShape;

export interface Limits {
  readonly time_ms: number;
  readonly output_bytes: number;
  readonly processes: number;
}

/** Where a process may reach. Paths are absolute and normalised; absence of a path means no. */
export interface Scope {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly network: "none" | "host";
}

/** Exactly what would happen. Holds no id and no time: two equal proposals have one digest. */
export interface Contract {
  readonly schema: "writ.contract.v1";
  readonly tenant: string;
  readonly principal: PrincipalRef;
  /** The chain of whom the principal acts for, nearest first. */
  readonly on_behalf_of: readonly PrincipalRef[];
  readonly action: ActionName;
  readonly resource: ResourceRef;
  readonly shape: Shape;
  /** Declared, registered and recognised effects: sorted, distinct. */
  readonly effects: readonly Effect[];
  readonly limits: Limits;
  readonly scope: Scope;
}

/** A named principal's yes to one action digest. */
export interface Approval {
  readonly schema: "writ.approval.v1";
  readonly action_id: string;
  readonly action_digest: string;
  readonly approver: PrincipalRef;
  /** How the approver proved who they are: a token's id, the socket's peer, trial mode. */
  readonly auth: "token" | "socket" | "trial";
  readonly at: string;
  readonly expires_at: string;
}

/** Single-use, expiring authority for one action digest. */
export interface Ticket {
  readonly schema: "writ.ticket.v1";
  readonly id: string;
  readonly action_id: string;
  readonly action_digest: string;
  /** Entry id of the `allow` decision, or of the decision that released the hold. */
  readonly decision: string;
  /** Entry ids of the approvals it spends. */
  readonly approvals: readonly string[];
  readonly mode: "dry" | "live";
  readonly issued_at: string;
  readonly expires_at: string;
}

export interface OutputDigest {
  readonly sha256: string;
  readonly bytes: number;
  /** True when the output passed its limit and the process was stopped for it. */
  readonly truncated: boolean;
}

export interface FileEffect {
  readonly path: string;
  readonly change: "created" | "changed" | "deleted";
  /** Null for a deleted file, and for one that is no regular file. */
  readonly sha256: string | null;
  readonly bytes: number | null;
}

/** Something the sandbox did not let happen. */
export interface Refusal {
  readonly kind: "write" | "read" | "network" | "environment" | "limit" | "sandbox";
  readonly target: string;
  readonly detail: string;
}

/** What happened, as measured by the runner and bound to its ticket. */
export interface Receipt {
  readonly schema: "writ.receipt.v1";
  readonly id: string;
  readonly ticket_id: string;
  readonly action_id: string;
  readonly action_digest: string;
  /** Entry id of the `execution.intent`. */
  readonly intent: string;
  readonly mode: "dry" | "live";
  readonly outcome:
    | "dry_run"
    | "succeeded"
    | "failed"
    | "timed_out"
    | "output_limit"
    | "interrupted"
    | "not_started"
    | "unfinished";
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly started_at: string;
  readonly ended_at: string;
  readonly stdout: OutputDigest;
  readonly stderr: OutputDigest;
  readonly files: readonly FileEffect[];
  /** True when more files changed than the receipt lists. */
  readonly files_truncated: boolean;
  readonly refusals: readonly Refusal[];
  /** What ran it and how it was confined, for example `bubblewrap 0.8.0`, or null when dry. */
  readonly sandbox: string | null;
}

/** Receipt against contract, computed on reading, never stored (spec ledger.md §3). */
export type Agreement = "as_decided" | "different" | "unfinished" | "unauthorised";
