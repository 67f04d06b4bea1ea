import { ENTRY_KINDS, isKind } from "@writ/ledger";
import type { EntryKind } from "@writ/ledger";

import { invalidRequest } from "./errors.ts";

/** One of `kinds`, or `x.<name>`; what is neither would silently fit no entry. Throws `REQUEST_INVALID`. */
export function requireKind(field: string, value: unknown, kinds: readonly EntryKind[] = ENTRY_KINDS): EntryKind {
  if (isKind(value) && (value.startsWith("x.") || kinds.includes(value))) return value;
  throw invalidRequest(field, `it is \`x.<name>\` or one of: ${near(String(value), kinds).join(", ")}`);
}

/** The kinds that share a word with `text`, else all. */
function near(text: string, kinds: readonly EntryKind[]): readonly EntryKind[] {
  const words = new Set(text.toLowerCase().split(/[^a-z]+/));
  const found = kinds.filter((kind) => kind.split(".").some((word) => words.has(word)));
  return found.length > 0 ? found : kinds;
}
