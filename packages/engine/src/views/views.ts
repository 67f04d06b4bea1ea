import { setImmediate as nextTurn } from "node:timers/promises";

import type { Ledger } from "@writ/ledger";
import type { Database } from "@writ/store";

import { engineError } from "../errors.ts";
import { Projection } from "../projection.ts";
import type { SteadyClock } from "../steady-clock.ts";
import { ActionCache } from "./action-cache.ts";
import { foldBatch } from "./fold.ts";
import type { FoldedEvent, StoredAction } from "./fold.ts";
import type { FoldEntry } from "./fold-entry.ts";
import { readFoldEntry } from "./fold-entry.ts";
import { SQL } from "./schema.ts";
import { emptyTables, openTables, readAction, readFacts, writeFolded } from "./view-tables.ts";

/** Entries folded in one transaction. */
const BATCH_MAX = 1_000;
/** Own entries that wait for their turn; more are simply read back from the log. */
const NOTED_MAX = 8_192;

interface ViewsParts {
  readonly ledger: Ledger;
  readonly database: Database;
  readonly clock: SteadyClock;
}

/**
 * The views: tables, memory and events, moved along the log by one folder at a time. What committed together is
 * folded together, so a thousand callers that wait cost one transaction. Entries of this process come by `note`, the
 * rest is read from the log; both fold the same.
 */
export class Views {
  readonly database: Database;
  readonly projection = new Projection();
  readonly #ledger: Ledger;
  readonly #clock: SteadyClock;
  readonly #cache = new ActionCache();
  readonly #noted = new Map<number, FoldEntry>();
  readonly #listeners = new Set<(event: FoldedEvent) => void>();
  #position = 0;
  #clockMs = 0;
  #target = 0;
  #moving: Promise<void> | undefined;
  #asking: Promise<void> | undefined;
  #exclusive: Promise<void> = Promise.resolve();

  constructor({ ledger, database, clock }: ViewsParts) {
    this.#ledger = ledger;
    this.database = database;
    this.#clock = clock;
  }

  get position(): number {
    return this.#position;
  }

  /** Opens the tables, makes them new when they are of other rules or ahead of the log, and catches up. */
  async open(): Promise<void> {
    const { position, clockMs, current } = await openTables(this.database);
    this.#position = position;
    this.#clockMs = clockMs;
    this.#clock.saw(clockMs);
    const { size } = await this.#ledger.head();
    if (!current || position > size) await this.#empty();
    else this.projection.apply(await this.database.read(readFacts));
    await this.advance(size);
  }

  /** Hands over an own entry that has just committed. */
  note(entry: FoldEntry): void {
    if (entry.index >= this.#position && this.#noted.size < NOTED_MAX) this.#noted.set(entry.index, entry);
  }

  /** Resolves when the views hold every entry below `size`. */
  async advance(size: number): Promise<void> {
    if (size > this.#target) this.#target = size;
    while (this.#position < size) {
      this.#moving ??= this.#move().finally(() => {
        this.#moving = undefined;
      });
      await this.#moving;
    }
  }

  /** Resolves when the views hold what was committed by anybody before this call. Callers that wait share one look. */
  async catchUp(): Promise<void> {
    const own = this.#ledger.ownHead;
    if (own !== undefined) return own.size > this.#position ? this.advance(own.size) : undefined;
    this.#asking ??= this.#ask();
    await this.#asking;
  }

  async #ask(): Promise<void> {
    // Whoever calls after this turn wants a later head than the one asked for here.
    await nextTurn();
    this.#asking = undefined;
    const { size } = await this.#ledger.head();
    await this.advance(size);
  }

  async action(tenant: string, id: string): Promise<StoredAction | undefined> {
    const known = this.#cache.get(tenant, id);
    if (known !== undefined) return known;
    return this.database.read((tx) => readAction(tx, tenant, id));
  }

  /** Tells every folded entry, in log order, after its transaction. Returns the unsubscriber. */
  listen(listener: (event: FoldedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Empties the tables and folds the whole log again; nobody is told old events a second time. */
  async rebuild(onProgress?: (done: number, size: number) => void): Promise<void> {
    const { size } = await this.#ledger.head();
    await this.#alone(async () => {
      const told = this.#position;
      // Decisions and tokens go by the facts in memory: those stay until the tables are complete, or given up.
      const facts = new Projection();
      await this.#empty();
      try {
        while (this.#position < size) {
          await this.#fold(await this.#take(size), told, facts);
          onProgress?.(Math.min(this.#position, size), size);
        }
      } finally {
        this.projection.become(facts);
      }
    });
    await this.advance(size);
  }

  async #move(): Promise<void> {
    // Appends that committed together resolve in one turn; waiting for its end lets all of them be noted.
    await nextTurn();
    await this.#alone(async () => {
      while (this.#position < this.#target) await this.#fold(await this.#take(this.#target), this.#position);
    });
  }

  /** One folder at a time; a failure is its caller's and stops nobody else. */
  async #alone(work: () => Promise<void>): Promise<void> {
    const before = this.#exclusive;
    const mine = before.then(work);
    this.#exclusive = mine.catch(() => {});
    await mine;
  }

  async #empty(): Promise<void> {
    await this.database.write((tx) => emptyTables(tx, this.#position));
    this.#position = 0;
    this.#clockMs = 0;
    this.#noted.clear();
    this.#cache.clear();
  }

  /** The next entries, from memory where they were noted, else from the log. */
  async #take(target: number): Promise<FoldEntry[]> {
    const end = Math.min(target, this.#position + BATCH_MAX);
    const batch: FoldEntry[] = [];
    for (let index = this.#position; index < end; index++) {
      const noted = this.#noted.get(index);
      if (noted === undefined) break;
      batch.push(noted);
    }
    if (batch.length > 0) return batch;
    for await (const stored of this.#ledger.read(this.#position, end)) {
      batch.push(await readFoldEntry(this.#ledger, stored));
    }
    if (batch.length === 0) throw shortLog(this.#position, target);
    return batch;
  }

  async #fold(entries: readonly FoldEntry[], told: number, facts = this.projection): Promise<void> {
    const from = this.#position;
    const folded = await foldBatch(entries, {
      action: (tenant, id) => this.action(tenant, id),
      fact: (tenant, kind, key) => facts.doc(tenant, kind, key),
      facts: (tenant) => facts.facts(tenant),
    });
    const clockMs = Math.max(this.#clockMs, folded.clockMs);
    await this.database.write((tx) => writeFolded(tx, { entries, folded, from, clockMs }));
    this.#position = from + entries.length;
    this.#clockMs = clockMs;
    this.#clock.saw(clockMs);
    for (const entry of entries) this.#noted.delete(entry.index);
    facts.apply(folded.facts.values());
    if (folded.erased.length > 0) this.#cache.clear();
    for (const action of folded.actions.values()) this.#cache.set(action);
    this.#tell(folded.events.filter(({ entry }) => entry.index >= told));
  }

  #tell(events: readonly FoldedEvent[]): void {
    for (const event of events) {
      for (const listener of this.#listeners) {
        try {
          listener(event);
        } catch {
          // The entry is committed and folded: a listener's fault changes nothing about it, nor for the others.
        }
      }
    }
  }

  /** Ends what is under way and closes the tables. */
  async close(): Promise<void> {
    await this.#exclusive;
    await this.database.close();
  }

  /** Actions whose time is over, at most `limit`. */
  async expired(nowMs: number, limit: number): Promise<readonly { readonly tenant: string; readonly id: string }[]> {
    const rows = await this.database.read((tx) => tx.all(SQL.expired, [nowMs, limit]));
    return rows.map((row) => ({ tenant: String(row["tenant"]), id: String(row["id"]) }));
  }
}

function shortLog(position: number, size: number) {
  return engineError({
    code: "VIEWS_CORRUPT",
    message: `the log has no entry ${position}, though its size is ${size}`,
    reason: "views are made from every entry in order",
    next: "run `writ verify` on the log",
    details: { position, size },
  });
}
