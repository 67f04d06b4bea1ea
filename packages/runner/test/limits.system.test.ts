import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
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

describeWithSandbox("limits", () => {
  test("a process that takes too long is asked to end, and its receipt says so", async () => {
    const { receipt, stdout } = await bench.script("trap 'echo asked; exit 3' TERM; sleep 60 & wait", { timeMs: 300 });
    expect(receipt).toMatchObject({ outcome: "timed_out", exit_code: 3, signal: null });
    expect(stdout).toBe("asked\n");
    expect(attempts(receipt)).toContainEqual({ kind: "limit", target: "time", detail: "stopped" });
  });

  test("one that ignores the question is ended after two seconds, with all its children", async () => {
    const text = "trap '' TERM; setsid sleep 61.5 & (trap '' TERM; sleep 61.5) & while :; do sleep 0.05; done";
    const begun = performance.now();
    const { receipt } = await bench.script(text, { timeMs: 200 });
    expect(performance.now() - begun).toBeLessThan(6000);
    expect(receipt).toMatchObject({ outcome: "timed_out", signal: "SIGKILL" });
    expect(processesNamed("61.5")).toEqual([]);
  });

  test("output is digested up to its limit, and the flood ends the process", async () => {
    const { receipt, stdout } = await bench.script("while :; do echo yyyyyyyyyyyyyyyy; done", { outputBytes: 10_000 });
    expect(receipt).toMatchObject({ outcome: "output_limit", stdout: { bytes: 10_000, truncated: true } });
    expect(stdout).toHaveLength(10_000);
    expect(receipt.stdout.sha256).toBe(createHash("sha256").update(stdout).digest("hex"));
  });

  test("the output limit counts both streams together", async () => {
    const { receipt } = await bench.script("printf 12345; printf 67890 >&2", { outputBytes: 9 });
    expect(receipt.outcome).toBe("output_limit");
    expect(receipt.stdout.bytes + receipt.stderr.bytes).toBe(9);
  });

  test("output of exactly the limit is no excess", async () => {
    const { receipt } = await bench.script("printf 12345", { outputBytes: 5 });
    expect(receipt).toMatchObject({ outcome: "succeeded", stdout: { bytes: 5, truncated: false } });
  });

  test("a fork bomb stays bounded and ends", async () => {
    const { receipt } = await bench.script("f() { f | f & }; f; sleep 20", { processes: 40, timeMs: 5000 });
    expect(["failed", "timed_out", "succeeded"]).toContain(receipt.outcome);
    expect(attempts(receipt)).toContainEqual(expect.objectContaining({ kind: "limit", target: "processes" }));
    await sleep(50);
    expect(processesOfSandboxes()).toEqual([]);
  });

  test.runIf(asNobody(["test", "-r", import.meta.filename]))(
    "for an ordinary user the kernel itself bounds the processes",
    () => {
      const program = `
        import { attempts, openBench } from ${JSON.stringify(join(import.meta.dirname, "bench.ts"))};
        const bench = openBench();
        const { receipt } = await bench.script("f() { f | f & }; f; sleep 1", { processes: 40, timeMs: 5000 });
        console.log(JSON.stringify(attempts(receipt)));
        bench.close();`;
      const node = [process.execPath, "--conditions=writ-source", "--input-type=module", "-e", program];
      const told = execFileSync("setpriv", [...NOBODY, ...node], { encoding: "utf8", env: { HOME: "/nonexistent" } });
      expect(told).toContain("the process limit was reached");
    },
  );

  test.runIf(asNobody(["test", "-r", import.meta.filename]))(
    "a folder that the process closes is told as unmeasured, not as deleted",
    () => {
      const program = `
        import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
        import { openBench } from ${JSON.stringify(join(import.meta.dirname, "bench.ts"))};
        const bench = openBench();
        mkdirSync(bench.out + "/sub");
        writeFileSync(bench.out + "/sub/kept", "kept");
        const { receipt } = await bench.script("chmod 000 out/sub");
        chmodSync(bench.out + "/sub", 0o700);
        console.log(JSON.stringify([receipt.outcome, receipt.files.map(({ change }) => change), receipt.refusals]));
        bench.close();`;
      const node = [process.execPath, "--conditions=writ-source", "--input-type=module", "-e", program];
      const told = execFileSync("setpriv", [...NOBODY, ...node], { encoding: "utf8", env: { HOME: "/nonexistent" } });
      expect(told).toMatch(/^\["succeeded",\["changed"\],\[.*"unmeasured: /);
    },
  );

  test("an abort interrupts the process", async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    const { receipt } = await bench.script("sleep 62.5", {}, { signal: abort.signal });
    expect(receipt.outcome).toBe("interrupted");
    expect(processesNamed("62.5")).toEqual([]);
  });

  test("a run that is aborted before it begins leaves nothing behind", async () => {
    const { receipt } = await bench.script("sleep 1; echo x > out/late", {}, { signal: AbortSignal.abort() });
    expect(receipt.outcome).toBe("interrupted");
    expect(existsSync(join(bench.out, "late"))).toBe(false);
  });

  test("no core file is written", async () => {
    const { receipt } = await bench.script("cd out; kill -SEGV $$");
    expect(receipt).toMatchObject({ outcome: "failed", signal: "SIGSEGV", exit_code: null, files: [] });
  });
});

describeWithSandbox("the end of a run", () => {
  test("takes processes in the background with it", async () => {
    const text = "(sleep 63.5 >/dev/null 2>&1 &) ; setsid sleep 63.5 >/dev/null 2>&1 & echo started";
    const { receipt, stdout } = await bench.script(text);
    expect(receipt.outcome).toBe("succeeded");
    expect(stdout).toBe("started\n");
    expect(processesNamed("63.5")).toEqual([]);
  });

  test("is not before the last process inside is dead, so what is measured stays true", async () => {
    const text = "(while :; do date +%N > out/ticks; done) >/dev/null 2>&1 & sleep 0.2; echo done";
    const { receipt } = await bench.script(text);
    const effect = receipt.files.find(({ path }) => path === join(bench.out, "ticks"));
    const now = createHash("sha256")
      .update(readFileSync(join(bench.out, "ticks")))
      .digest("hex");
    expect(effect?.sha256).toBe(now);
  });

  test.each(["SIGKILL", "SIGTERM"] as const)("comes with the death of the runner by %s", async (signal) => {
    const program = `
      import { openBench } from ${JSON.stringify(join(import.meta.dirname, "bench.ts"))};
      const bench = openBench();
      void bench.script("echo up > out/up; sleep 64.5");
      console.log(bench.folder);
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["--conditions=writ-source", "--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.resume();
    try {
      await until(() => processesNamed("64.5").length > 0);
    } finally {
      child.kill(signal);
    }
    await until(() => processesNamed("64.5").length === 0);
    expect(processesNamed("64.5")).toEqual([]);
  });
});

describeWithSandbox("starting", () => {
  test("hands on exactly the arguments, however many and whatever is in them", async () => {
    const given = ["a b", "", "$HOME", "`id`", "'\"", "--", "-n", "ä\n", "x".repeat(20_000)];
    const { stdout } = await bench.run({
      argv: [process.execPath, "-e", "process.stdout.write(JSON.stringify(process.argv.slice(1)))", "--", ...given],
    });
    expect(JSON.parse(stdout)).toEqual(given);
  });

  test("hands on standard input of the named digest, and refuses another", async () => {
    const input = Buffer.from("one\ntwo\n");
    const stdin = { sha256: createHash("sha256").update(input).digest("hex"), bytes: input.byteLength };
    const matching = await bench.run({ argv: ["cat"], stdin }, { stdin: input });
    expect(matching.stdout).toBe("one\ntwo\n");
    const other = await bench.run({ argv: ["cat"], stdin }, { stdin: Buffer.from("one\nTWO\n") });
    expect(other.receipt.outcome).toBe("not_started");
    expect(other.receipt.refusals[0]?.detail).toMatch(/^RUNNER_STDIN_MISMATCH/);
  });

  test("a program that does not read its input is no failure", async () => {
    const input = Buffer.alloc(1_000_000, "x");
    const stdin = { sha256: createHash("sha256").update(input).digest("hex"), bytes: input.byteLength };
    const { receipt } = await bench.run({ argv: ["true"], stdin }, { stdin: input });
    expect(receipt.outcome).toBe("succeeded");
  });

  test("a program of the working folder starts by its path, a script by its own first line", async () => {
    writeFileSync(join(bench.project, "tool"), "#!/usr/bin/env node\nconsole.log('tool', process.argv[2])\n", {
      mode: 0o755,
    });
    const { stdout } = await bench.run({ argv: ["./tool", "x"] });
    expect(stdout).toBe("tool x\n");
  });

  test.each([
    ["no such program", { argv: ["writ-no-such-program"] }, "RUNNER_PROGRAM_MISSING"],
    ["a folder", { argv: ["./out"] }, "RUNNER_PROGRAM_MISSING"],
  ])("%s is a receipt `not_started`", async (_, asked, code) => {
    const { receipt } = await bench.run(asked);
    expect(receipt).toMatchObject({ outcome: "not_started", exit_code: null, sandbox: null });
    expect(receipt.refusals[0]?.detail.startsWith(code)).toBe(true);
  });

  test("exit codes and signals of the program itself are told apart from those it was sent", async () => {
    expect((await bench.script("exit 7")).receipt).toMatchObject({ outcome: "failed", exit_code: 7, signal: null });
    expect((await bench.script("kill -KILL $$")).receipt).toMatchObject({
      outcome: "failed",
      exit_code: null,
      signal: "SIGKILL",
    });
    expect((await bench.script("exit 130")).receipt).toMatchObject({ outcome: "failed", exit_code: 130, signal: null });
  });

  test("standard output and error are pipes that can be opened again", async () => {
    const { stdout, stderr } = await bench.script("echo one > /dev/stdout; echo two > /dev/stderr");
    expect({ stdout, stderr }).toEqual({ stdout: "one\n", stderr: "two\n" });
  });

  test("a run that is not observed says so", async () => {
    const blind = openBench({ observe: false });
    const { receipt } = await blind.script("echo x > elsewhere; true");
    blind.close();
    expect(receipt.outcome).toBe("succeeded");
    expect(receipt.sandbox).toMatch(/^bubblewrap /);
    expect(attempts(receipt)).toEqual([expect.objectContaining({ kind: "sandbox", target: "observer" })]);
  });

  test("who watches and fails does not disturb the run", async () => {
    const onStdout = (): void => {
      throw new Error("gone");
    };
    const { receipt } = await bench.script("echo one; sleep 0.1; echo two", {}, { onStdout });
    expect(receipt).toMatchObject({ outcome: "succeeded", stdout: { bytes: 8 } });
  });

  test("many runs at once keep their outputs apart", async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, (_, number) => bench.script(`echo ${String(number)}`)));
    expect(runs.map(({ stdout }) => stdout.trim())).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  });

  test("with the machine's network its servers are reached", async () => {
    const server = createServer((socket) => socket.end("reached"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const text = `require('net').connect(${String(port)},'127.0.0.1').on('data',d=>process.stdout.write(d))`;
    const { stdout } = await bench.run({ argv: [process.execPath, "-e", text], network: "host" });
    server.close();
    expect(stdout).toBe("reached");
  });

  test("values of variables do not show in the machine's list of processes", async () => {
    const run = bench.script("sleep 1.75", { environment: ["MARK"] }, { environment: { MARK: "hunter2-value" } });
    await until(() => processesNamed("1.75").length > 0);
    const seen = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    expect(seen).toContain("sleep 1.75");
    expect(seen).not.toContain("hunter2-value");
    await run;
  });
});

const NOBODY = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

/** Whether a command succeeds as another user, which only root can try. */
function asNobody(command: readonly string[]): boolean {
  return process.getuid?.() === 0 && spawnSync("setpriv", [...NOBODY, ...command]).status === 0;
}

/** Pids of processes with this argument. */
function processesNamed(argument: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").slice(1).includes(argument) &&
        readFileSync(`/proc/${pid}/comm`, "latin1") === "sleep\n"
      );
    } catch {
      return false;
    }
  });
}

function processesOfSandboxes(): readonly string[] {
  const child = readFileSync(`/proc/self/task/${String(process.pid)}/children`, "latin1").trim();
  return child === ""
    ? []
    : child.split(" ").filter((pid) => /bwrap|strace/.test(readFileSync(`/proc/${pid}/comm`, "latin1")));
}

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 10_000; !condition(); await sleep(10)) {
    if (performance.now() > deadline) throw new Error("waited in vain");
  }
}
