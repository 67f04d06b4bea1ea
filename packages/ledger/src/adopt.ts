import { existsSync, linkSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";

import { toHex } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import { openSqlite, syncFolder } from "@writ/store";

import { examineLog } from "./adoption-case.ts";
import type { AdoptionCase } from "./adoption-case.ts";
import type { HeadSigner } from "./head-signer.ts";
import { ledgerError } from "./ledger-error.ts";
import { newOrigin } from "./new-log.ts";
import { LEDGER_APPLICATION_ID } from "./open-ledger-file.ts";
import { openLedger } from "./open-ledger.ts";
import { lockOwner } from "./owner-lock.ts";

export interface AdoptOptions {
  /** The database file of the log that was found rolled back, removed or exchanged. */
  readonly path: string;
  /** The log known to belong there, where that is remembered apart from it; with more than one, the older first. */
  readonly known?: readonly string[];
  /** Name of the log that begins; made when absent. */
  readonly origin?: string;
  /** Opens the signer of a log by its name, of the old one and of the new one; the caller closes it. */
  readonly signer: (origin: string) => HeadSigner | Promise<HeadSigner>;
  /** Why the newest copy is given up: kept as private content of the first entry. */
  readonly reason: string;
  /** Who decided, as an opaque id. */
  readonly approver: string;
  /** Shown what was found before anything is made; nothing happens unless it answers true. */
  readonly confirm: (found: AdoptionCase) => boolean | Promise<boolean>;
  /** Told the name of the new log just before it takes the old one's place. */
  readonly announce?: (origin: string) => void;
  readonly clock: { now(): number };
  readonly random: (bytes: number) => Uint8Array;
}

export interface Adoption {
  readonly origin: string;
  readonly found: AdoptionCase;
  /** Where the old file lies now, beside the new one; undefined when there was none. */
  readonly kept: string | undefined;
  /** The first checkpoint of the new log. */
  readonly checkpoint: string;
}

/**
 * Goes on after `ROLLBACK_DETECTED` (spec ledger.md §13.5): a new log, of a new name and key, takes the place of the
 * old one, and its first entry records what was found. Nothing of the old log counts in the new one: no open hold, no
 * ticket, no approval. The old file is kept beside it, and its signer still knows that it is old. Undefined when
 * `confirm` said no. Throws `ADOPT_REFUSED` when there is nothing to adopt, `LEDGER_OWNED` while somebody has the log.
 */
export async function adoptLog(options: AdoptOptions): Promise<Adoption | undefined> {
  const { path, random } = options;
  const lock = await lockOwner({ path });
  try {
    const found = await examineLog(options);
    if (!(await options.confirm(found))) return undefined;
    const origin = options.origin ?? newOrigin(random);
    const kept = found.size === undefined ? undefined : `${path}.before-${toHex(random(8))}`;
    const checkpoint = await beginNext(options, { found, origin, kept });
    options.announce?.(origin);
    takePlace(path, kept);
    return { origin, found, kept, checkpoint };
  } finally {
    await lock.release();
  }
}

interface Next {
  readonly found: AdoptionCase;
  readonly origin: string;
  readonly kept: string | undefined;
}

/** The new log, whole and closed, under another name; what an earlier attempt left there is removed. */
async function beginNext(options: AdoptOptions, { found, origin, kept }: Next): Promise<string> {
  const path = nextPath(options.path);
  for (const ending of ["", "-wal", "-shm"]) rmSync(`${path}${ending}`, { force: true });
  const signer = await options.signer(origin);
  requireFresh(origin, found, await signer.state());
  const ledger = await openLedger({
    database: openSqlite({ path, applicationId: LEDGER_APPLICATION_ID }),
    signer,
    origin,
    clock: options.clock,
    random: options.random,
    opening: {
      who: { tenant: "local", approver: options.approver },
      data: { adopted: factsOf(found, kept) },
      private: { reason: { content: Buffer.from(options.reason), type: "text/plain" } },
    },
  });
  try {
    return await ledger.checkpoint();
  } finally {
    await ledger.close();
  }
}

function requireFresh(origin: string, found: AdoptionCase, signed: unknown): void {
  if (origin !== found.origin && signed === undefined) return;
  throw refused(
    `\`${origin}\` has a history already`,
    "the new log must not be taken for the old one, nor for another",
    "choose a name that was never used, or leave it to Writ",
  );
}

/** What the first entry says for ever about the log before it. */
function factsOf(found: AdoptionCase, kept: string | undefined): JsonValue {
  const { origin, why, size, root, checkpoint, signed } = found;
  return {
    origin,
    why,
    ...(size === undefined ? {} : { size }),
    ...(root === undefined ? {} : { root: toHex(root) }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(signed === undefined ? {} : { signed: { size: signed.size, root: toHex(signed.root) } }),
    ...(kept === undefined ? {} : { kept: basename(kept) }),
  };
}

/** INVARIANT: at every moment one whole log lies at `path`, the old or the new one. */
function takePlace(path: string, kept: string | undefined): void {
  for (const file of [path, nextPath(path)]) requireFolded(file);
  if (kept !== undefined) linkSync(path, kept);
  renameSync(nextPath(path), path);
  syncFolder(dirname(path));
}

/** A write-ahead log that is left behind would be read into the other file. */
function requireFolded(path: string): void {
  const wal = `${path}-wal`;
  if (!existsSync(wal) || statSync(wal).size === 0) return;
  throw refused(
    `\`${wal}\` still holds something`,
    "another process has the file open",
    "stop that process, and run it again",
  );
}

function nextPath(path: string): string {
  return `${path}.adopting`;
}

function refused(message: string, reason: string, next: string): Error {
  return ledgerError({ code: "ADOPT_REFUSED", message, reason, next });
}
