import type { WritError } from "@writ/canon";
import type { RunnerErrorCode } from "./error-code.ts";
import { existsSync, lstatSync } from "node:fs";
import { isWithin, type Contract, type ProcessShape } from "@writ/kernel";
import { guardGit, type GitGuard } from "./git-guard.ts";
import { refuse } from "./refusal.ts";
import { FIRST_PINNED, TEMPORARY_BYTES_MAX, type Mount } from "./mount.ts";
import { findProgram, installation, type Program } from "./program.ts";
import { checkDirectory, checkScope } from "./scope-check.ts";
import type { Settings } from "./settings.ts";
import { systemMounts } from "./system-mounts.ts";

/** Everything of this machine that a process will see, and where it may write. */
export interface Reach {
  readonly program: Program;
  readonly mounts: readonly Mount[];
  /** Folders of the scope to be made before the run. */
  readonly missing: readonly string[];
  readonly guard: GitGuard;
  /** HOME inside: an empty folder. */
  readonly home: string;
}

/**
 * Plans the file system of one contract. Nothing is visible unless a step shows it: the system read-only, the program,
 * the working directory read-only, the scope; private `/tmp` and home; and what is hidden covered wherever it lies.
 *
 * @param pinning whether the working folder and the scope are mounted from open descriptors.
 * @throws WritError when contract and machine do not fit.
 */
export function planReach(
  contract: Contract,
  shape: ProcessShape,
  { settings, pinning }: { readonly settings: Settings; readonly pinning: boolean },
): Reach {
  checkDirectory(shape.cwd, settings);
  const { missing } = checkScope(contract.scope, settings);
  const program = findProgram(shape.argv[0] ?? "", shape.cwd, settings);
  const shown = [...systemMounts(contract.scope.network), ...temporaryMounts(settings.home)];
  const guard = guardGit(contract.scope);
  const own = ownMounts(contract, shape.cwd, { guard, pinning });
  const tools = toolMounts(
    [program.real, ...settings.path.map((folder) => `${folder}/-`)],
    [...shown, ...own],
    settings,
  );
  const visible = byDepth([...tools, ...own]);
  if (settings.hidden.some((secret) => isWithin(secret, program.real))) throw hiddenProgram(program);
  const isVisible = [...shown, ...visible].some(
    ({ kind, path }) => kind !== "temporary" && isWithin(path, program.path),
  );
  return {
    program: isVisible ? program : { ...program, path: program.real },
    mounts: [...shown, ...visible, ...masks(visible, settings, FIRST_PINNED + own.length)],
    missing: [...missing, ...guard.missing],
    guard,
    home: homeInside(settings),
  };
}

function homeInside({ home }: Settings): string {
  return home === "/" ? "/tmp" : home;
}

function temporaryMounts(home: string): readonly Mount[] {
  const folders = home === "/" ? ["/tmp"] : ["/tmp", home];
  const mounts = folders.map((path) => ({ kind: "temporary", path, bytesMax: TEMPORARY_BYTES_MAX }) as const);
  return [...mounts, { kind: "link", path: "/var/tmp", target: "/tmp" }];
}

/** The working directory, the scope and what is held in place in it; what a write path covers needs no reading path of its own. */
function ownMounts(
  { scope }: Contract,
  cwd: string,
  { guard, pinning }: { readonly guard: GitGuard; readonly pinning: boolean },
): readonly Mount[] {
  const isWritable = (path: string): boolean => scope.write.some((folder) => isWithin(folder, path));
  const read = [...new Set([cwd, ...scope.read])].filter((path) => !isWritable(path));
  const mounts = [
    ...read.map((path) => ({ kind: "read", path }) as const),
    ...[...separate(scope.write, guard), ...guard.repositories].map((path) => ({ kind: "write", path }) as const),
    ...guard.readOnly.map((path) => ({ kind: "read", path }) as const),
  ];
  return pinning ? mounts.map((mount, index) => ({ ...mount, descriptor: FIRST_PINNED + index })) : mounts;
}

/** A file within a writable folder is no mount of its own: programs replace files by renaming, which a mount forbids. */
function separate(write: readonly string[], { readOnly }: GitGuard): readonly string[] {
  const covered = (path: string): boolean => readOnly.some((held) => isWithin(held, path));
  return write.filter((path) => covered(path) || !write.some((other) => other !== path && isWithin(other, path)));
}

/** The installations of the program and of the search path, where nothing else shows them yet. */
function toolMounts(files: readonly string[], shown: readonly Mount[], settings: Settings): readonly Mount[] {
  const shownPaths = shown.filter(({ kind }) => kind !== "temporary").map(({ path }) => path);
  const folders = files
    .filter((file) => !shownPaths.some((path) => isWithin(path, file)))
    .map((file) => installation(file, settings))
    .filter((path) => existsSync(path));
  return [...new Set(folders)].map((path) => ({ kind: "read", path }) as const);
}

/** Parents before children, so that a narrower step is not covered by a wider one. */
function byDepth(mounts: readonly Mount[]): readonly Mount[] {
  return mounts.toSorted((left, right) => left.path.length - right.path.length);
}

function masks(visible: readonly Mount[], { hidden }: Settings, first: number): readonly Mount[] {
  const secrets = hidden.filter((secret) => visible.some(({ path }) => isWithin(path, secret)) && existsSync(secret));
  return secrets.map((path, index) =>
    lstatSync(path).isDirectory()
      ? { kind: "hide", path, folder: true }
      : { kind: "hide", path, folder: false, descriptor: first + index },
  );
}

function hiddenProgram({ path }: Program): WritError<RunnerErrorCode> {
  return refuse({
    code: "RUNNER_PROGRAM_MISSING",
    reason: `the program \`${path}\` lies in a folder that stays hidden from every process`,
    next: "install it elsewhere",
  });
}
