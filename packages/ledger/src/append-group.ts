import { invalidEntry, tooLarge } from "./ledger-error.ts";
import type { NewEntry } from "./port.ts";
import { BATCH_ENTRIES_MAX } from "./queue.ts";

const GUARDS_MAX = 64;
const GUARD_LENGTH_MAX = 512;

/** Refuses a group without entries, with too many, or with an id twice. */
export function checkGroup(group: readonly NewEntry[]): void {
  if (!Array.isArray(group) || group.length === 0)
    throw invalidEntry("the group has no entries", "an append writes something");
  if (group.length > BATCH_ENTRIES_MAX) throw tooLarge("the group of entries", group.length, BATCH_ENTRIES_MAX);
  if (new Set(group.map(({ id }) => id)).size === group.length) return;
  throw invalidEntry("two entries of the group have the same id", "an id names one entry");
}

/** The guards of a group, each once: 1 to 512 UTF-16 units, well-formed, without NUL, which no column holds. */
export function checkGuards(once: readonly string[]): readonly string[] {
  if (once.length > GUARDS_MAX) throw tooLarge("the list of guards", once.length, GUARDS_MAX);
  for (const key of once) {
    if (
      typeof key === "string" &&
      key.length > 0 &&
      key.length <= GUARD_LENGTH_MAX &&
      key.isWellFormed() &&
      !key.includes("\0")
    )
      continue;
    throw invalidEntry("a guard is not a text of 1 to 512 characters", "guards are keys");
  }
  return [...new Set(once)];
}
