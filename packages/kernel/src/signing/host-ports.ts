import type { AuditAppend, Appended } from "../audit/ledger.ts";
import type { AuditLedgerEntry } from "../audit/ledger-entry.ts";
import type { AuditVerification } from "../audit/ledger-result.ts";
import type { AuditRecord } from "../admission/audit-record.ts";
import type { ExactRecord } from "../compat/exact-record.ts";
import type { ReplayDecision, ReplayRecord } from "../replay/replay.ts";

/** Claims a sighting once; atomic for each key, whoever else asks at the same moment (spec kernel.md §19.2). */
export interface ReplayClaimPort {
  readonly claimOnce: (record: ReplayRecord, requireFresh: boolean) => Promise<ReplayDecision>;
}

/** What a host takes for the host of a text, and whether it is in scope. */
export interface ScopePort {
  readonly extractHost: (value: string) => string;
  readonly hostInScope: (host: string, domains: readonly string[]) => boolean;
}

/** An audit ledger of the reference's form. */
export interface AuditLedgerPort {
  readonly append: (record: AuditRecord, append: AuditAppend) => Promise<Appended>;
  readonly read: (afterEntryId: string, limit: number) => Promise<readonly AuditLedgerEntry[]>;
  readonly verify: () => Promise<AuditVerification>;
}

/** Values under keys; `REPLAY_STORE_KEY` is one of them. */
export interface StateStorePort {
  readonly readJson: (key: string) => Promise<ExactRecord | undefined>;
  readonly writeJson: (key: string, value: ExactRecord) => Promise<void>;
}
