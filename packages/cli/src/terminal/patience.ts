import { WritError } from "@writ/canon";
import { SIGNALS } from "./first-signal.ts";

/** How long after a signal an answer is still waited for: what it says may be done already. */
const PATIENCE_MS = 2_000;

/**
 * What `request` comes to. A signal ends the waiting, yet not at once, and aborts what `request` was handed.
 *
 * @throws WritError `INTERRUPTED`, or what `request` threw.
 */
export async function patiently<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const end = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => {
    end.abort();
    reject(interrupted());
  };
  const hurry = (): void => void setTimeout(stop, PATIENCE_MS).unref();
  for (const name of SIGNALS) process.on(name, hurry);
  try {
    return await Promise.race([request(end.signal), promise]);
  } catch (error) {
    throw end.signal.aborted ? interrupted() : error;
  } finally {
    for (const name of SIGNALS) process.removeListener(name, hurry);
  }
}

function interrupted(): WritError {
  return new WritError({
    code: "INTERRUPTED",
    message: "stopped waiting for the owner of the log",
    reason: "a signal asked to end; what was asked may still be done",
    next: "`writ status` says what is unfinished, `writ recover` ends it",
  });
}
