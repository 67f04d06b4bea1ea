/** Signals that ask a process to end. */
export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal that asks this process to end. A second one ends it at once, as the system's default is. */
export function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of SIGNALS) process.once(name, () => resolve(name));
  });
}
