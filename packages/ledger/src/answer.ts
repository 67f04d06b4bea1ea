import type { Written } from "./commit.ts";
import { HASH_BYTES } from "./hash.ts";
import type { Verdict } from "./plan.ts";
import type { Appended } from "./port.ts";
import type { Waiting } from "./queue.ts";

/** Fails every group of a batch with one error. */
export function refuse(batch: readonly Waiting[], error: unknown): void {
  for (const group of batch) group.fail(error);
}

/** Where the entries of a written group lie; `position` is that of its first among all that was written. */
export function appended(verdict: Verdict & { is: "write" }, written: Written, position: number): Appended[] {
  return verdict.placed.map(({ entry, index }, offset) => {
    const start = (position + offset) * HASH_BYTES;
    return { id: entry.id, index, leaf: written.leaves.subarray(start, start + HASH_BYTES), at: entry.at };
  });
}

/** Where the entries of a repeated group have been lying. */
export function foundAgain(group: Waiting, verdict: Verdict & { is: "duplicate" }): Appended[] {
  return verdict.found.map(({ index, leaf, at }, position) => ({
    id: group.entries[position]?.id ?? "",
    index,
    leaf,
    at,
  }));
}
