import { closeSync, readFileSync, fstatSync } from "node:fs";

import { canonicalize, fromBase64, isWritError, type JsonValue, parseJson } from "@writ/canon";

import { isSealCost, type KeySecret, openSeed, sealSeed } from "./key-file-seal.ts";
import { createPrivateFile, openPrivateFile } from "./key-file-safety.ts";
import { type NoteSigningKey, noteSigningKey } from "./note-signature.ts";
import { signerError } from "./signer-error.ts";
import { formatVkey, parseVkey, type VerifierKey } from "./vkey.ts";

/** A key file: canonical JSON and a newline. */
export interface KeyFile {
  readonly schema: "writ.key.v1";
  /** The public key, in the form verifiers are given. */
  readonly vkey: string;
  readonly secret: KeySecret;
  /** Older public keys of the same log, at most 64. */
  readonly retired: readonly string[];
}

export interface OpenedKeyFile {
  readonly file: KeyFile;
  readonly key: NoteSigningKey;
  readonly retired: readonly VerifierKey[];
}

const FILE_BYTES_MAX = 65_536;
const RETIRED_MAX = 64;

/** Makes a key file (0600), sealed when a passphrase is given. False, changing nothing, when the name is taken. */
export async function createKeyFile(
  path: string,
  key: NoteSigningKey,
  seed: Uint8Array,
  passphrase?: string,
): Promise<boolean> {
  const vkey = formatVkey(key.verifier);
  const secret = await sealSeed(seed, vkey, passphrase);
  return createPrivateFile(path, keyFileBytes({ schema: "writ.key.v1", vkey, secret, retired: [] }));
}

export function keyFileBytes(file: KeyFile): Uint8Array {
  const { schema, vkey, retired } = file;
  const secret: JsonValue = { ...file.secret };
  return new TextEncoder().encode(`${canonicalize({ schema, vkey, secret, retired })}\n`);
}

/** Reads and opens a key file. Throws `KEY_MISSING`, `KEY_UNSAFE`, `KEY_INVALID` or `KEY_PASSPHRASE`. */
export async function openKeyFile(path: string, origin: string, passphrase?: string): Promise<OpenedKeyFile> {
  const file = readKeyFile(path);
  const verifier = parseVkey(file.vkey);
  const retired = file.retired.map(parseVkey);
  if ([verifier, ...retired].some((key) => key.name !== origin))
    throw invalid(`the key in \`${path}\` is not of this log`);
  const key = noteSigningKey(origin, await openSeed(file.secret, file.vkey, passphrase));
  if (formatVkey(key.verifier) !== file.vkey)
    throw invalid(`the two halves of the key in \`${path}\` do not belong together`);
  return { file, key, retired };
}

/** The file's parts, their forms checked and nothing opened. Throws `KEY_MISSING`, `KEY_UNSAFE` or `KEY_INVALID`. */
export function readKeyFile(path: string): KeyFile {
  const bytes = readBounded(path);
  let value: JsonValue;
  try {
    value = parseJson(bytes, { maxBytes: FILE_BYTES_MAX, maxDepth: 4 });
  } catch (error) {
    throw isWritError(error) ? invalid(`\`${path}\` is not JSON`, error) : error;
  }
  const file = keyFileOf(value);
  if (file === undefined) throw invalid(`\`${path}\` is not a key file`);
  return file;
}

function readBounded(path: string): Uint8Array {
  const fd = openPrivateFile(path, "r", "KEY_MISSING");
  try {
    if (fstatSync(fd).size > FILE_BYTES_MAX) throw invalid(`\`${path}\` is too long for a key file`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function keyFileOf(value: JsonValue): KeyFile | undefined {
  if (!hasKeys(value, ["retired", "schema", "secret", "vkey"])) return undefined;
  const { schema, vkey, retired } = value;
  const secret = secretOf(value["secret"]);
  if (schema !== "writ.key.v1" || typeof vkey !== "string" || secret === undefined) return undefined;
  if (!Array.isArray(retired) || retired.length > RETIRED_MAX || !retired.every(isText)) return undefined;
  return { schema, vkey, secret, retired };
}

function secretOf(value: JsonValue | undefined): KeySecret | undefined {
  if (hasKeys(value, ["form", "seed"])) {
    const { form, seed } = value;
    return form === "plain" && isBytes(seed, 32) ? { form, seed } : undefined;
  }
  if (!hasKeys(value, ["form", "n", "nonce", "salt", "sealed"])) return undefined;
  const { form, n, nonce, salt, sealed } = value;
  if (form !== "scrypt-aes-256-gcm" || typeof n !== "number" || !isSealCost(n)) return undefined;
  if (!isBytes(nonce, 12) || !isBytes(salt, 16) || !isBytes(sealed, 48)) return undefined;
  return { form, n, nonce, salt, sealed };
}

function hasKeys(
  value: JsonValue | undefined,
  keys: readonly string[],
): value is { readonly [key: string]: JsonValue } {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord && Object.keys(value).sort().join() === keys.join();
}

function isText(value: JsonValue): value is string {
  return typeof value === "string";
}

function isBytes(value: JsonValue | undefined, length: number): value is string {
  if (typeof value !== "string") return false;
  try {
    return fromBase64(value).length === length;
  } catch (error) {
    if (isWritError(error)) return false;
    throw error;
  }
}

function invalid(message: string, cause?: unknown): Error {
  return signerError({
    code: "KEY_INVALID",
    message,
    reason: "a key file holds one Ed25519 key of one log, as `writ` writes it",
    next: "restore the key file from its copy",
    cause,
  });
}
