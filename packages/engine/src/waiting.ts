import { engineError } from "./errors.ts";
import type { StoredAction } from "./views/fold.ts";
import type { Views } from "./views/views.ts";

/** Waiting callers in one process; each holds a timer and a listener. */
const WAITERS_MAX = 10_000;

export interface Wait {
  readonly tenant: string;
  readonly id: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly isThere: (action: StoredAction) => boolean;
  /** The action as it stands. */
  readonly now: () => Promise<StoredAction>;
}

/** Callers that wait for actions to change. */
export class Waiting {
  readonly #views: Views;
  readonly #enders = new Set<() => void>();
  #closed = false;

  constructor(views: Views) {
    this.#views = views;
  }

  /** Resolves when the action is as wished, the time is over, the signal aborts, or the engine closes. */
  async until(wait: Wait): Promise<void> {
    if (this.#closed) return;
    if (this.#enders.size >= WAITERS_MAX) throw busy();
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#views.listen(({ action }) => {
      if (
        action !== null &&
        action.record.id === wait.id &&
        action.record.tenant === wait.tenant &&
        wait.isThere(action)
      ) {
        resolve();
      }
    });
    const timer = setTimeout(resolve, wait.timeoutMs);
    const onAbort = (): void => resolve();
    wait.signal?.addEventListener("abort", onAbort, { once: true });
    this.#enders.add(resolve);
    try {
      // The listener is there before the look, so that no change falls between them.
      if (wait.signal?.aborted !== true && !wait.isThere(await wait.now())) await promise;
    } finally {
      stop();
      clearTimeout(timer);
      wait.signal?.removeEventListener("abort", onAbort);
      this.#enders.delete(resolve);
    }
  }

  /** Wakes all, and lets nobody wait any more. */
  close(): void {
    this.#closed = true;
    for (const end of this.#enders) end();
  }
}

function busy() {
  return engineError({
    code: "ENGINE_BUSY",
    message: `${WAITERS_MAX} callers wait already`,
    reason: "every wait is bounded",
    next: "ask for the action's state instead of waiting",
  });
}
