import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { attempts, openBench, type Bench } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

describeWithSandbox("a sandbox that is killed from outside", () => {
  test.each([
    ["bwrap", true],
    ["strace", true],
    ["bwrap", false],
  ])(
    "by its `%s` (observed: %s) leaves a run that is unfinished, never one that was not started",
    async (name, observe) => {
      const watched = openBench({ observe });
      try {
        const running = watched.script("echo up > out/up; sleep 66.5");
        await until(() => existsSync(join(watched.out, "up")));
        process.kill(outermost(name), "SIGKILL");
        const { receipt } = await running;
        expect(receipt).toMatchObject({ outcome: "unfinished", exit_code: null, signal: null });
        expect(receipt.sandbox).toMatch(/^bubblewrap /);
        expect(receipt.files.map(({ path }) => path)).toEqual([join(watched.out, "up")]);
        const detail = expect.stringContaining("SIGKILL") as string;
        expect(attempts(receipt)).toContainEqual({ kind: "sandbox", target: "bubblewrap", detail });
      } finally {
        watched.close();
      }
    },
  );

  test.each([true, false])("is told from one that could not be set up (observed: %s)", async (observe) => {
    const narrow = openBench({ observe });
    // More than one execve(2) takes, so that bubblewrap itself cannot begin the command.
    const names = Array.from({ length: 40 }, (_, index) => `WIDE_${String(index)}`);
    const environment = Object.fromEntries(names.map((name) => [name, "x".repeat(100_000)]));
    const { receipt } = await narrow.script("echo up > out/up", { environment: names }, { environment });
    narrow.close();
    expect(receipt).toMatchObject({ outcome: "not_started", exit_code: null, signal: null, files: [] });
    expect(receipt.refusals[0]?.detail).toMatch(/^RUNNER_SETUP_FAILED/);
  });
});

/** Of the processes of that name which this one started, the one that no other of them started. */
function outermost(name: string): number {
  const found = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandOf(pid) === name && isOurs(pid));
  const outer = found.find((pid) => !found.includes(parentOf(pid)));
  if (outer === undefined) throw new Error(`there is no process ${name}`);
  return Number(outer);
}

function isOurs(pid: string): boolean {
  if (pid === String(process.pid)) return true;
  return pid !== "0" && pid !== "" && isOurs(parentOf(pid));
}

function parentOf(pid: string): string {
  return /^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? "";
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/comm`).trim();
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error("it did not come to it");
    await sleep(10);
  }
}
