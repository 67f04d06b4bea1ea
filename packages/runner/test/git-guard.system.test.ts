import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { attempts, openBench, type Asked, type Bench, type Ran } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

/** Git of nobody's: no settings of a user or the machine, and a name to commit under. */
const nobodys = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "a",
  GIT_AUTHOR_EMAIL: "a@example.test",
  GIT_COMMITTER_NAME: "a",
  GIT_COMMITTER_EMAIL: "a@example.test",
};
const NAME = "export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b; ";

let bench: Bench;
let repository: string;
beforeEach(() => {
  bench = openBench();
  repository = join(bench.project, "repository");
  mkdirSync(repository);
  git("init", "-q", "-b", "main");
  writeFileSync(join(repository, "file"), "1\n");
  git("add", "file");
  git("commit", "-qm", "first");
});
afterEach(() => bench.close());

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: repository, env: nobodys, encoding: "utf8" });
}

function script(text: string, asked: Partial<Asked> = {}): Promise<Ran> {
  return bench.script(NAME + text, { cwd: repository, write: [repository], ...asked });
}

function writesRefused({ receipt }: Ran): readonly string[] {
  return attempts(receipt)
    .filter(({ kind }) => kind === "write")
    .map(({ target }) => target);
}

describeWithSandbox("a run that may write a repository", () => {
  test("commits, branches, merges, stashes and cleans up in it", async () => {
    const steps = [
      "echo 2 >> file; git commit -qam second",
      "git checkout -qb other; echo 3 >> file; git commit -qam third",
      "git checkout -q main; git merge -q other; git tag v1",
      "echo 4 >> file; git stash -q; git stash pop -q; git reset -q --hard",
      "git gc -q; git worktree add -q ../repository/linked other; git -C linked status",
      "git log --oneline | wc -l",
    ];
    const ran = await script(steps.join(" && "));
    expect(ran.stderr).toBe("");
    expect(ran.receipt.outcome).toBe("succeeded");
    expect(ran.stdout.trim().endsWith("3")).toBe(true);
    expect(writesRefused(ran)).toEqual([]);
    expect(git("fsck", "--no-dangling")).toBe("");
  });

  test.each([
    ["a hook", "echo evil > .git/hooks/pre-commit", ".git/hooks/pre-commit"],
    ["a hook that is moved in", "echo evil > x; mv x .git/hooks/pre-commit", ".git/hooks/pre-commit"],
    ["a setting", "git config core.fsmonitor ./evil", ".git/config"],
    ["a setting by hand", "echo evil >> .git/config", ".git/config"],
    ["another repository in its place", "mv .git old; cp -r old .git", ".git"],
    ["a removed repository", "rm -rf .git", ".git/config"],
    ["other hooks in the place of these", "mv .git/hooks .git/old; mkdir .git/hooks", ".git/hooks"],
  ])("leaves no %s behind, and the receipt names the attempt", async (_, text, target) => {
    const config = readFileSync(join(repository, ".git/config"), "utf8");
    const ran = await script(text);
    expect(readFileSync(join(repository, ".git/config"), "utf8")).toBe(config);
    expect(existsSync(join(repository, ".git/hooks/pre-commit"))).toBe(false);
    expect(writesRefused(ran)).toContain(join(repository, target));
  });

  test("writes hooks and settings where the contract names them", async () => {
    const named = [repository, join(repository, ".git/config"), join(repository, ".git/hooks")];
    const ran = await script("echo '#' > .git/hooks/pre-commit && git config my.own setting", { write: named });
    expect(ran.stderr).toBe("");
    expect(git("config", "my.own")).toBe("setting\n");
    expect(writesRefused(ran)).toEqual([]);
    const planted = expect.objectContaining({ kind: "sandbox", target: join(repository, ".git") });
    expect(ran.receipt.refusals).toContainEqual(planted);
  });

  test("a repository without hooks gets an empty folder for them, which stays empty", async () => {
    execFileSync("rm", ["-r", join(repository, ".git/hooks")]);
    const ran = await script("echo evil > .git/hooks/pre-commit");
    expect(writesRefused(ran)).toEqual([join(repository, ".git/hooks/pre-commit")]);
    expect(ran.receipt.files.map(({ path }) => path)).toEqual([join(repository, ".git/hooks")]);
  });

  test("the link of a worktree leads where it led, and the settings of a submodule are not written", async () => {
    const linked = join(repository, "linked");
    git("worktree", "add", "-q", linked);
    mkdirSync(join(repository, ".git/modules/a/b"), { recursive: true });
    for (const name of ["HEAD", "config"]) writeFileSync(join(repository, ".git/modules/a/b", name), "");
    const ran = await script("echo evil >> .git/modules/a/b/config; echo evil > .git/worktrees/linked/commondir");
    expect(writesRefused(ran)).toEqual([
      join(repository, ".git/modules/a/b/config"),
      join(repository, ".git/worktrees/linked/commondir"),
    ]);
    const inside = await script("echo evil > .git", { cwd: linked, write: [linked] });
    expect(writesRefused(inside)).toEqual([join(linked, ".git")]);
  });

  test("what could not be guarded is told: a new repository, and another place for its settings", async () => {
    const { receipt } = await script("git init -q nested && echo ../evil > .git/commondir");
    const told = attempts(receipt).filter(({ kind }) => kind === "sandbox");
    expect(told.map(({ target }) => target)).toEqual([join(repository, ".git"), join(repository, "nested/.git")]);
  });
});
