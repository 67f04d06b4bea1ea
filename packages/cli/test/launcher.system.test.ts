import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-launcher-"));
  for (const name of ["bin", "src"]) mkdirSync(join(folder, name));
  // Without a bundle beside it the launcher starts another Node, as it does from an old one.
  cpSync(join(import.meta.dirname, "..", "bin", "writ.cjs"), join(folder, "bin", "writ.cjs"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["process.exit(3)", 3],
  ['process.kill(process.pid, "SIGINT"); setTimeout(() => {}, 60_000)', 130],
  ['process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 60_000)', 143],
  ['process.kill(process.pid, "SIGHUP"); setTimeout(() => {}, 60_000)', 129],
  ['process.kill(process.pid, "SIGKILL")', 137],
])("the launcher ends as the command that it starts does: %s is %d", (source, code) => {
  writeFileSync(join(folder, "src", "main.ts"), source);
  const { status } = spawnSync(process.execPath, [join(folder, "bin", "writ.cjs")], { stdio: "ignore" });
  expect(status).toBe(code);
});
