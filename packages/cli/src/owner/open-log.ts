import { join } from "node:path";
import { WritError } from "@writ/canon";
import {
  connectSigner,
  openFileSigner,
  openLedger,
  openLedgerFile,
  openSubjectKeys,
  sealedVault,
  type LocalSigner,
  type OpenLedger,
  type RemoteSigner,
} from "@writ/ledger";
import { openPostgres } from "@writ/store";
import type { Homes } from "../homes.ts";
import { makeHomeFolder } from "./home-folder.ts";
import { clearTextLint } from "./clear-text.ts";
import { rememberLog, requireKnownLog } from "./known-log.ts";

export type Signer = LocalSigner | RemoteSigner;

export interface OpenedLog {
  readonly ledger: OpenLedger;
  readonly signer: Signer | undefined;
}

/**
 * Opens the log: the file under the data home, of which this process becomes the owner, or the PostgreSQL database
 * that WRIT_DATABASE names, which several nodes share.
 */
export async function openLog(homes: Homes, random: (bytes: number) => Uint8Array): Promise<OpenedLog> {
  requireClock(Date.now());
  const opened: { signer?: Signer } = {};
  const address = databaseAddress(process.env["WRIT_DATABASE"]);
  const signer = async (origin: string): Promise<Signer> => {
    if (address !== undefined) return (opened.signer = await openSigner(homes, origin));
    // Asked before anything is signed, so that a log in the wrong place is not even begun.
    requireKnownLog(homes, origin);
    opened.signer = await openSigner(homes, origin);
    rememberLog(homes, origin);
    return opened.signer;
  };
  const lint = clearTextLint(process.env["WRIT_CLEAR_TEXT"], (line) => void process.stderr.write(`${line}\n`));
  const common = { signer, clock: { now: Date.now }, random, lint };
  const ledger =
    address === undefined
      ? await openLedgerFile({ ...common, path: join(homes.data, "log.db"), socket: homes.socket })
      : await openLedger({
          ...common,
          database: await openDatabase(address),
          // Copies of rows outlive deletes there, so content is sealed and erased by its key.
          vault: sealedVault(openSubjectKeys(join(homes.keys, "subjects"), random), random),
        });
  return { ledger, signer: opened.signer };
}

/** The last millisecond that an instant can say (RFC 3339). */
const YEAR_9999_MS = 253_402_300_799_999;

/** @throws WritError `CLOCK_INVALID`. */
function requireClock(now: number): void {
  if (now >= 0 && now <= YEAR_9999_MS) return;
  throw new WritError({
    code: "CLOCK_INVALID",
    message: `the clock of this machine says ${new Date(now).toISOString()}`,
    reason: "ids, entries and expiries carry the time, from 1970 to 9999",
    next: "set the clock (`timedatectl`), then run the command again",
  });
}

/** An empty address would be whatever database the system's user has by default. */
function databaseAddress(address: string | undefined): string | undefined {
  if (address === undefined || /^(\/|postgres(ql)?:\/\/)/.test(address)) return address;
  throw noDatabase(address === "" ? "it is empty" : "it does not begin with `postgres://`");
}

/** @throws WritError of the store, or `USAGE` for an address that cannot even be read. */
async function openDatabase(connectionString: string): ReturnType<typeof openPostgres> {
  try {
    return await openPostgres({ connectionString });
  } catch (cause) {
    if (cause instanceof WritError) throw cause;
    throw noDatabase(`it cannot be read: ${(cause as NodeJS.ErrnoException).code ?? "no URL"}`);
  }
}

/** INVARIANT: quotes nothing of the address, which may hold a password. */
function noDatabase(reason: string): WritError {
  return new WritError({
    code: "USAGE",
    message: "WRIT_DATABASE names no PostgreSQL database",
    reason,
    next: "set it to something like `postgres://127.0.0.1/writ`, or unset it for a log in the data home",
  });
}

/** The signer's process where WRIT_SIGNER names its socket, else the key file under the key home. */
export function openSigner(homes: Homes, origin: string): Promise<Signer> {
  const socket = process.env["WRIT_SIGNER"];
  if (socket !== undefined) return connectSigner(socket);
  makeHomeFolder(homes.keys);
  return openFileSigner({ keyHome: homes.keys, dataHome: homes.data, origin, create: true });
}
