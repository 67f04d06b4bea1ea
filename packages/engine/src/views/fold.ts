import type { ActionEventType } from "../event.ts";
import { factKey } from "../projection.ts";
import type { ActionRecord } from "./action-record.ts";
import { actionOf, beginsAction, foldAction } from "./fold-action.ts";
import type { FoldEntry } from "./fold-entry.ts";
import { erasedBy, foldFacts, withoutErased } from "./fold-fact.ts";
import type { ErasedFields, Fact, FactDocument } from "./fold-fact.ts";

/** An action with the text of its contract, null once erased. */
export interface StoredAction {
  readonly record: ActionRecord;
  readonly contract: string | null;
}

/** What a batch of entries makes of the views; nothing is changed before all of it is written. */
export interface Folded {
  /** Last state of each action the batch touched, by `actionKey`. */
  readonly actions: ReadonlyMap<string, StoredAction & { readonly isNew: boolean }>;
  readonly tickets: readonly { readonly tenant: string; readonly ticket: string; readonly action: string }[];
  readonly facts: ReadonlyMap<string, Fact>;
  readonly erased: readonly (ErasedFields & { readonly tenant: string })[];
  readonly events: readonly FoldedEvent[];
  /** Latest instant of the entries, UTC milliseconds. */
  readonly clockMs: number;
}

export interface FoldedEvent {
  readonly entry: FoldEntry;
  /** The action after this very entry. */
  readonly action: StoredAction | null;
  readonly event: ActionEventType | null;
}

export interface FoldSources {
  /** The action as the views have it. */
  action(tenant: string, id: string): Promise<StoredAction | undefined>;
  fact(tenant: string, kind: Fact["kind"], key: string): FactDocument | undefined;
  /** Every fact of a tenant; asked for only where something was erased. */
  facts(tenant: string): Iterable<Fact>;
}

/** Folds entries in log order over what the views hold. */
export async function foldBatch(entries: readonly FoldEntry[], sources: FoldSources): Promise<Folded> {
  const draft = new Draft(sources);
  for (const entry of entries) await draft.fold(entry);
  return draft;
}

class Draft implements Folded {
  readonly actions = new Map<string, StoredAction & { readonly isNew: boolean }>();
  readonly tickets: { readonly tenant: string; readonly ticket: string; readonly action: string }[] = [];
  readonly facts = new Map<string, Fact>();
  readonly erased: (ErasedFields & { readonly tenant: string })[] = [];
  readonly events: FoldedEvent[] = [];
  clockMs = 0;
  readonly #sources: FoldSources;

  constructor(sources: FoldSources) {
    this.#sources = sources;
  }

  async fold(entry: FoldEntry): Promise<void> {
    this.clockMs = Math.max(this.clockMs, Date.parse(entry.at));
    this.events.push(await this.#foldAction(entry));
    const lookup: FoldSources["fact"] = (tenant, kind, key) =>
      this.facts.get(factKey({ tenant, kind, key }))?.doc ?? this.#sources.fact(tenant, kind, key);
    for (const fact of foldFacts(entry, lookup)) this.facts.set(factKey(fact), fact);
    for (const erased of erasedBy(entry)) this.#erase(entry.who.tenant, erased);
  }

  async #foldAction(entry: FoldEntry): Promise<FoldedEvent> {
    const id = actionOf(entry);
    const nothing = { entry, action: null, event: null };
    if (id === null) return nothing;
    const { tenant } = entry.who;
    const key = actionKey(tenant, id);
    const begins = beginsAction(entry);
    const before = this.actions.get(key) ?? (begins ? undefined : await this.#sources.action(tenant, id));
    const folded = foldAction(before?.record, entry);
    if (folded === undefined) return nothing;
    const contract = begins ? (entry.opened["contract"] ?? null) : (before?.contract ?? null);
    const action = { record: folded.record, contract, isNew: begins || (this.actions.get(key)?.isNew ?? false) };
    this.actions.set(key, action);
    const { ticket } = folded.record;
    if (ticket !== null && (before?.record.ticket ?? null) === null) {
      this.tickets.push({ tenant, ticket: ticket.id, action: id });
    }
    return { entry, action, event: folded.event };
  }

  /** Takes erased content out of what the views hold of it: contracts, and the private parts of facts. */
  #erase(tenant: string, erased: ErasedFields): void {
    this.erased.push({ ...erased, tenant });
    for (const [key, action] of this.actions) {
      const { record } = action;
      if (record.tenant === tenant && record.index === erased.index && erased.fields.includes("contract")) {
        this.actions.set(key, { ...action, contract: null });
      }
    }
    for (const fact of [...this.#sources.facts(tenant), ...this.facts.values()]) {
      const bare = withoutErased(fact, tenant, erased);
      if (bare !== undefined) this.facts.set(factKey(bare), bare);
    }
  }
}

export function actionKey(tenant: string, id: string): string {
  return `${tenant}\0${id}`;
}
