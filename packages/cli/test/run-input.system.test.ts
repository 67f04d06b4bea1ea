import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";
import { describeWithSandbox } from "./support/sandbox.ts";

let writ: Installation;
beforeEach(() => {
  writ = createInstallation();
});
afterEach(() => writ.dispose());

const bundle = join(import.meta.dirname, "..", "bundle", "writ.mjs");
const NOTE = /standard input is not handed on/;

describeWithSandbox("standard input that nobody asked to hand on", () => {
  test("is said to stay outside, whether piped or redirected, and is not read", async () => {
    await writ.run(["posture", "OFFENSE"]);
    const piped = await writ.run(["run", "--", "cat"], { stdin: "secret\n" });
    expect(piped).toMatchObject({ code: 0, stdout: "" });
    expect(piped.stderr).toMatch(NOTE);
    writeFileSync(join(writ.workspace, "list"), "one\ntwo\n");
    const script = `while read -r line; do "$0" "$1" run -- echo "$line"; done < list`;
    const looped = spawnSync("sh", ["-c", script, process.execPath, bundle], {
      cwd: writ.workspace,
      env: writ.environment,
      encoding: "utf8",
    });
    expect(looped.stdout).toBe("one\ntwo\n");
    expect(looped.stderr).toMatch(NOTE);
  });

  test("is not spoken of when there is none, or when it is bound", async () => {
    await writ.run(["posture", "OFFENSE"]);
    expect((await writ.run(["run", "--", "true"])).stderr).not.toMatch(NOTE);
    const bound = await writ.run(["run", "--stdin", "--", "cat"], { stdin: "given\n" });
    expect(bound).toMatchObject({ code: 0, stdout: "given\n" });
    expect(bound.stderr).not.toMatch(NOTE);
  });
});
