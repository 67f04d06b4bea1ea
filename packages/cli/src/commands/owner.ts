import { closeSync, writeSync } from "node:fs";
import { classify } from "@writ/api/client";
import { WritError } from "@writ/canon";
import { failureBody } from "@writ/server";
import type { CommonOptions } from "../command.ts";
import { resolveHomes } from "../homes.ts";
import { firstSignal } from "../terminal/first-signal.ts";

/** An owner that nobody has asked anything for this long ends itself. */
const IDLE_MS = 30_000;

/** `writ owner` (internal): the background owner; says on the given descriptor that it is ready, or why not. */
export async function runOwner(options: CommonOptions & { readonly readyFd?: string }): Promise<number> {
  const ready = options.readyFd === undefined ? undefined : Number(options.readyFd);
  const tell = (line: string): void => {
    if (ready === undefined) return;
    try {
      writeSync(ready, `${line}\n`);
    } catch {
      // The command that started this owner waits no more; the next one finds it.
    }
    closeSync(ready);
  };
  const stopped = firstSignal();
  const { startOwner } = await import("../owner/serve.ts");
  let owner;
  try {
    owner = await startOwner({ homes: resolveHomes(process.env, options.home), idleMs: IDLE_MS, trial: false });
  } catch (error) {
    if (!(error instanceof WritError)) throw error;
    tell(JSON.stringify(failureBody(error, classify(error.code).status)));
    return classify(error.code).exit;
  }
  tell("ready");
  await Promise.race([stopped, owner.idle]);
  await owner.close();
  return 0;
}
