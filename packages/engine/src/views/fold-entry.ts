import { parseJson } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import type { EntryRef, Ledger, StoredEntry, Who } from "@writ/ledger";

/** What folding may look at: the same for an entry just committed and for one read from the log. */
export interface FoldEntry {
  readonly index: number;
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly run: string | null;
  readonly who: Who;
  readonly refs: readonly EntryRef[];
  readonly data: { readonly [key: string]: JsonValue };
  /** Private fields the views keep, as text; absent once erased. */
  readonly opened: { readonly [field: string]: string };
}

/** Private fields that views show, by kind; erasure takes them out again. */
export const VIEWED_FIELDS: { readonly [kind: string]: readonly string[] } = {
  "policy.decision": ["contract"],
  "x.governance.changed": ["mode_input"],
  "x.token.created": ["label"],
};

/** A stored entry with the private fields that views need. */
export async function readFoldEntry(ledger: Ledger, stored: StoredEntry): Promise<FoldEntry> {
  const { index, value } = stored;
  const opened: { [field: string]: string } = {};
  for (const field of viewedFields(value.kind, value.data)) {
    if (value.private?.[field] === undefined) continue;
    const found = await ledger.openPrivate(index, field);
    if (found !== undefined) opened[field] = new TextDecoder("utf-8", { fatal: true }).decode(found.content);
  }
  const { id, kind, at, who, data } = value;
  return { index, id, kind, at, run: value.run ?? null, who, refs: value.refs ?? [], data, opened };
}

/** Only a proposal's contract is kept: later decisions about the action hold the same one. */
export function viewedFields(kind: string, data: FoldEntry["data"]): readonly string[] {
  if (kind === "policy.decision" && data["purpose"] !== "propose") return [];
  return VIEWED_FIELDS[kind] ?? [];
}

const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;

/** A document that this room stored as text. */
export function parseDocument(text: string): JsonValue {
  return parseJson(text, { maxBytes: DOCUMENT_BYTES_MAX });
}

/** A text of an entry's data; entries of this room always have it. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
