import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { isWithin } from "@writ/kernel";
import { refuse } from "./refusal.ts";
import type { Settings } from "./settings.ts";

/** A program as it will be started. */
export interface Program {
  /** Absolute path handed to `execve`. */
  readonly path: string;
  /** Where that path leads on this machine. */
  readonly real: string;
}

/**
 * Finds `name`: with a slash seen from `cwd`, otherwise in the fixed search path, never in the caller's `PATH`.
 *
 * @throws WritError `RUNNER_PROGRAM_MISSING`.
 */
export function findProgram(name: string, cwd: string, settings: Settings): Program {
  const candidates = name.includes("/") ? [resolve(cwd, name)] : settings.path.map((folder) => `${folder}/${name}`);
  const path = candidates.find(isProgram);
  if (path === undefined) {
    throw refuse({
      code: "RUNNER_PROGRAM_MISSING",
      reason: `there is no program \`${name}\` in ${name.includes("/") ? "that place" : settings.path.join(":")}`,
      next: "install it, or name it by its path",
    });
  }
  return { path, real: realpathSync(path) };
}

/** Whether this process could start the file. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The folder that must be visible for a program outside the system's folders: the installation around `bin`, where its
 * libraries are, or the file alone when that folder would show the home or something hidden.
 */
export function installation(file: string, { home, hidden }: Settings): string {
  const folder = dirname(file);
  const root = basename(folder) === "bin" ? dirname(folder) : folder;
  const shows = (path: string): boolean => isWithin(path, home) || hidden.some((secret) => isWithin(path, secret));
  if (!shows(root)) return root;
  return shows(folder) ? file : folder;
}
