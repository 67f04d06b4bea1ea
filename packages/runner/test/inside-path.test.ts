import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leadsInside, withoutProcess } from "../src/inside-path.ts";

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "writ-inside-")));
  mkdirSync(join(root, "tmp/deep/er"), { recursive: true });
  writeFileSync(join(root, "tmp/file"), "");
  for (const [name, target] of Object.entries({
    away: "/home/u/.ssh",
    up: "../..",
    near: "deep",
    loop: "loop",
    two: "near/er/../back",
  }))
    symlinkSync(target, join(root, "tmp", name));
  symlinkSync("../away", join(root, "tmp/deep/back"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("where a path leads inside", () => {
  test.each([
    ["/tmp/file", "/tmp/file"],
    ["/tmp/none/at/all", "/tmp/none/at/all"],
    ["/tmp/away/id", "/home/u/.ssh/id"],
    ["/tmp/near/er", "/tmp/deep/er"],
    ["/tmp/near/../file", "/tmp/file"],
    ["/tmp/up/etc/shadow", "/etc/shadow"],
    ["/tmp/two/id", "/home/u/.ssh/id"],
    ["/../..", "/"],
    ["//tmp/./file", "/tmp/file"],
  ])("%s leads to %s", (path, expected) => {
    expect(leadsInside(root, path)).toBe(expected);
  });

  test("from a folder that is known to hold no link", () => {
    expect(leadsInside(root, "/tmp/away/id", "/tmp")).toBe("/home/u/.ssh/id");
    expect(leadsInside(root, "/tmp", "/tmp")).toBe("/tmp");
  });

  test("a link to itself leads nowhere", () => {
    expect(leadsInside(root, "/tmp/loop")).toBeNull();
  });
});

test.each([
  ["/proc/self/root/etc/shadow", "//etc/shadow"],
  ["/proc/1/root", "/"],
  ["/proc/self/task/7/root/etc", "//etc"],
  ["/proc/thread-self/cwd/../x", "/w/../x"],
  ["/proc/self/rooted", "/proc/self/rooted"],
  ["/proc/self/environ", "/proc/self/environ"],
])("%s is %s", (path, expected) => {
  expect(withoutProcess(path, "/w")).toBe(expected);
});
