import { existsSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";

import { isWritError, type JsonValue } from "@writ/canon";
import { syncFolder } from "@writ/store";

import { assertKeyHome, replacePrivateFile } from "./key-file-safety.ts";
import { keyFileBytes, readKeyFile } from "./key-file.ts";
import { signerError } from "./signer-error.ts";
import { type FileSignerOptions, makeKeyFile, signerPaths } from "./signer-file.ts";
import { parseVkey } from "./vkey.ts";

/** `data` of a `key.added` entry: from its checkpoint on, both keys sign. Verifiers take it for a hint only. */
export interface KeyAdded {
  readonly vkey: string;
}

/** `data` of a `key.retired` entry: the key's signature counts up to this size of the log. */
export interface KeyRetired {
  readonly vkey: string;
  readonly last_size: number;
}

/**
 * Makes the successor of a log's key. Append the answer as `key.added` and have it signed by the signer that is
 * open; signers opened from then on sign with both keys. Called again, it answers the same.
 */
export async function addSuccessorKey(options: FileSignerOptions): Promise<KeyAdded> {
  const paths = signerPaths(assertKeyHome(options.keyHome, options.dataHome, false), options.origin);
  readKeyFile(paths.key);
  if (!existsSync(paths.next)) await makeKeyFile(paths.next, options.origin, options.passphrase);
  return { vkey: readKeyFile(paths.next).vkey };
}

/**
 * Puts the successor in the key's place; signers opened from then on sign with it alone and still believe what the
 * old one signed. Append the answer as `key.retired`. `lastSize` is the last size the old key signed.
 * Throws `KEY_MISSING` when there is no successor.
 */
export function retireKey(options: FileSignerOptions, lastSize: number): KeyRetired {
  const paths = signerPaths(assertKeyHome(options.keyHome, options.dataHome, false), options.origin);
  const old = readKeyFile(paths.key);
  const next = readKeyFile(paths.next);
  if (next.vkey !== old.vkey) {
    replacePrivateFile(paths.key, keyFileBytes({ ...next, retired: [...old.retired, old.vkey] }));
  }
  unlinkSync(paths.next);
  syncFolder(dirname(paths.key));
  return { vkey: next.vkey === old.vkey ? (old.retired.at(-1) ?? old.vkey) : old.vkey, last_size: lastSize };
}

/** The facts of a `key.added` entry. Throws `KEY_INVALID`. */
export function parseKeyAdded(data: { readonly [key: string]: JsonValue }): KeyAdded {
  const vkey = data["vkey"];
  if (Object.keys(data).length !== 1 || !isVkey(vkey)) throw invalid("key.added");
  return { vkey };
}

/** The facts of a `key.retired` entry. Throws `KEY_INVALID`. */
export function parseKeyRetired(data: { readonly [key: string]: JsonValue }): KeyRetired {
  const { vkey, last_size } = data;
  const sized = typeof last_size === "number" && Number.isSafeInteger(last_size) && last_size >= 0;
  if (Object.keys(data).length !== 2 || !sized || !isVkey(vkey)) throw invalid("key.retired");
  return { vkey, last_size };
}

function isVkey(value: JsonValue | undefined): value is string {
  if (typeof value !== "string") return false;
  try {
    parseVkey(value);
    return true;
  } catch (error) {
    if (isWritError(error)) return false;
    throw error;
  }
}

function invalid(kind: string): Error {
  return signerError({
    code: "KEY_INVALID",
    message: `the data of a \`${kind}\` entry is malformed`,
    reason: "it names a verifier key, and for a retired one the last size it signed",
    next: "write it with the functions that rotate keys",
  });
}
