import { randomBytes } from "node:crypto";
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { formatUuid, uuidv7 } from "@writ/canon";
import { openSqlite } from "@writ/store";
import type { Database } from "@writ/store";

import type { HeadSigner } from "../src/head-signer.ts";
import type { OpenLedger } from "../src/log-ledger.ts";
import { openLedger } from "../src/open-ledger.ts";
import type { OpenLedgerOptions } from "../src/open-ledger.ts";
import type { NewEntry } from "../src/port.ts";
import { memorySigner } from "./memory-signer.ts";

export const ORIGIN = "test.example/log";

/** Far above what any test leaves there at a time; containers often have 64 MB. */
const ROOM_BYTES = 512 * 1024 * 1024;

/** In memory where the system has such a folder with room: for thousands of small files. */
export const MEMORY_FOLDER: string = hasRoom("/dev/shm") ? "/dev/shm" : tmpdir();

function hasRoom(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    return false;
  }
}

/** A fresh folder that is removed when the test ends. */
export function freshFolder(base: string = tmpdir()): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(base, "writ-ledger-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function newId(): string {
  return formatUuid(uuidv7(Date.now(), randomBytes(10)));
}

export function newEntry(fields: Partial<NewEntry> = {}): NewEntry {
  return { id: newId(), kind: "x.test", who: { tenant: "local" }, data: { step: 1 }, ...fields };
}

/** The machine's clock and random bytes. */
export function systemPorts() {
  return { clock: { now: () => Date.now() }, random: (bytes: number) => randomBytes(bytes) };
}

export function open(
  folder: string,
  signer: HeadSigner = memorySigner(ORIGIN),
  options: Partial<OpenLedgerOptions> & { wrap?: (database: Database) => Database } = {},
): Promise<OpenLedger> {
  const { wrap = (database) => database, ...rest } = options;
  return openLedger({
    database: wrap(openSqlite({ path: join(folder, "log.db") })),
    signer,
    ...systemPorts(),
    origin: ORIGIN,
    ...rest,
  });
}
