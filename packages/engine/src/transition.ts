import type { Contract } from "@writ/kernel";

import type { Context } from "./context.ts";
import { actionNotFound, concurrentChange, engineError } from "./errors.ts";
import type { EngineError } from "./errors.ts";
import type { Draft, Scope } from "./journal.ts";
import type { Caller } from "./port.ts";
import { samePrincipal } from "./principal.ts";
import type { ActionRecord } from "./views/action-record.ts";
import type { StoredAction } from "./views/fold.ts";
import { parseDocument } from "./views/fold-entry.ts";

/** What a step of an action's life writes. */
export interface Plan {
  readonly drafts: readonly Draft[];
  readonly once?: readonly string[];
  /** Who is recorded as acting; nobody when Writ acts by itself. */
  readonly caller?: Caller;
  /** Thrown once the entries are durable: the caller's wish failed, and that is on record. */
  readonly refusal?: EngineError;
  /** Ask again on what the entries made of the action: the step had to be preceded by another. */
  readonly again?: boolean;
}

/** Tries against others who change the same action at the same time. */
const TRIES_MAX = 16;

/**
 * Moves one action by one step. INVARIANT: every step claims the action's next version as a guard, so steps of all
 * processes come one after the other, each planned on exactly the state it changes; who comes second plans anew.
 * A step that has nothing to write answers `undefined`.
 */
export async function transition(
  context: Context,
  place: { readonly tenant: string; readonly id: string },
  plan: (action: StoredAction) => Plan | undefined,
): Promise<StoredAction> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    await context.refresh();
    const action = await findAction(context, place.tenant, place.id);
    const planned = plan(action);
    if (planned === undefined) return action;
    const written = await context.journal.write(scopeOf(action.record, planned.caller), planned.drafts, [
      versionGuard(action.record),
      ...(planned.once ?? []),
    ]);
    if (!written.ok || planned.again === true) continue;
    if (planned.refusal !== undefined) throw planned.refusal;
    return findAction(context, place.tenant, place.id);
  }
  throw concurrentChange(`action \`${place.id}\``);
}

function versionGuard({ tenant, id, version }: ActionRecord): string {
  return `action:${tenant}:${id}:v${version}`;
}

export function scopeOf(record: ActionRecord, caller: Caller | undefined): Scope {
  const scope = { tenant: record.tenant, run: record.run ?? record.id };
  return caller === undefined ? scope : { ...scope, caller };
}

export async function findAction({ views }: Context, tenant: string, id: string): Promise<StoredAction> {
  const action = await views.action(tenant, id);
  if (action === undefined) throw actionNotFound(id);
  return action;
}

/** Agents see their own actions; to them the others do not exist. */
export function requireVisible(caller: Caller, { record }: StoredAction): void {
  if (caller.rights === "agent" && !isProposer(caller, record)) throw actionNotFound(record.id);
}

export function isProposer(caller: Caller, record: ActionRecord): boolean {
  return samePrincipal(caller.principal, record.principal);
}

/** The contract of an action that may still happen. Throws `ACTION_ERASED`. */
export function contractOf({ record, contract }: StoredAction): { readonly contract: Contract; readonly text: string } {
  if (contract !== null) return { contract: parseDocument(contract) as unknown as Contract, text: contract };
  throw engineError({
    code: "ACTION_ERASED",
    message: `the contract of action \`${record.id}\` was erased`,
    reason: "what cannot be shown can be neither decided nor run",
    next: "propose the action again",
    details: { id: record.id },
  });
}
