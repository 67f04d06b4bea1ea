import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { sha256Hex } from "@writ/canon";

import { assertKeyHome } from "./key-file-safety.ts";
import { createKeyFile, openKeyFile, type OpenedKeyFile } from "./key-file.ts";
import { noteSigningKey } from "./note-signature.ts";
import type { Head } from "./port.ts";
import { signerError } from "./signer-error.ts";
import { createMemoryFile, openMemoryFile } from "./signer-memory-file.ts";
import { createSigner, type LocalSigner } from "./signer.ts";

export interface FileSignerOptions {
  /** Folder for keys (0700), not under the data. */
  readonly keyHome: string;
  /** The log's name. */
  readonly origin: string;
  /** Where the log's data lies; checked against `keyHome`. */
  readonly dataHome?: string;
  /** Exactly when the key is encrypted. */
  readonly passphrase?: string;
  /** Make folder, key and memory when there is no key yet. Default false. */
  readonly create?: boolean;
}

/** Paths of one log's key, its successor while there is one, and the memory. */
export interface SignerPaths {
  readonly key: string;
  readonly next: string;
  readonly memory: string;
}

/**
 * The signer whose key and memory are files under the key home (spec ledger.md §8). Throws `KEY_UNSAFE`,
 * `KEY_MISSING`, `KEY_INVALID`, `KEY_PASSPHRASE` or `SIGNER_MEMORY`.
 */
export async function openFileSigner(options: FileSignerOptions): Promise<LocalSigner> {
  const { origin, passphrase, create = false } = options;
  const paths = signerPaths(assertKeyHome(options.keyHome, options.dataHome, create), origin);
  if (create && !existsSync(paths.key)) await createKey(paths, origin, passphrase);
  const current = await openKeyFile(paths.key, origin, passphrase);
  const next = await openNextKey(paths, current, origin, passphrase);
  const memory = openMemoryFile(paths.memory);
  const keys = next === undefined ? [current.key] : [current.key, next.key];
  return createSigner({ origin, keys, retired: current.retired, memory });
}

/**
 * The last head this log's key signed, without opening the key. Throws like `openFileSigner`, save for
 * `KEY_PASSPHRASE`.
 */
export async function readSignerState(
  options: Pick<FileSignerOptions, "keyHome" | "origin" | "dataHome">,
): Promise<Head | undefined> {
  const paths = signerPaths(assertKeyHome(options.keyHome, options.dataHome, false), options.origin);
  return lastSigned(paths.memory);
}

/** File names for an origin: readable, and distinct by a digest. `home` is the real path of the key home. */
export function signerPaths(home: string, origin: string): SignerPaths {
  const readable = origin.replaceAll(/[^A-Za-z0-9.-]+/g, "_").slice(0, 60);
  const stem = join(home, `${readable}-${sha256Hex(origin).slice(0, 16)}`);
  return { key: `${stem}.key`, next: `${stem}.next.key`, memory: `${stem}.memory` };
}

/** Makes a new key at `path`; when another process is first, its key stands. */
export async function makeKeyFile(path: string, origin: string, passphrase: string | undefined): Promise<void> {
  const seed = new Uint8Array(randomBytes(32));
  await createKeyFile(path, noteSigningKey(origin, seed), seed, passphrase);
}

/** The memory first: a key without a memory would forget what it signed, so there must never be one. */
async function createKey(paths: SignerPaths, origin: string, passphrase: string | undefined): Promise<void> {
  const isNew = createMemoryFile(paths.memory);
  if (!isNew && (await hasSigned(paths.memory))) {
    // Another process may have made the key in the meantime and signed: then it is there, since it was made first.
    if (existsSync(paths.key)) return;
    throw keyLost(origin);
  }
  await makeKeyFile(paths.key, origin, passphrase);
}

async function hasSigned(path: string): Promise<boolean> {
  return (await lastSigned(path)) !== undefined;
}

async function lastSigned(path: string): Promise<Head | undefined> {
  const memory = openMemoryFile(path);
  try {
    return memory.state();
  } finally {
    await memory.close();
  }
}

/** A successor equal to the key itself is what a crash at the end of a rotation leaves. */
async function openNextKey(
  paths: SignerPaths,
  current: OpenedKeyFile,
  origin: string,
  passphrase: string | undefined,
): Promise<OpenedKeyFile | undefined> {
  if (!existsSync(paths.next)) return undefined;
  const next = await openKeyFile(paths.next, origin, passphrase);
  return next.file.vkey === current.file.vkey ? undefined : next;
}

function keyLost(origin: string): Error {
  return signerError({
    code: "KEY_MISSING",
    message: `the key of \`${origin}\` is gone, and its memory says that it has signed`,
    reason: "a new key under the same name could sign another history",
    next: "restore the key file from its copy, or start a log with a new origin",
  });
}
