import { lstatSync, mkdirSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { WritError } from "@writ/canon";
import type { Homes } from "../homes.ts";

/**
 * Makes a folder of Writ's own with those above it, for this user alone. Step by step: where a file system answers
 * ENOENT to every making, as `/proc` does, Node's recursive `mkdir` tries for ever.
 *
 * @throws WritError `OUTPUT_FAILED`, `STORE_FULL`.
 */
export function makeHomeFolder(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeHomeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!isFolder(path)) throw unwritable(path, error);
  }
}

/**
 * Whoever can write the data home can exchange the log in it; whoever can write the folder of the socket, or exchange
 * it, can listen in the owner's place. What cannot be looked at cannot be used either, and its use says so.
 *
 * @throws WritError `HOME_UNSAFE`.
 */
export function requireOwnFolders({ data, socket }: Homes): void {
  requireOwn(data, statSync);
  // Where the data home's name is too long for a socket it lies below a folder that others may write, so no link is followed.
  const place = dirname(socket);
  requireOwn(place, lstatSync);
  if (dirname(place) !== data) requireKept(dirname(place));
}

function requireOwn(path: string, look: Look): void {
  const found = lookAt(path, look);
  if (found === undefined || (isFolderOf(found, [thisUser(found)]) && !isWritableByOthers(found))) return;
  throw unsafe(path, found);
}

/** A folder in which nobody else can exchange ours: theirs neither, and if others may write it, sticky as `/tmp` is. */
function requireKept(path: string): void {
  const found = lookAt(path, lstatSync);
  const isSticky = found !== undefined && (found.mode & 0o1000) !== 0;
  if (found === undefined || (isFolderOf(found, [0, thisUser(found)]) && (isSticky || !isWritableByOthers(found))))
    return;
  throw unsafe(path, found);
}

type Look = (path: string) => Stats;

function lookAt(path: string, look: Look): Stats | undefined {
  try {
    return look(path);
  } catch {
    return undefined;
  }
}

function isFolderOf(found: Stats, users: readonly number[]): boolean {
  return found.isDirectory() && users.includes(found.uid);
}

function isWritableByOthers({ mode }: Stats): boolean {
  return (mode & 0o022) !== 0;
}

/** Where the system has no users, whose it is. */
function thisUser(found: Stats): number {
  return process.getuid?.() ?? found.uid;
}

function unsafe(path: string, found: Stats): WritError {
  const faults = [
    ...(found.uid === thisUser(found) ? [] : [`it belongs to user ${String(found.uid)}`]),
    found.isDirectory() ? `its mode is ${(found.mode & 0o7777).toString(8)}` : "it is no folder",
  ];
  return new WritError({
    code: "HOME_UNSAFE",
    message: `\`${path}\` is not Writ's alone`,
    reason: faults[0] ?? "",
    next: `\`chmod 700 ${path}\` if it is Writ's alone, or name another data home with \`--home\` or WRIT_HOME`,
  });
}

export function unwritable(path: string, cause: unknown): WritError {
  const { code } = cause as NodeJS.ErrnoException;
  return new WritError({
    code: code === "ENOSPC" || code === "EDQUOT" ? "STORE_FULL" : "OUTPUT_FAILED",
    message: `cannot write the folder \`${path}\``,
    reason: code ?? "the system refused",
    next: "make room or mend its rights, or name another with `--home`, WRIT_HOME or WRIT_KEY_HOME",
    cause,
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
