import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  type Stats,
  rmSync,
  writeSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve, sep } from "node:path";

import { isWritError } from "@writ/canon";
import { syncFolder } from "@writ/store";

import { signerError, type SignerErrorCode } from "./signer-error.ts";

/** Windows has no modes and owners of this kind; there the folder's inherited rights protect the key. */
const HAS_MODES = process.platform !== "win32";

/**
 * The real path of a folder for keys: a directory of this user's with no right for anybody else, outside the data
 * folder. Makes it (0700) when `create` is true. Throws `KEY_UNSAFE`, or `KEY_MISSING` when there is none.
 */
export function assertKeyHome(keyHome: string, dataHome: string | undefined, create: boolean): string {
  return inSystem(keyHome, () => checkedKeyHome(keyHome, dataHome, create));
}

/** A folder that a signer's socket lies in, and the group it is shared with, if any. */
export interface SocketFolder {
  /** The real path. */
  readonly path: string;
  readonly group: number | undefined;
}

/**
 * The folder of a signer's socket: nobody but its owner can put another socket there, and beside the owner at most its
 * group can reach in, so that a log's user may ask a signer of another user. Whoever serves there owns it, and makes it
 * (0700) when it is missing. Throws `KEY_UNSAFE`, or `KEY_MISSING` when there is none to connect in.
 */
export function assertSocketFolder(folder: string, serves: boolean): SocketFolder {
  return inSystem(folder, () => checkedSocketFolder(folder, serves));
}

/** Opens a file for this user alone: no link, no second name, no rights for others. `absent` is the code when missing. */
export function openPrivateFile(path: string, mode: "r" | "r+", absent: SignerErrorCode): number {
  const access = mode === "r" ? constants.O_RDONLY : constants.O_RDWR;
  let fd: number;
  try {
    // O_NONBLOCK so that a named pipe in the file's place is refused below and does not hang the start.
    fd = openSync(path, access | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw openFailure(path, absent, error);
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || (stats.nlink !== 1 && !isOneNameAfterCleaning(path, fd, stats)))
      throw unsafe(`\`${path}\` is not a file of one name`, "it can be read elsewhere");
    assertOwnOnly(path, stats);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

/**
 * Writes a new file (0600) so that it is there whole or not at all, also after a power cut. False, with nothing
 * changed, when the name is taken.
 */
export function createPrivateFile(path: string, content: Uint8Array): boolean {
  return inSystem(path, () => linkedWhole(path, content));
}

/** Puts a file (0600) in the place of the one of this name: a crash leaves the old or the new one, whole. */
export function replacePrivateFile(path: string, content: Uint8Array): void {
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  writeSynced(temporary, content);
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

function writeSynced(path: string, content: Uint8Array): void {
  const fd = openSync(path, "wx", 0o600);
  try {
    writeSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function checkedKeyHome(keyHome: string, dataHome: string | undefined, create: boolean): string {
  const stats = folderAt(keyHome, create);
  assertOwnOnly(keyHome, stats);
  const real = realpathSync(keyHome);
  if (dataHome !== undefined && isInside(real, existingRealpath(dataHome))) {
    throw unsafe(`the key folder \`${keyHome}\` lies under the data`, "whoever copies the data would copy the key");
  }
  return real;
}

function checkedSocketFolder(folder: string, serves: boolean): SocketFolder {
  const stats = folderAt(folder, serves);
  const path = realpathSync(folder);
  if (!HAS_MODES) return { path, group: undefined };
  if ((stats.mode & 0o027) !== 0) throw tooOpen(folder, stats, "whoever can write there can pose as the signer");
  if (serves && stats.uid !== process.getuid?.())
    throw unsafe(`\`${folder}\` belongs to another user`, "its owner can change it");
  return { path, group: (stats.mode & 0o010) === 0 ? undefined : stats.gid };
}

function folderAt(folder: string, create: boolean): Stats {
  if (create) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) throw missing(`there is no key folder \`${folder}\``);
  if (!stats.isDirectory()) throw unsafe(`\`${folder}\` is not a directory`, "a link can be pointed elsewhere");
  return stats;
}

function linkedWhole(path: string, content: Uint8Array): boolean {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString("hex")}`);
  writeSynced(temporary, content);
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolder(dirname(path));
  return true;
}

/** A crash between linking and unlinking leaves a file its temporary name; only that is taken away. */
function isOneNameAfterCleaning(path: string, fd: number, stats: Stats): boolean {
  const prefix = `.${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    const other = join(dirname(path), name);
    const isLeft = name.startsWith(prefix) && lstatSync(other, { throwIfNoEntry: false })?.ino === stats.ino;
    if (isLeft) rmSync(other, { force: true });
  }
  return fstatSync(fd).nlink === 1;
}

/** What the system refuses (no right, a file in a folder's place, no links on this disk) becomes a typed error. */
function inSystem<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (isWritError(error)) throw error;
    throw unsafe(`\`${path}\` cannot be used for keys`, `the system says \`${String(codeOf(error))}\``, error);
  }
}

function assertOwnOnly(path: string, stats: Stats): void {
  if (!HAS_MODES) return;
  if ((stats.mode & 0o077) !== 0) throw tooOpen(path, stats, "a key that others can read or replace proves nothing");
  if (stats.uid !== process.getuid?.()) throw unsafe(`\`${path}\` belongs to another user`, "its owner can change it");
}

function tooOpen(path: string, stats: Stats, reason: string): Error {
  const mode = (stats.mode & 0o777).toString(8).padStart(4, "0");
  return unsafe(`\`${path}\` is open to others (mode \`${mode}\`)`, reason);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** The real path of a folder that may not be there yet: that of its nearest ancestor, with the rest. */
function existingRealpath(path: string): string {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  if (parent === absolute || lstatSync(absolute, { throwIfNoEntry: false }) !== undefined)
    return realpathSync(absolute);
  return join(existingRealpath(parent), basename(absolute));
}

function openFailure(path: string, absent: SignerErrorCode, cause: unknown): Error {
  const code = codeOf(cause);
  if (code === "ELOOP") return unsafe(`\`${path}\` is a symbolic link`, "a link can be pointed elsewhere", cause);
  if (code === "ENOENT") return missing(`there is no \`${path}\``, absent, cause);
  return unsafe(`\`${path}\` cannot be opened`, `the system says \`${String(code)}\``, cause);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function unsafe(message: string, reason: string, cause?: unknown): Error {
  const next = "give file 0600 and folder 0700 to the user who runs Writ, apart from the data";
  return signerError({ code: "KEY_UNSAFE", message, reason, next, cause });
}

function missing(message: string, code: SignerErrorCode = "KEY_MISSING", cause?: unknown): Error {
  const next = "restore it from its copy; a new log makes its own";
  return signerError({
    code,
    message,
    reason: "a log is signed by one key and its memory, which live together",
    next,
    cause,
  });
}
