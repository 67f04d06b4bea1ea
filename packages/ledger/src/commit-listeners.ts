/** Those who want to hear of each commit. */
export type CommitListeners = ReadonlySet<(size: number) => void>;

/** Calls the listeners once for each size, whether our own commit made it or another node's. */
export function growth(size: number, listeners: CommitListeners): (size: number) => void {
  let seen = size;
  return (now) => {
    if (now <= seen) return;
    seen = now;
    tell(listeners, now);
  };
}

/** A listener's failure is the listener's: the commit has happened. */
function tell(listeners: CommitListeners, size: number): void {
  for (const listener of listeners) {
    try {
      listener(size);
    } catch (error) {
      process.emitWarning(`a commit listener failed: ${String(error)}`);
    }
  }
}
