import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below what Linux gives by itself to connections and to port 0, so that nobody gets it between here and its use. */
const PORTS = { least: 20_000, end: 32_000 } as const;
const TRIES_MAX = 100;

/** A port of 127.0.0.1 on which nobody listens now; drawn, so that two runs of the tests at once hardly meet. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
    const port = randomInt(PORTS.least, PORTS.end);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port among ${String(TRIES_MAX)} that were drawn`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
