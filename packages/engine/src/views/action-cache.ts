import type { StoredAction } from "./fold.ts";
import { actionKey } from "./fold.ts";

/** Actions kept in memory: about two kilobytes each, and their contracts. */
const ACTIONS_MAX = 4_096;
/** Contracts are up to 100 KiB; together they stay below this many characters. */
const CONTRACT_CHARS_MAX = 32 * 1024 * 1024;

/** The actions used last. INVARIANT: equal to the table at the views' position. */
export class ActionCache {
  readonly #actions = new Map<string, StoredAction>();
  #chars = 0;

  get(tenant: string, id: string): StoredAction | undefined {
    const key = actionKey(tenant, id);
    const found = this.#actions.get(key);
    if (found === undefined) return undefined;
    this.#actions.delete(key);
    this.#actions.set(key, found);
    return found;
  }

  set(action: StoredAction): void {
    const { tenant, id } = action.record;
    this.drop(actionKey(tenant, id));
    this.#actions.set(actionKey(tenant, id), action);
    this.#chars += action.contract?.length ?? 0;
    while (this.#actions.size > ACTIONS_MAX || this.#chars > CONTRACT_CHARS_MAX) {
      const oldest = this.#actions.keys().next();
      if (oldest.done === true) return;
      this.drop(oldest.value);
    }
  }

  drop(key: string): void {
    this.#chars -= this.#actions.get(key)?.contract?.length ?? 0;
    this.#actions.delete(key);
  }

  clear(): void {
    this.#actions.clear();
    this.#chars = 0;
  }
}
