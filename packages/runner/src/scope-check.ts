import type { WritError } from "@writ/canon";
import type { RunnerErrorCode } from "./error-code.ts";
import { lstatSync, realpathSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { isWithin, type Scope } from "@writ/kernel";
import { refuse } from "./refusal.ts";
import type { Settings } from "./settings.ts";

/** Trees the sandbox makes itself or never shows: processes, devices, the kernel, sockets of services. */
const KERNEL_TREES = ["/proc", "/dev", "/sys", "/run", "/var/run"];

/** What the scope means on this machine's file system. */
export interface CheckedScope {
  /** Write paths that do not exist: folders to be made before the run, within a parent that exists. */
  readonly missing: readonly string[];
}

/**
 * Compares the scope with the file system: each path exists in exactly its own spelling, so that no symbolic link
 * widens it, and uncovers nothing hidden. A write path that does not exist becomes a folder if its parent exists.
 *
 * @throws WritError `RUNNER_SCOPE_MISSING`, `RUNNER_SCOPE_UNSAFE`.
 */
export function checkScope(scope: Scope, settings: Settings): CheckedScope {
  const missing: string[] = [];
  for (const path of scope.write) {
    refuseUnsafe(path, settings);
    if (!checkSpelling(path)) missing.push(checkParent(path));
  }
  for (const path of scope.read) {
    refuseUnsafe(path, settings);
    if (!checkSpelling(path)) throw absent(path, `make \`${path}\`, or leave it out of the scope`);
  }
  return { missing };
}

/** @throws WritError `RUNNER_DIRECTORY_MISSING`, `RUNNER_SCOPE_UNSAFE`. */
export function checkDirectory(cwd: string, settings: Settings): void {
  const found = statusOf(cwd);
  if (found === null || !found.isDirectory() || realpathSync(cwd) !== cwd) {
    throw refuse({
      code: "RUNNER_DIRECTORY_MISSING",
      reason: `the working directory \`${cwd}\` is no directory, or is reached through a link`,
      next: "propose the action again from an existing directory, spelled without links",
    });
  }
  const covers = isWithin(cwd, settings.home) || settings.hidden.some((hidden) => isWithin(hidden, cwd));
  if (covers || isKernelTree(cwd)) throw unsafe(cwd, "run from a folder of its own, for example a project's");
}

function refuseUnsafe(path: string, { hidden, home }: Settings): void {
  const touches = hidden.some((secret) => isWithin(path, secret) || isWithin(secret, path));
  if (touches || isWithin(path, home) || isKernelTree(path))
    throw unsafe(path, "name only the folders that are needed");
}

function isKernelTree(path: string): boolean {
  return KERNEL_TREES.some((tree) => isWithin(tree, path) || isWithin(path, tree));
}

/** False when there is nothing at `path`. */
function checkSpelling(path: string): boolean {
  const found = statusOf(path);
  if (found === null) return false;
  if (found.isSymbolicLink() || realpathSync(path) !== path) throw linked(path);
  if (!found.isDirectory() && !found.isFile()) throw unsafe(path, "name a folder or a regular file");
  return true;
}

function checkParent(path: string): string {
  const parent = dirname(path);
  if (statusOf(parent)?.isDirectory() !== true) throw absent(path, `make the folder: \`mkdir -p ${path}\``);
  if (realpathSync(parent) !== parent) throw linked(path);
  return path;
}

function statusOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

function absent(path: string, next: string): WritError<RunnerErrorCode> {
  return refuse({ code: "RUNNER_SCOPE_MISSING", reason: `\`${path}\` of the scope does not exist`, next });
}

function linked(path: string): WritError<RunnerErrorCode> {
  return refuse({
    code: "RUNNER_SCOPE_MISSING",
    reason: `\`${path}\` of the scope passes through a symbolic link`,
    next: "name the place it leads to, so that what was decided is what is reached",
  });
}

function unsafe(path: string, next: string): WritError<RunnerErrorCode> {
  return refuse({
    code: "RUNNER_SCOPE_UNSAFE",
    reason: `\`${path}\` would uncover the home folder, keys, Writ's own data, devices or sockets`,
    next,
  });
}
