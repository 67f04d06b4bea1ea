import type { JsonValue } from "@writ/canon";
import type { ActionName, Agreement, Contract, Effect, Lease, PrincipalRef, Receipt, Ticket } from "@writ/kernel";
import type { Entry } from "@writ/ledger";
import type { HoldRequirement } from "@writ/policy";

import type { ActionState, GovernanceFields } from "./request.ts";

/** The decision as every door shows it (spec command.md §21.1). */
export interface DecisionView {
  /** True for `allow` alone. */
  readonly permitted: boolean;
  readonly reason: string;
  /** Texts of the rules that voted deny or hold. */
  readonly triggered_rules: readonly string[];
  /** What would lift them. */
  readonly conditions: readonly string[];
  readonly decision: "allow" | "hold" | "deny" | "not_evaluated";
  readonly rules: readonly RuleView[];
  readonly advisories: readonly string[];
  readonly effects: readonly Effect[];
  /** The action digest. */
  readonly digest: string;
  readonly governance: GovernanceStamp;
  readonly policy_digest: string;
  readonly determining: readonly string[];
  readonly erroring: readonly string[];
  /** Id of the entry that records this decision, and its index. */
  readonly audit_id: string;
  readonly index: number;
}

/** One policy that spoke. */
export interface RuleView {
  readonly id: string;
  readonly kind: string;
  readonly vote: "allow" | "hold" | "deny";
  readonly text: string;
}

/** The governance a decision was made under. */
export interface GovernanceStamp {
  readonly mode: string;
  readonly posture: string;
  /** The caller's role, not the operator's global setting. */
  readonly role: string;
  readonly version: number;
}

export interface ActionView {
  readonly id: string;
  readonly tenant: string;
  readonly run: string | null;
  readonly state: ActionState;
  readonly action: ActionName;
  readonly digest: string;
  /** One line: the command, or the statement's first line; at most 200 characters. */
  readonly summary: string;
  /** Null once its content was erased. */
  readonly contract: Contract | null;
  readonly principal: PrincipalRef;
  /** Whether the proposal asked for a live run. */
  readonly live: boolean;
  /** The newest decision about the action. */
  readonly decision: DecisionView;
  readonly hold: HoldView | null;
  readonly ticket: Ticket | null;
  /** The run's current fencing number; null before its ticket was redeemed. */
  readonly fence: number | null;
  readonly receipt: Receipt | null;
  /** Receipt against contract, computed on reading. */
  readonly agreement: Agreement | null;
  readonly claim: ClaimView | null;
  /** Why it was rejected, expired or revoked. */
  readonly end_reason: string | null;
  readonly proposed_at: string;
  readonly updated_at: string;
  readonly entries: readonly EntryPointer[];
  /** Made in trial mode. */
  readonly trial: boolean;
}

/** What a held or released action waited for. */
export interface HoldView {
  /** Counts from 1; each re-opening is a new one. */
  readonly generation: number;
  readonly requirements: readonly HoldRequirement[];
  readonly approvals_required: number;
  /** Approvals that count towards this generation. */
  readonly approvals_given: readonly { readonly approver: PrincipalRef; readonly at: string; readonly entry: string }[];
  readonly expires_at: string;
}

/** The proposer's word that it did the action itself. */
export interface ClaimView {
  readonly outcome: "done" | "failed";
  readonly at: string;
  readonly entry: string;
}

export interface EntryPointer {
  readonly index: number;
  readonly id: string;
  readonly kind: string;
}

/** `next` is the `after` of the following page, null at the end. */
export interface ActionPage {
  readonly actions: readonly ActionView[];
  readonly next: string | null;
}

export interface GovernanceView extends GovernanceFields {
  /** The mode as it was typed. */
  readonly mode_input: string;
  /** 0 for the defaults; each change counts one up. */
  readonly version: number;
  readonly updated_at: string | null;
}

/** Roster entry of one agent (spec command.md §7.1). */
export interface SystemView {
  readonly system_id: string;
  readonly active: boolean;
  readonly role: "primary" | "secondary" | "observer" | "none";
  readonly seq: number | null;
  readonly muted: boolean;
}

export interface TokenView {
  readonly token_id: string;
  readonly role: "operator" | "agent" | "viewer";
  readonly principal: PrincipalRef;
  readonly label: string | null;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

/** `token` is shown here once and kept nowhere. */
export interface TokenCreated extends TokenView {
  readonly token: string;
}

/** What lies in the folder of policies and does not decide. */
export interface PendingPolicies {
  /** Null when the folder cannot be read. */
  readonly digest: string | null;
  readonly error: ErrorView | null;
}

/** An error as part of an answer that is none. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  readonly next: string;
}

export interface PoliciesView {
  /** `pending`: the folder of policies holds another set than the pinned one, and that waits for activation. */
  readonly state: "active" | "pending";
  /** Digest of the set that decides. */
  readonly policy_digest: string;
  /** Digest of what the folder holds now when that waits for activation. */
  readonly pending_digest: string | null;
  /** Why what the folder holds cannot be read, if so. */
  readonly pending_error: ErrorView | null;
  readonly policy_engine: string;
  readonly files: readonly string[];
  readonly policies: readonly { readonly id: string; readonly effect: string; readonly text: string }[];
  readonly activated_at: string | null;
}

/** What activating a policy set would change. */
export interface PolicyChangeView {
  /** Digest of the set that was read; equal to `replaces` where nothing would change. */
  readonly policy_digest: string;
  /** Digest of the set that decides now. */
  readonly replaces: string;
  readonly policies: number;
  readonly schema_changed: boolean;
  readonly warnings: readonly string[];
  /** By id. `before` is null for a policy that would be added, `after` for one that would be gone. */
  readonly changes: readonly { readonly id: string; readonly before: string | null; readonly after: string | null }[];
}

/** One entry as a reader sees it. */
export interface EntryView {
  readonly index: number;
  readonly entry: Entry;
  /** Private fields that are still there: their text, or base64 when they are no UTF-8. Only from `entry`. */
  readonly opened?: { readonly [field: string]: { readonly text: string } | { readonly base64: string } };
}

export interface EntryPage {
  readonly entries: readonly EntryView[];
  readonly next: number | null;
}

/** Leave to run exactly this, once, now. */
export interface RedeemedTicket {
  readonly ticket: Ticket;
  readonly contract: Contract;
  /** Entry id of the `execution.intent`. */
  readonly intent: string;
  /** After it an intent without receipt counts as unfinished. */
  readonly deadline: string;
  /** Under its fencing number the receipt is sealed, until an operator takes the run over. */
  readonly lease: Lease;
}

export interface UnfinishedView {
  readonly action_id: string;
  readonly ticket_id: string;
  readonly intent: string;
  readonly summary: string;
  readonly mode: "dry" | "live";
  readonly started_at: string;
  readonly deadline: string;
  /** True once the deadline has passed. */
  readonly overdue: boolean;
}

export interface StatusView {
  readonly log: { readonly origin: string; readonly size: number; readonly root: string };
  /** Whether the log would take an entry now, tried by writing beside it. */
  readonly writable: boolean;
  /** Why not, and what to do; null when it would. */
  readonly not_writable: ErrorView | null;
  readonly views: { readonly position: number };
  readonly governance: GovernanceView;
  readonly policies: Pick<PoliciesView, "state" | "policy_digest" | "pending_digest" | "pending_error">;
  readonly holds: number;
  readonly unfinished: number;
  readonly signer: string | null;
  readonly execution: boolean;
  readonly trial: boolean;
}

/** How the log stands, as its owner reads it back (spec ledger.md §12). */
export interface LogStatusView {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** Why it takes no entries; null while it does. */
  readonly read_only: { readonly code: string; readonly message: string } | null;
  readonly checkpoint: SignedHeadView | null;
  /** The newest that left the machine. While it is null, whoever holds the key can rewrite the whole log unseen. */
  readonly shown: SignedHeadView | null;
  readonly signer: {
    /** The public key, as verifiers need it. */
    readonly key: string | null;
    /** Size of the last head that the signer remembers. */
    readonly signed: number | null;
  };
  readonly settings: { readonly [name: string]: string };
}

export interface SignedHeadView {
  readonly size: number;
  readonly at: string;
  readonly age_ms: number;
}

export interface ErasurePlan {
  readonly subject: string;
  readonly fields: readonly { readonly index: number; readonly field: string; readonly bytes: number }[];
}

export interface ErasureResult extends ErasurePlan {
  /** Entry that records the erasure, null when there was nothing to erase. */
  readonly entry: string | null;
}

export interface RetentionPlan {
  readonly kind: string;
  readonly days: number;
  readonly fields: readonly { readonly index: number; readonly field: string }[];
  /** There may be more than these. */
  readonly more: boolean;
}

export interface RetentionResult {
  readonly kind: string;
  readonly days: number;
  /** How many fields went. */
  readonly erased: number;
  /** Entries that record it. */
  readonly entries: readonly string[];
}

export interface RebuildView {
  /** Log position of the rebuilt views. */
  readonly position: number;
  readonly actions: number;
}

export type Document = { readonly [key: string]: JsonValue };
