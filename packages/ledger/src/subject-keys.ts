import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

import { sha256Hex } from "@writ/canon";
import { syncFolder } from "@writ/store";

import { ledgerError } from "./ledger-error.ts";
import type { SubjectKeys } from "./sealed-vault.ts";

const KEY_BYTES = 32;

/**
 * Keys of subjects as files of one folder, mode 0600 in 0700, named by a digest of the subject's id. The folder belongs
 * to the key home and into no backup of the database: with a file gone, every copy of that person's content is unreadable.
 * Throws `KEY_INVALID` for a file that is not a key.
 */
export function openSubjectKeys(folder: string, random: (bytes: number) => Uint8Array): SubjectKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pathOf = (subject: string) => join(folder, `${sha256Hex(`writ.subject.v1\n${subject}`)}.key`);
  const find = (subject: string) => readKey(pathOf(subject));
  return {
    async make(subject) {
      const known = find(subject);
      if (known !== undefined) return known;
      const key = Uint8Array.from(random(KEY_BYTES));
      writeDurably(folder, pathOf(subject), key);
      return key;
    },
    find: (subject) => Promise.resolve(find(subject)),
    destroy(subject) {
      const path = pathOf(subject);
      if (find(subject) !== undefined) overwrite(path);
      rmSync(path, { force: true });
      syncFolder(folder);
      return Promise.resolve();
    },
  };
}

function readKey(path: string): Uint8Array | undefined {
  let key: Uint8Array;
  try {
    key = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  if (key.length === KEY_BYTES) return key;
  throw ledgerError({
    code: "KEY_INVALID",
    message: `\`${path}\` is not a subject's key`,
    reason: "it does not have 32 bytes",
    next: "restore the key home; without the key the content stays closed",
  });
}

/** The whole key or no key: a crash never leaves half of one under its name. */
function writeDurably(folder: string, path: string, key: Uint8Array): void {
  const draft = `${path}.new`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, key);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(folder);
}

function overwrite(path: string): void {
  const file = openSync(path, "r+");
  try {
    writeSync(file, new Uint8Array(KEY_BYTES), 0, KEY_BYTES, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
