import type { JsonValue } from "@writ/canon";
import type { EntryKind } from "@writ/ledger";

import type { Context } from "./context.ts";
import { engineError } from "./errors.ts";
import type { Caller } from "./port.ts";

export type Claimed =
  | { readonly ok: true; readonly index: number }
  /** Somebody has it already; `data` is of the entry that claimed it, and to be shown to its own tenant alone. */
  | {
      readonly ok: false;
      readonly guard: string;
      readonly tenant: string;
      readonly data: { readonly [key: string]: JsonValue };
    };

/** Claims facts that happen once, under guards of the log, with the entry that says who did (ARCHITECTURE.md §2). */
export async function claimOnce(
  context: Context,
  caller: Caller,
  claim: {
    readonly kind: EntryKind;
    readonly data: { readonly [key: string]: JsonValue };
    readonly once: readonly string[];
  },
): Promise<Claimed> {
  const { kind, data, once } = claim;
  const written = await context.journal.write({ tenant: caller.tenant, caller }, [{ kind, data }], once);
  if (written.ok) return { ok: true, index: written.entries[0]?.index ?? 0 };
  const entry = await context.ledger.get(written.index);
  if (entry === undefined) throw guardWithoutEntry(written.guard);
  const { who, data: claimed } = entry.value;
  return { ok: false, guard: written.guard, tenant: who.tenant, data: claimed };
}

function guardWithoutEntry(guard: string) {
  return engineError({
    code: "VIEWS_CORRUPT",
    message: `guard \`${guard}\` names an entry that the log does not have`,
    reason: "a guard is written with its entry",
    next: "verify the log",
  });
}
