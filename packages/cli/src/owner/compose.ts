import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openEngine, type Caller, type Engine, type EngineOptions } from "@writ/engine";
import { isWritError } from "@writ/canon";
import { formatVkey } from "@writ/ledger";
import { detectSandbox } from "@writ/runner";
import { checkpointWal, openSqlite } from "@writ/store";
import type { Homes } from "../homes.ts";
import { createExecution } from "./execution.ts";
import { makeHomeFolder, requireOwnFolders } from "./home-folder.ts";
import { openLog, type Signer } from "./open-log.ts";
import { readPolicySource, watchPolicySource } from "./policy-source.ts";

export interface Composed {
  readonly engine: Engine;
  readonly localOperator: Caller;
  close(): Promise<void>;
}

/** Who speaks on the Unix socket: the OS user that owns it, who can read everything here anyway. */
export const LOCAL_OPERATOR: Caller = {
  tenant: "local",
  principal: { type: "operator", id: "local" },
  onBehalfOf: [],
  rights: "operator",
  auth: "socket",
  credential: "socket",
};

/** Puts the real parts together: SQLite, the file signer, the policies on disk, the sandboxed runner. */
export async function composeEngine(homes: Homes, options: { readonly trial: boolean }): Promise<Composed> {
  for (const folder of [homes.data, dirname(homes.socket)]) makeHomeFolder(folder);
  requireOwnFolders(homes);
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const { ledger, signer } = await openLog(homes, random);
  const viewsPath = join(homes.data, "views.db");
  try {
    const engine = await openOverViews(viewsPath, {
      ledger,
      policySet: await readPolicySource(homes),
      offeredPolicies: watchPolicySource(homes),
      clock: Date.now,
      random,
      execution: { ...createExecution(homes), sandboxed: (await detectSandbox()).available },
      trial: options.trial,
      truncateViews: () => cutWal(viewsPath),
      ...publicKey(signer),
    });
    const parts = [engine, ledger, ...(signer === undefined ? [] : [signer])];
    return { engine, localOperator: LOCAL_OPERATOR, close: () => closeAll(parts) };
  } catch (error) {
    await closeAll([ledger, ...(signer === undefined ? [] : [signer])]);
    throw error;
  }
}

/** Views are derived, so a file that cannot be read is no reason to stop: it is made anew from the log. */
async function openOverViews(path: string, options: Omit<EngineOptions, "views">): Promise<Engine> {
  const open = (): Promise<Engine> => openEngine({ ...options, views: openSqlite({ path, durable: "rebuildable" }) });
  try {
    return await open();
  } catch (error) {
    if (!isWritError(error, "STORE_FORMAT")) throw error;
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    return open();
  }
}

/** Tries until no reader is in the way: what was erased must not stay readable in the write-ahead log. */
async function cutWal(path: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (!checkpointWal(path, "truncate").busy) return;
    await setTimeout(50);
  }
}

/** The key as a verifier's policy file holds it. */
function publicKey(signer: Signer | undefined): { readonly signer?: string } {
  const [key] = signer?.verifiers ?? [];
  return key === undefined ? {} : { signer: formatVkey(key) };
}

/** Closes in order, each whatever became of the others. */
async function closeAll(parts: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const part of parts) await part.close().catch(() => {});
}
