import type { Head, OpenLedger } from "@writ/ledger";
import type { ExactJson } from "@writ/canon";
import type { GovernanceEvaluation } from "@writ/kernel/governance";
import type { ExactRecord, PrincipalRef, ReplayDecision, Ticket } from "@writ/kernel";
import type { Database } from "@writ/store";

import type {
  ActionPage,
  ActionView,
  DecisionView,
  EntryPage,
  EntryView,
  ErasureResult,
  ErasurePlan,
  GovernanceView,
  PoliciesView,
  PolicyChangeView,
  RebuildView,
  RetentionPlan,
  RetentionResult,
  RedeemedTicket,
  LogStatusView,
  StatusView,
  SystemView,
  TokenCreated,
  TokenView,
  UnfinishedView,
} from "./documents.ts";
import type { EngineEvent } from "./event.ts";
import type { ExecutionPort } from "./execution-port.ts";
import type { PolicySetSource } from "./policy-port.ts";
import type { ActionRequest, GovernancePatch, SystemPatch } from "./request.ts";
import type { TicketUseClaim } from "./use-cases/claim-ticket-use.ts";
import type { DecisionConsumption, DecisionUse } from "./use-cases/consume-decision.ts";
import type { GovernanceAsked } from "./use-cases/govern.ts";

/** Who calls, as the door established it. `tenant` is the first part of every key and query. */
export interface Caller {
  readonly tenant: string;
  readonly principal: PrincipalRef;
  /** Whom the principal acts for, nearest first; at most 8. */
  readonly onBehalfOf: readonly PrincipalRef[];
  /** `operator` may answer holds and change the installation, `agent` may propose, `viewer` may read. */
  readonly rights: "operator" | "agent" | "viewer";
  readonly auth: "token" | "socket" | "trial";
  /** What proved it: a token's id, the socket, or `trial`. A proposal's credential never approves it (`socket` excepted). */
  readonly credential: string;
}

/**
 * The use cases behind every door. Each state change is durable in the log before it is answered or takes
 * effect; refusals are `WritError`s with an `EngineErrorCode`, and a log that cannot write lets nothing through.
 */
export interface Engine {
  /**
   * Shapes, decides and records one action; a held one opens its hold. The same `id` with the same digest, `live`
   * and, where one is named, `run` answers the same action; with another it throws `ACTION_DIGEST_MISMATCH` and changes nothing.
   */
  propose(caller: Caller, request: ActionRequest): Promise<ActionView>;
  /** The decision alone: recorded with purpose `check`, opening nothing. */
  check(caller: Caller, request: ActionRequest): Promise<DecisionView>;
  /**
   * An operator's yes. Decides again under today's policies and governance: a deny revokes, a stricter hold stays
   * open for what is missing, else the action is released.
   */
  approve(
    caller: Caller,
    id: string,
    answer?: { readonly digest?: string; readonly note?: string },
  ): Promise<ActionView>;
  reject(caller: Caller, id: string, answer?: { readonly note?: string }): Promise<ActionView>;
  /** The proposer's claim that it did the action itself; needs `open` or `released`. */
  complete(
    caller: Caller,
    id: string,
    claim: { readonly outcome: "done" | "failed"; readonly detail?: string },
  ): Promise<ActionView>;

  issueTicket(caller: Caller, id: string, options: { readonly mode: "dry" | "live" }): Promise<Ticket>;
  /** Spends the ticket and records the intent in one durable group: what follows may run once, before `deadline`. */
  redeem(
    caller: Caller,
    options: { readonly ticketId: string; readonly actionDigest: string },
  ): Promise<RedeemedTicket>;
  /** Records the receipt of a redeemed ticket under its lease's fencing number; `receipt` is parsed strictly. */
  seal(
    caller: Caller,
    options: { readonly ticketId: string; readonly fence: number; readonly receipt: unknown },
  ): Promise<ActionView>;
  /** Ticket, redemption, execution and receipt in one call; needs the execution port given at construction. */
  run(caller: Caller, id: string, options: RunOptions): Promise<ActionView>;

  /** Whether a guarded bundle was seen before; a fresh one is on record, under its keys, before this answers. */
  recordReplay(
    caller: Caller,
    options: { readonly record: ExactJson; readonly requireFresh?: boolean },
  ): Promise<ReplayDecision>;
  /** Decides a governance transaction and records the decision before it is answered. */
  govern(caller: Caller, asked: GovernanceAsked): Promise<GovernanceEvaluation>;
  /** Takes an approval back for good; false when it was taken back before. */
  revokeApproval(
    caller: Caller,
    approval: { readonly approval_id: string; readonly approver_ref: string },
  ): Promise<boolean>;
  /** Consumes a signed governance decision, once and right before I/O. */
  consumeDecision(caller: Caller, use: DecisionUse): Promise<DecisionConsumption>;
  /** Claims the next use of a scoped ticket, as often as it permits and right before I/O. */
  claimTicketUse(
    caller: Caller,
    asked: { readonly ticket: ExactRecord; readonly contract: ExactRecord; readonly runtime: string },
  ): Promise<TicketUseClaim>;

  getAction(caller: Caller, id: string): Promise<ActionView>;
  /** Newest first. `after` is the `next` of the page before. `limit` is 1 to 500, default 50. */
  listActions(caller: Caller, filter?: ActionFilter): Promise<ActionPage>;
  /**
   * `answered`: no longer held. `settled`: in a terminal state. Answers the action as it stands when that is so, when
   * `timeoutMs` (at most 10 minutes) is over, or when `signal` aborts.
   */
  waitForAction(
    caller: Caller,
    id: string,
    options: { readonly until: "settled" | "answered"; readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<ActionView>;

  governance(caller: Caller): Promise<GovernanceView>;
  setGovernance(caller: Caller, patch: GovernancePatch): Promise<GovernanceView>;
  /** Agents with a roster entry of their own; others take the global role. */
  systems(caller: Caller): Promise<readonly SystemView[]>;
  setSystem(caller: Caller, patch: SystemPatch): Promise<SystemView>;

  createToken(
    caller: Caller,
    options: { readonly role: "operator" | "agent" | "viewer"; readonly principal?: string; readonly label?: string },
  ): Promise<TokenCreated>;
  listTokens(caller: Caller): Promise<readonly TokenView[]>;
  /** Effective at once, in this process and, from the next request on, in the others. */
  revokeToken(caller: Caller, tokenId: string): Promise<TokenView>;
  /** The caller a token stands for; undefined when it is unknown, revoked or malformed. */
  authenticate(text: string): Promise<Caller | undefined>;

  policies(caller: Caller): Promise<PoliciesView>;
  /** What activating this set would change, policy by policy. */
  planPolicies(caller: Caller, set: PolicySetSource): Promise<PolicyChangeView>;
  /**
   * With `expected`: `CONCURRENT_CHANGE` unless the set has that digest, and unless `replaces` decides at this moment,
   * so that what is activated is what a person was shown.
   */
  activatePolicies(
    caller: Caller,
    set: PolicySetSource,
    expected?: { readonly digest?: string; readonly replaces?: string },
  ): Promise<PoliciesView>;

  /** Oldest first, `after < index`. `limit` is 1 to 500, default 50. */
  entries(caller: Caller, filter?: EntryFilter): Promise<EntryPage>;
  entry(caller: Caller, index: number): Promise<EntryView>;
  /** Lines of a bundle, each ending in a newline; the whole tenant without `run`. */
  exportRun(caller: Caller, options?: ExportOptions): AsyncIterable<string>;
  /** A stand-alone inclusion proof of one entry (C2SP tlog-proof). */
  proof(caller: Caller, index: number): Promise<string>;
  head(caller: Caller): Promise<Head>;
  checkpoint(caller: Caller): Promise<string>;

  status(caller: Caller): Promise<StatusView>;
  logStatus(caller: Caller): Promise<LogStatusView>;
  /** Redeemed tickets without a receipt, oldest first, at most 500. */
  unfinished(caller: Caller): Promise<readonly UnfinishedView[]>;
  /** Settles intents past their deadline (or the one named) with a receipt `unfinished`, by the operator's act. */
  recover(caller: Caller, options?: { readonly ticketId?: string }): Promise<readonly ActionView[]>;

  planErasure(caller: Caller, options: { readonly subject: string }): Promise<ErasurePlan>;
  erase(caller: Caller, options: { readonly subject: string; readonly ground: string }): Promise<ErasureResult>;
  planRetention(caller: Caller, request: RetentionRequest): Promise<RetentionPlan>;
  /** Erases what is private in entries of a kind and older than so many days, but for what is held. */
  retain(caller: Caller, request: RetentionRequest & { readonly ground: string }): Promise<RetentionResult>;
  rebuildViews(caller: Caller, onProgress?: (done: number, size: number) => void): Promise<RebuildView>;

  /** Events after their commit, in log order, whoever committed them. Returns the unsubscriber. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
  close(): Promise<void>;
}

export interface ExportOptions {
  /** This run or action alone. */
  readonly run?: string;
  /** Default true. */
  readonly openPrivate?: boolean;
  /** Size of a checkpoint that the reader remembers: a proof that the log still begins with it comes along. */
  readonly since?: number;
}

export interface RunOptions {
  readonly mode: "dry" | "live";
  readonly stdin?: Uint8Array;
  /** Values for the names the contract hands on; never recorded. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
}

export interface ActionFilter {
  /** One of `ACTION_STATES`. */
  readonly state?: string;
  readonly run?: string;
  readonly after?: string;
  readonly limit?: number;
}

export interface RetentionRequest {
  readonly kind: string;
  /** 7 to 36,500. */
  readonly days: number;
  /** Runs and subjects whose content stays, whatever its age. */
  readonly holdRuns?: readonly string[];
  readonly holdSubjects?: readonly string[];
}

export interface EntryFilter {
  readonly after?: number;
  readonly limit?: number;
  readonly run?: string;
  readonly kind?: string;
  /** Entries of one action. */
  readonly action?: string;
}

/** What the composition root hands in. */
export interface EngineOptions {
  /** Stays its opener's to close. */
  readonly ledger: OpenLedger;
  /** The views' own database, closed with the engine; lost or old views are rebuilt from the log. */
  readonly views: Database;
  readonly policySet: PolicySetSource;
  /**
   * What the folder of policies holds now, for status; the same object while nothing changed there. Without it the set
   * given at start counts.
   */
  readonly offeredPolicies?: () => Promise<PolicySetSource>;
  /** UTC milliseconds. */
  readonly clock: () => number;
  /** Cryptographically random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly execution?: ExecutionPort;
  /** Callers without a token are let in by the door; recorded in every entry made meanwhile. */
  readonly trial?: boolean;
  /** How long a hold waits; default 24 hours. */
  readonly holdMs?: number;
  /** How long an approval stays good; default 15 minutes. */
  readonly approvalMs?: number;
  /** How long a ticket may be redeemed; default 60 seconds. */
  readonly ticketMs?: number;
  /** How often expired holds, approvals and tickets are swept; default 10 seconds, 0 for never. */
  readonly sweepMs?: number;
  /** Cuts the views' write-ahead log to nothing; called after an erasure, which may have left content in it. */
  readonly truncateViews?: () => Promise<void>;
  /** What status says about the signer of heads. */
  readonly signer?: string;
}
