import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isWithin, type Scope } from "@writ/kernel";

/** What is held in place within the scope, absolute paths. */
export interface GitGuard {
  /** Git folders: writable, and not to be moved away or replaced. */
  readonly repositories: readonly string[];
  /** What git takes programs from, and where from: read-only. */
  readonly readOnly: readonly string[];
  /** Those among them that are folders to be made first, for what is not there cannot be covered. */
  readonly missing: readonly string[];
}

/** Submodules and linked worktrees looked at in one repository; more are left to `plantedIn`. */
const INNER_MAX = 32;

/**
 * What a contract does not grant by naming a folder: hooks and settings of the repository there, by which a command
 * could leave programs that its owner's next git runs outside the sandbox. A path that the contract itself names as
 * writable is granted. Links are left as they are: what they lead to is guarded by being out of the scope, or is not.
 */
export function guardGit({ write }: Scope): GitGuard {
  const ungranted = (paths: readonly string[]): readonly string[] =>
    [...new Set(paths)].filter((path) => !write.includes(path));
  const repositories = write.flatMap((folder) => gitFoldersOf(folder, write));
  const missing = ungranted(repositories.map((path) => `${path}/hooks`).filter((path) => kindOf(path) === null));
  const links = write.map((folder) => `${folder}/.git`).filter((path) => kindOf(path) === "file");
  const inner = repositories.flatMap((repository) => [repository, ...innerFolders(repository)]).flatMap(sources);
  return {
    repositories: ungranted(repositories),
    readOnly: ungranted([...links, ...inner, ...missing]),
    missing,
  };
}

/** A bare repository or a git folder that is named itself, a checkout's git folder, and the one its `.git` file leads to. */
function gitFoldersOf(folder: string, write: readonly string[]): readonly string[] {
  const elsewhere = linkedFolder(folder);
  const inScope = elsewhere !== null && write.some((granted) => isWithin(granted, elsewhere)) ? [elsewhere] : [];
  return [folder, `${folder}/.git`, ...inScope].filter(isGitFolder);
}

/** Where `.git` as a file says the repository is (gitrepository-layout(5)); null where it says nothing, or nothing short. */
function linkedFolder(folder: string): string | null {
  const link = `${folder}/.git`;
  try {
    const found = lstatSync(link);
    if (!found.isFile() || found.size > LINK_BYTES_MAX) return null;
    const [, path] = /^gitdir: ([^\n]+)\n*$/.exec(readFileSync(link, "utf8")) ?? [];
    return path === undefined ? null : resolve(folder, path);
  } catch {
    return null;
  }
}

/** A longest path and what stands before it. */
const LINK_BYTES_MAX = 4200;

/** As git tells it (`is_git_directory` of its setup.c), without reading anything. */
function isGitFolder(path: string): boolean {
  const folders = [path, `${path}/objects`, `${path}/refs`];
  return folders.every((folder) => kindOf(folder) === "folder") && kindOf(`${path}/HEAD`) !== null;
}

/** Git folders of submodules, whose names may hold slashes, and of linked worktrees. */
function innerFolders(repository: string): readonly string[] {
  const pending = INNER.map((name) => `${repository}/${name}`);
  const found: string[] = [];
  for (let looked = 0; looked < INNER_MAX * 2 && found.length < INNER_MAX; looked++) {
    const folder = pending.shift();
    if (folder === undefined) break;
    for (const name of foldersIn(folder)) {
      const path = `${folder}/${name}`;
      if (kindOf(`${path}/HEAD`) === null) pending.push(path);
      else found.push(path);
    }
  }
  return found.slice(0, INNER_MAX);
}

/** `commondir` says where the rest of a repository is, its settings among it. */
const SOURCES = ["config", "config.worktree", "commondir"];
const INNER = ["modules", "worktrees"];

function sources(repository: string): readonly string[] {
  return ["hooks", ...SOURCES]
    .map((name) => `${repository}/${name}`)
    .filter((path) => {
      const kind = kindOf(path);
      return kind === "file" || kind === "folder";
    });
}

/**
 * The git folders whose hooks or settings are among these changed files and links, for what could not be guarded: a repository that
 * is made anew, a file that was not there, hooks that are a link.
 */
export function plantedIn(changed: readonly string[]): readonly string[] {
  return [...new Set(changed.map(gitFolderOf).filter((folder) => folder !== null))];
}

function gitFolderOf(path: string): string | null {
  const parts = path.split("/");
  const root = parts.lastIndexOf(".git");
  if (root === -1 || root === parts.length - 1) return root === -1 ? null : path;
  const [above = "", name = ""] = parts.slice(-2);
  // Git's examples do nothing; the list of a rebase may name programs.
  const length =
    name === "hooks" || SOURCES.includes(name) ? 1 : name === "git-rebase-todo" || isHook(above, name) ? 2 : 0;
  const folder = parts.slice(0, parts.length - length);
  const isRepository = folder.length === root + 1 || INNER.includes(parts[root + 1] ?? "");
  return length > 0 && folder.length > root && isRepository ? folder.join("/") : null;
}

function isHook(folder: string, name: string): boolean {
  return folder === "hooks" && !name.endsWith(".sample");
}

function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function kindOf(path: string): "file" | "folder" | "other" | null {
  try {
    const found = lstatSync(path);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "other";
  } catch {
    return null;
  }
}
