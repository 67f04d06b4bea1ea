import { formatInstant, formatUuid, uuidv7 } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import type { EntryKind, EntryRef, Ledger, NewEntry } from "@writ/ledger";

import type { Caller } from "./port.ts";
import { principalText } from "./principal.ts";
import { RandomPool } from "./random-pool.ts";
import type { SteadyClock } from "./steady-clock.ts";
import type { FoldEntry } from "./views/fold-entry.ts";
import { viewedFields } from "./views/fold-entry.ts";
import type { Views } from "./views/views.ts";

/** An entry before it has id and time. */
export interface Draft {
  readonly kind: EntryKind;
  /** Chosen beforehand where other records name it. */
  readonly id?: string;
  readonly data: { readonly [key: string]: JsonValue };
  readonly refs?: readonly EntryRef[];
  /** Text content that may be erased. */
  readonly private?: { readonly [field: string]: string };
  /** True for content that is about nobody, and that no erasure of a person may take. */
  readonly impersonal?: boolean;
  /** Who answers, in approvals and refusals. */
  readonly approver?: string;
}

export interface Scope {
  readonly tenant: string;
  /** Acting principal and whom it acts for; absent for what Writ does by itself. */
  readonly caller?: Caller;
  /** Run of the entries. */
  readonly run?: string;
}

export type Written =
  | { readonly ok: true; readonly entries: readonly FoldEntry[] }
  /** Somebody else claimed `guard` with the entry at `index`; the views hold it by now. */
  | { readonly ok: false; readonly guard: string; readonly index: number };

interface JournalParts {
  readonly ledger: Ledger;
  readonly views: Views;
  readonly clock: SteadyClock;
  readonly random: (bytes: number) => Uint8Array;
  readonly trial: boolean;
}

/**
 * The one way this room writes: a group of entries becomes durable, then the views hold it, then the caller goes on.
 * A ledger that refuses throws its own error and nothing has happened.
 */
export class Journal {
  readonly #parts: JournalParts;
  readonly #pool: RandomPool;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#pool = new RandomPool(parts.random);
  }

  newId(): string {
    return formatUuid(uuidv7(this.#parts.clock.now(), this.#pool.take(ID_RANDOM_BYTES)));
  }

  async write(scope: Scope, drafts: readonly Draft[], once: readonly string[] = []): Promise<Written> {
    const at = formatInstant(this.#parts.clock.now());
    const group = drafts.map((draft) => this.#entry(scope, draft, at));
    const { ledger, views } = this.#parts;
    const result = await ledger.append(group, { once });
    if (!result.ok) {
      await views.advance(result.index + 1);
      await views.catchUp();
      return { ok: false, guard: result.guard, index: result.index };
    }
    const entries = result.entries.map(({ index, at }, position) =>
      folding(group[position]!, drafts[position]!, index, at),
    );
    for (const entry of entries) views.note(entry);
    await views.advance(entries.at(-1)!.index + 1);
    return { ok: true, entries };
  }

  #entry({ tenant, caller, run }: Scope, draft: Draft, at: string): NewEntry {
    const nearest = caller?.onBehalfOf[0];
    const trial = this.#parts.trial || caller?.auth === "trial";
    return {
      id: draft.id ?? this.newId(),
      kind: draft.kind,
      at,
      ...(run !== undefined && { run }),
      who: {
        tenant,
        ...(caller !== undefined && draft.approver === undefined && { agent: principalText(caller.principal) }),
        ...(nearest !== undefined && { on_behalf_of: principalText(nearest) }),
        ...(draft.approver !== undefined && { approver: draft.approver }),
      },
      ...(draft.refs !== undefined && { refs: draft.refs }),
      data: trial ? { ...draft.data, trial: true } : draft.data,
      ...(draft.private !== undefined && {
        private: privateContent(draft.private, draft.impersonal === true ? undefined : caller),
      }),
    };
  }
}

/** A UUIDv7 takes 74 random bits. */
const ID_RANDOM_BYTES = 10;

/** Content is about whom the caller acts for, so that erasure finds it by that person. */
function privateContent(fields: { readonly [field: string]: string }, caller: Caller | undefined) {
  const person = caller?.onBehalfOf.find(({ type }) => type === "operator") ?? caller?.principal;
  const subject = person === undefined ? {} : { subject: principalText(person) };
  return Object.fromEntries(
    Object.entries(fields).map(([field, text]) => [
      field,
      {
        content: Buffer.from(text, "utf8"),
        type: text.startsWith("{") ? "application/json" : "text/plain",
        ...subject,
      },
    ]),
  );
}

/** What folding needs of an entry we have just written; the same as reading it back. */
function folding(entry: NewEntry, draft: Draft, index: number, at: string): FoldEntry {
  const { id, kind, who, data } = entry;
  const opened: { [field: string]: string } = {};
  for (const field of viewedFields(kind, data)) {
    const text = draft.private?.[field];
    if (text !== undefined) opened[field] = text;
  }
  return { index, id, kind, at, run: entry.run ?? null, who, refs: entry.refs ?? [], data, opened };
}
