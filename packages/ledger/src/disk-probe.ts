import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";

import { storeError } from "@writ/store";

import { ledgerError } from "./ledger-error.ts";

/** More than one commit adds to the files of a log: a full group of entries and the pages it changes. */
const PROBE_BYTES = 2 ** 20;

/**
 * Whether the disk beside a log takes what a commit takes: a file of its own, through no handle that is open already,
 * written, synced and removed. A database can answer from pages it holds while the disk is full.
 *
 * @throws WritError `STORE_FULL`, or `LEDGER_FULL` for what else keeps files from being written there.
 */
export function probeDisk(path: string): void {
  const file = `${path}.probe-${process.pid}`;
  try {
    const handle = openSync(file, "w", 0o600);
    try {
      // Not zeros: some file systems keep none of them.
      writeWhole(handle, Buffer.alloc(PROBE_BYTES, "writ"));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    rmSync(file, { force: true });
  } catch (error) {
    remove(file);
    throw unwritable(path, error);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // What kept it from being written is what matters.
  }
}

function writeWhole(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength;) at += writeSync(handle, bytes, at);
}

function unwritable(path: string, cause: unknown): Error {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
  if (code === "ENOSPC" || code === "EDQUOT")
    return storeError({ code: "STORE_FULL", message: `no space beside \`${path}\`: \`${code}\``, cause });
  return ledgerError({
    code: "LEDGER_FULL",
    message: `nothing can be written beside \`${path}\`: \`${code}\``,
    reason: "nothing that needs a record may happen without one",
    next: "mend the rights or the mount of that folder; the log goes on by itself",
    cause,
  });
}
