import type { OpenLedger } from "@writ/ledger";
import type { PolicySet } from "@writ/policy";

import type { DecisionMaker } from "./decision-maker.ts";
import type { ExecutionPort } from "./execution-port.ts";
import type { Journal } from "./journal.ts";
import type { OfferedPolicies } from "./offered-policies.ts";
import type { RuleBook } from "./rule-texts.ts";
import type { SteadyClock } from "./steady-clock.ts";
import type { Views } from "./views/views.ts";
import type { Waiting } from "./waiting.ts";

/** What every use case works with. */
export interface Context {
  readonly ledger: OpenLedger;
  readonly views: Views;
  readonly journal: Journal;
  readonly waiting: Waiting;
  readonly clock: SteadyClock;
  readonly decisions: DecisionMaker;
  readonly rules: RuleBook;
  readonly execution: ExecutionPort | undefined;
  readonly random: (bytes: number) => Uint8Array;
  readonly trial: boolean;
  readonly signer: string | null;
  readonly lifetimes: Lifetimes;
  /** Aborted when the engine closes: what runs is interrupted and says so in its receipt. */
  readonly stopping: AbortController;
  readonly offered: OfferedPolicies;
  /** Cuts erased content out of the views' write-ahead log. */
  readonly truncateViews: () => Promise<void>;
  /** Decides with this set from now on. */
  readonly adopt: (set: PolicySet) => void;
  /** Resolves when views and policies are those of the log's head, whoever moved it. */
  readonly refresh: () => Promise<void>;
}

/** Milliseconds. */
export interface Lifetimes {
  readonly hold: number;
  readonly approval: number;
  readonly ticket: number;
}
