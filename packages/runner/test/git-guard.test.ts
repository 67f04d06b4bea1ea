import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { guardGit, plantedIn } from "../src/git-guard.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "writ-guard-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function repository(path: string): string {
  for (const name of ["objects", "refs", "hooks"]) mkdirSync(join(path, name), { recursive: true });
  for (const name of ["HEAD", "config"]) writeFileSync(join(path, name), "");
  return path;
}

const guard = (...write: readonly string[]) => guardGit({ write, read: [], network: "none" });
const nothing = { repositories: [], readOnly: [], missing: [] };

describe("what is held in place", () => {
  test("hooks and settings of a checkout, and the repository itself", () => {
    const git = repository(join(folder, ".git"));
    expect(guard(folder)).toEqual({
      repositories: [git],
      readOnly: [join(git, "hooks"), join(git, "config")],
      missing: [],
    });
  });

  test.each([
    ["a bare repository", "bare.git"],
    ["a git folder that is named itself", ".git"],
  ])("%s is its own mount, and its settings are read-only", (_, name) => {
    const git = repository(join(folder, name));
    expect(guard(git)).toEqual({ ...nothing, readOnly: [join(git, "hooks"), join(git, "config")] });
  });

  test("not what the contract names", () => {
    const git = repository(join(folder, ".git"));
    expect(guard(folder, join(git, "config")).readOnly).toEqual([join(git, "hooks")]);
    rmSync(join(git, "hooks"), { recursive: true });
    expect(guard(folder, join(git, "hooks"))).toEqual({
      ...nothing,
      repositories: [git],
      readOnly: [join(git, "config")],
    });
  });

  test("nothing in a folder without a repository, in a file, or where nothing is", () => {
    mkdirSync(join(folder, ".git"));
    writeFileSync(join(folder, "file"), "");
    expect(guard(folder)).toEqual(nothing);
    expect(guard(join(folder, "file"), join(folder, "none"))).toEqual(nothing);
  });

  test("no link is followed, neither for the repository nor for its hooks", () => {
    const git = repository(join(folder, "elsewhere"));
    mkdirSync(join(folder, "a"));
    symlinkSync(git, join(folder, "a", ".git"));
    expect(guard(join(folder, "a"))).toEqual(nothing);
    rmSync(join(git, "hooks"), { recursive: true });
    symlinkSync("/etc", join(git, "hooks"));
    expect(guard(git).readOnly).toEqual([join(git, "config")]);
  });

  test("a repository beside its checkout, where it is in the scope too", () => {
    const [checkout, git] = [join(folder, "checkout"), repository(join(folder, "data"))];
    mkdirSync(checkout);
    writeFileSync(join(checkout, ".git"), `gitdir: ${git}\n`);
    const held = [join(checkout, ".git"), join(git, "hooks"), join(git, "config")];
    expect(guard(checkout, git).readOnly).toEqual(held);
    expect(guard(checkout, folder)).toEqual({ ...nothing, repositories: [git], readOnly: held });
    expect(guard(checkout)).toEqual({ ...nothing, readOnly: [join(checkout, ".git")] });
    writeFileSync(join(checkout, ".git"), "gitdir: ../data\nmore\n");
    expect(guard(checkout, folder).repositories).toEqual([]);
  });

  test("many submodules are looked at in part", () => {
    const git = repository(join(folder, ".git"));
    for (let index = 0; index < 100; index++) repository(join(git, "modules", String(index)));
    expect(guard(folder).readOnly.length).toBe(2 + 32 * 2);
  });
});

describe("what a run may have planted", () => {
  test.each([
    ["/w/.git/config", "/w/.git"],
    ["/w/.git/config.worktree", "/w/.git"],
    ["/w/.git/commondir", "/w/.git"],
    ["/w/.git/hooks/pre-commit", "/w/.git"],
    ["/w/.git/hooks", "/w/.git"],
    ["/w/.git/rebase-merge/git-rebase-todo", "/w/.git"],
    ["/w/a/.git", "/w/a/.git"],
    ["/w/.git/modules/a/b/config", "/w/.git/modules/a/b"],
    ["/w/.git/worktrees/x/commondir", "/w/.git/worktrees/x"],
    ["/w/line\nbreak/.git/config", "/w/line\nbreak/.git"],
  ])("%j is told as %j", (path, told) => {
    expect(plantedIn([path, path])).toEqual([told]);
  });

  test.each([
    "/w/.git/index",
    "/w/.git/objects/aa/config",
    "/w/.git/hooks/pre-commit.sample",
    "/w/config",
    "/w/.git/worktrees/x/gitdir",
    "/w/a.git/config",
  ])("%j is not", (path) => {
    expect(plantedIn([path])).toEqual([]);
  });
});
