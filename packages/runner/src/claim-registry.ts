import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "./refusal.ts";

/** What one live run says of itself while it lasts. */
export interface FolderClaim {
  readonly pid: number;
  /** When that process began, in ticks since the machine did (proc(5), `starttime`): a number may be used again. */
  readonly born: string;
  readonly action: string;
  /** What it may write. */
  readonly folders: readonly string[];
}

/**
 * One place for all runs of this user, whatever their environment says: two installations may write one folder.
 * `/run/user` is emptied at boot; `/tmp` stands in where there is none.
 */
export function usualRegistry(): string {
  const user = String(process.getuid?.() ?? 0);
  return isOwnFolder(`/run/user/${user}`) ? `/run/user/${user}/writ-runs` : `/tmp/writ-runs-${user}`;
}

/** Names and claims of all that are alive; what the dead left is removed. */
export function listClaims(registry: string): readonly (readonly [string, FolderClaim])[] {
  const alive: (readonly [string, FolderClaim])[] = [];
  for (const name of readdirSync(openRegistry(registry))) {
    if (!name.endsWith(CLAIM)) continue;
    const claim = readClaim(join(registry, name));
    if (claim !== null && birthOf(claim.pid) === claim.born) alive.push([name, claim]);
    else withdrawClaim(registry, name);
  }
  return alive;
}

/** Says what this process is about to write; the name is for `withdrawClaim`. Appears whole or not at all. */
export function publishClaim(registry: string, { action, folders }: Omit<FolderClaim, "pid" | "born">): string {
  const claim: FolderClaim = { pid: process.pid, born: birthOf(process.pid) ?? "", action, folders };
  const name = `${String(process.pid)}-${randomBytes(8).toString("hex")}`;
  const path = join(openRegistry(registry), name);
  writeFileSync(path, JSON.stringify(claim), { mode: 0o600, flag: "wx" });
  renameSync(path, `${path}${CLAIM}`);
  return `${name}${CLAIM}`;
}

export function withdrawClaim(registry: string, name: string): void {
  rmSync(join(registry, name), { force: true });
}

const CLAIM = ".claim";

/** @throws WritError `RUNNER_SETUP_FAILED` where another user made the folder. */
function openRegistry(registry: string): string {
  mkdirSync(registry, { recursive: true, mode: 0o700 });
  if (isOwnFolder(registry)) return registry;
  throw refuse({
    code: "RUNNER_SETUP_FAILED",
    reason: `\`${registry}\`, where runs say what they write, is not this user's alone`,
    next: "remove it; it is made again",
  });
}

function isOwnFolder(path: string): boolean {
  try {
    const { uid, mode } = lstatSync(path);
    return lstatSync(path).isDirectory() && uid === (process.getuid?.() ?? uid) && (mode & 0o022) === 0;
  } catch {
    return false;
  }
}

function readClaim(path: string): FolderClaim | null {
  try {
    const { pid, born, action, folders } = JSON.parse(readFileSync(path, "utf8")) as Partial<FolderClaim>;
    const isClaim = typeof pid === "number" && typeof born === "string" && typeof action === "string";
    return isClaim && Array.isArray(folders) ? { pid, born, action, folders } : null;
  } catch {
    return null;
  }
}

/** Null when there is no such process. */
function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
