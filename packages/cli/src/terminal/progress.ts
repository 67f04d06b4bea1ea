import { printable } from "./printable.ts";

/** A wait that is shorter is not worth a line. */
const UNSAID_MS = 1_000;

/** Where a person watches; nobody does where it is no terminal. */
export interface Watched {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What `work` comes to; when it takes over a second, `doing` and the seconds so far stand on one line until it ends. */
export async function saying<T>(doing: string, work: Promise<T>, watched: Watched = process.stderr): Promise<T> {
  if (watched.isTTY !== true) return work;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    watched.write(`\r${printable(doing)} … ${String(seconds)} s`);
  }, UNSAID_MS).unref();
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (seconds > 0) watched.write("\r\u001b[K");
  }
}
