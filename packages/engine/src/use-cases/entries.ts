import type { EntryKind, StoredEntry } from "@writ/ledger";
import { exportProof } from "@writ/ledger";
import { toBase64 } from "@writ/canon";
import type { Head } from "@writ/ledger";

import type { Context } from "../context.ts";
import type { EntryPage, EntryView } from "../documents.ts";
import { requireKind } from "../entry-kind.ts";
import { engineError } from "../errors.ts";
import { optionalText, pageLimit, requireUuid, requireWhole } from "../limits.ts";
import { entryPage } from "../page-sql.ts";
import type { Caller, EntryFilter } from "../port.ts";
import { checkCaller } from "../principal.ts";
import { requireReader } from "../rights.ts";
import { findAction } from "../transition.ts";

/** Oldest first; private content is opened only one entry at a time. */
export async function entries(context: Context, caller: Caller, filter: EntryFilter = {}): Promise<EntryPage> {
  requireReader(caller, "read the log");
  const limit = pageLimit(filter.limit);
  const after = filter.after === undefined ? -1 : requireWhole("after", filter.after, -1, Number.MAX_SAFE_INTEGER);
  const kind = filter.kind === undefined ? undefined : requireKind("kind", filter.kind);
  await context.refresh();
  const indexes = await matchingIndexes(context, caller, { ...filter, after, kind }, limit + 1);
  const page: EntryView[] = [];
  for (const index of indexes.slice(0, limit)) page.push(entryView(await stored(context, caller, index)));
  return { entries: page, next: indexes.length > limit ? (page.at(-1)?.index ?? null) : null };
}

async function matchingIndexes(
  context: Context,
  caller: Caller,
  filter: Omit<EntryFilter, "kind"> & { readonly after: number; readonly kind: EntryKind | undefined },
  limit: number,
): Promise<readonly number[]> {
  const { after, kind } = filter;
  const run = optionalText("run", filter.run, 128);
  if (filter.action !== undefined) {
    const { record } = await findAction(context, caller.tenant, requireUuid("action", filter.action));
    const fitting = record.entries.filter((one) => one.index > after && (kind === undefined || one.kind === kind));
    return fitting.slice(0, limit).map(({ index }) => index);
  }
  const { sql, params } = entryPage({ tenant: caller.tenant, run, kind, after, limit });
  const rows = await context.views.database.read((tx) => tx.all(sql, params));
  return rows.map((row) => Number(row["idx"]));
}

/** One entry with the private content that is still there. */
export async function entry(context: Context, caller: Caller, index: number): Promise<EntryView> {
  requireReader(caller, "read the log");
  requireWhole("index", index, 0, Number.MAX_SAFE_INTEGER);
  const found = await stored(context, caller, index);
  const opened: { [field: string]: { text: string } | { base64: string } } = {};
  for (const field of Object.keys(found.value.private ?? {})) {
    const content = (await context.ledger.openPrivate(index, field))?.content;
    if (content !== undefined) opened[field] = readable(content);
  }
  return { ...entryView(found), opened };
}

function readable(content: Uint8Array): { readonly text: string } | { readonly base64: string } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(content) };
  } catch {
    return { base64: toBase64(content) };
  }
}

async function stored(context: Context, caller: Caller, index: number): Promise<StoredEntry> {
  const found = await context.ledger.get(index);
  if (found !== undefined && found.value.who.tenant === caller.tenant) return found;
  throw engineError({
    code: "ENTRY_NOT_FOUND",
    message: `there is no entry ${index}`,
    reason: "the caller's tenant has no entry with this index",
    next: "list the entries to find the index",
    details: { index },
  });
}

function entryView({ index, value }: StoredEntry): EntryView {
  return { index, entry: value };
}

export async function proof(context: Context, caller: Caller, index: number): Promise<string> {
  requireReader(caller, "prove entries");
  requireWhole("index", index, 0, Number.MAX_SAFE_INTEGER);
  await stored(context, caller, index);
  return exportProof(context.ledger, index);
}

/** The head says nothing about anybody, so every caller may compare it. */
export async function head(context: Context, caller: Caller): Promise<Head> {
  checkCaller(caller);
  return context.ledger.head();
}

export async function checkpoint(context: Context, caller: Caller): Promise<string> {
  checkCaller(caller);
  return context.ledger.checkpoint();
}
