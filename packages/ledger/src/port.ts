import type { JsonValue } from "@writ/canon";

/** Kinds of entry (spec ledger.md §3); others are `x.<name>`. */
export const ENTRY_KINDS = [
  "policy.decision",
  "ticket.issued",
  "ticket.spent",
  "approval.requested",
  "approval.given",
  "approval.refused",
  "execution.intent",
  "execution.receipt",
  "message.sent",
  "message.received",
  "run.opened",
  "run.closed",
  "policy.changed",
  "erasure",
  "key.added",
  "key.retired",
  "ledger.opened",
  "ledger.sealed",
  "attestation.issued",
  "incident",
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number] | `x.${string}`;

/** Opaque ids, never names. */
export interface Who {
  readonly tenant: string;
  readonly agent?: string;
  readonly on_behalf_of?: string;
  readonly approver?: string;
}

export interface EntryRef {
  readonly rel: string;
  readonly id: string;
}

export interface PrivateContent {
  readonly content: Uint8Array;
  /** Media type. */
  readonly type: string;
  /** The person the content is about, as an opaque id; erasure finds it by this. */
  readonly subject?: string;
}

/** What a caller hands in. The ledger fills `v`, `at`, the commitments, and `src` unless it is given. */
export interface NewEntry {
  /** UUIDv7 in lower case: the retry key. */
  readonly id: string;
  readonly kind: EntryKind;
  /** UTC with milliseconds; the ledger's clock when absent. */
  readonly at?: string;
  /** The emitter and its own counter. Absent: the ledger's own emitter, whose counter it assigns at commit. */
  readonly src?: { readonly id: string; readonly n: number };
  readonly run?: string;
  readonly who: Who;
  readonly refs?: readonly EntryRef[];
  readonly data: { readonly [key: string]: JsonValue };
  readonly private?: { readonly [field: string]: PrivateContent };
}

/** An entry as stored; `bytes` is the truth, `value` its parsed form. */
export interface StoredEntry {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly value: Entry;
}

/** The JSON document of an entry. */
export interface Entry {
  readonly v: 1;
  readonly id: string;
  readonly kind: EntryKind;
  readonly at: string;
  readonly src: { readonly id: string; readonly n: number };
  readonly run?: string;
  readonly who: Who;
  readonly refs?: readonly EntryRef[];
  readonly data: { readonly [key: string]: JsonValue };
  readonly private?: { readonly [field: string]: { readonly c: string; readonly n: number; readonly type: string } };
}

export interface AppendOptions {
  /** Guard keys, once-only facts that this group claims, for example `ticket:<id>:spent`. */
  readonly once?: readonly string[];
  /** What to wait for beyond durability. Default `commit`. */
  readonly wait?: "commit" | "checkpoint";
}

/** One of the group's entries, durable. */
export interface Appended {
  readonly id: string;
  readonly index: number;
  /** Leaf hash, 32 bytes. */
  readonly leaf: Uint8Array;
  readonly at: string;
}

export type AppendResult =
  | {
      readonly ok: true;
      /** In the order given. `duplicate` is true when all of them were already in the log with the same bytes' meaning. */
      readonly entries: readonly Appended[];
      readonly duplicate: boolean;
      /** Head after the commit that holds them. */
      readonly size: number;
      readonly root: Uint8Array;
      /** Signed note text; present when the commit or the wait produced one. */
      readonly checkpoint?: string;
    }
  /** A guard was already taken: nothing of the group was written. `index` is the entry that holds it. */
  | { readonly ok: false; readonly code: "ALREADY_DONE"; readonly guard: string; readonly index: number };

export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * The log as the rest of Writ sees it. A call to `append` is one atomic group: all its entries get consecutive
 * indexes in one transaction, or none is written. Rejections are `WritError`s with a `LedgerErrorCode`.
 */
export interface Ledger {
  readonly origin: string;
  append(group: readonly NewEntry[], options?: AppendOptions): Promise<AppendResult>;
  /** The head, where only this process appends and so knows it without looking; `undefined` where others may too. */
  readonly ownHead: Head | undefined;
  head(): Promise<Head>;
  get(index: number): Promise<StoredEntry | undefined>;
  find(id: string): Promise<StoredEntry | undefined>;
  /** The entry that holds a guard, if it is taken. */
  guard(key: string): Promise<number | undefined>;
  /** Entries with `from <= index < to`, in order, streamed in pages. */
  read(from: number, to: number): AsyncIterable<StoredEntry>;
  /** A private field that is still there, with the salt that opens its commitment. */
  openPrivate(
    index: number,
    field: string,
  ): Promise<{ readonly content: Uint8Array; readonly salt: Uint8Array } | undefined>;
  /** The newest signed checkpoint, signing one if the head has none yet. */
  checkpoint(): Promise<string>;
  inclusionProof(index: number, size: number): Promise<readonly Uint8Array[]>;
  consistencyProof(first: number, second: number): Promise<readonly Uint8Array[]>;
  /** Calls back after each commit, with the size of the log then. Returns the unsubscriber. */
  onCommit(listener: (size: number) => void): () => void;
  close(): Promise<void>;
}

/** Why the ledger refused or stopped (spec ledger.md §5, §6, §13). */
export type LedgerErrorCode =
  | "LEDGER_OWNED"
  | "LEDGER_BUSY"
  | "LEDGER_FULL"
  | "LEDGER_FAILED"
  | "LEDGER_FORKED"
  | "LEDGER_CLOSED"
  | "LEDGER_SETTINGS"
  | "LEDGER_CORRUPT"
  | "LEDGER_READ_ONLY"
  | "ROLLBACK_DETECTED"
  | "ADOPT_REFUSED"
  | "ID_REUSED"
  | "SEQUENCE_GAP"
  | "ENTRY_INVALID"
  | "ENTRY_TOO_LARGE"
  | "ENTRY_PERSONAL_DATA"
  /** An index or size that this log does not have, or has not yet. */
  | "INDEX_OUT_OF_RANGE"
  | "KEY_UNSAFE"
  | "KEY_INVALID"
  | "SIGNER_REFUSED"
  | "SIGNER_UNREACHABLE";
