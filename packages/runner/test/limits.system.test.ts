import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { attempts, openBench, type Bench, type Ran } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

const NOBODY = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

const nobodyRuns = nobodyCan();
if (!nobodyRuns)
  console.warn(
    "skipped: limits of an ordinary user (only root can start a sandbox as another user, where that user may)",
  );

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

describeWithSandbox("limits", () => {
  test("a process that takes too long is asked to end, and its receipt says so", async () => {
    const { receipt, stdout } = await untilTrapped(
      "trap 'echo asked; exit 3' TERM; echo > out/trapped; sleep 60 & wait",
    );
    expect(receipt).toMatchObject({ outcome: "timed_out", exit_code: 3, signal: null });
    expect(stdout).toBe("asked\n");
    expect(attempts(receipt)).toContainEqual({ kind: "limit", target: "time", detail: "stopped" });
  });

  test("one that ignores the question is ended after two seconds, with all its children", async () => {
    const [first, second] = [nap(), nap()];
    const text = `trap '' TERM; setsid sleep ${first} & (trap '' TERM; sleep ${second}) & echo > out/trapped; while :; do sleep 0.05; done`;
    const { receipt } = await untilTrapped(text);
    expect(receipt).toMatchObject({ outcome: "timed_out", signal: "SIGKILL" });
    expect([first, second].map(processesNamed)).toEqual([[], []]);
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
    await until(() => processesOfSandboxes().length === 0);
  });

  test.runIf(nobodyRuns)("for an ordinary user the kernel itself bounds the processes", () => {
    const program = `
        import { attempts, openBench } from ${JSON.stringify(join(import.meta.dirname, "bench.ts"))};
        const bench = openBench();
        const { receipt } = await bench.script("f() { f | f & }; f; sleep 1", { processes: 40, timeMs: 5000 });
        console.log(JSON.stringify(attempts(receipt)));
        bench.close();`;
    const node = [process.execPath, "--conditions=writ-source", "--input-type=module", "-e", program];
    const told = execFileSync("setpriv", [...NOBODY, ...node], { encoding: "utf8", env: { HOME: "/nonexistent" } });
    expect(told).toContain("the process limit was reached");
  });

  test.runIf(nobodyRuns)("a folder that the process closes is told as unmeasured, not as deleted", () => {
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
  });

  test("an abort interrupts the process", async () => {
    const abort = new AbortController();
    const long = nap();
    const run = bench.script(`sleep ${long}`, {}, { signal: abort.signal });
    await until(() => processesNamed(long).length > 0);
    abort.abort();
    expect((await run).receipt.outcome).toBe("interrupted");
    expect(processesNamed(long)).toEqual([]);
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
    const long = nap();
    const text = `(sleep ${long} >/dev/null 2>&1 &) ; setsid sleep ${long} >/dev/null 2>&1 & echo started`;
    const { receipt, stdout } = await bench.script(text);
    expect(receipt.outcome).toBe("succeeded");
    expect(stdout).toBe("started\n");
    expect(processesNamed(long)).toEqual([]);
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
    const long = nap();
    const program = `
      import { openBench } from ${JSON.stringify(join(import.meta.dirname, "bench.ts"))};
      const bench = openBench();
      void bench.script("echo up > out/up; sleep ${long}");
      console.log(bench.folder);
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ["--conditions=writ-source", "--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.resume();
    try {
      await until(() => processesNamed(long).length > 0);
    } finally {
      child.kill(signal);
    }
    await until(() => processesNamed(long).length === 0);
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
    const [long, secret] = [nap(), `hunter2-${nap()}`];
    const abort = new AbortController();
    const environment = { MARK: secret };
    const run = bench.script(`sleep ${long}`, { environment: ["MARK"] }, { environment, signal: abort.signal });
    await until(() => processesNamed(long).length > 0);
    expect(commandLines().filter((line) => line.join(" ").includes(secret))).toEqual([]);
    abort.abort();
    await run;
  });
});

/** Whether another user can run this test's programs and confine them, which only root can try. */
function nobodyCan(): boolean {
  const node = [process.execPath, "-e", `require("fs").readFileSync(${JSON.stringify(import.meta.filename)})`];
  const confined = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--", ...node];
  return process.getuid?.() === 0 && spawnSync("setpriv", [...NOBODY, ...confined]).status === 0;
}

/** A script that leaves `out/trapped` when it is ready to be asked, with as much time as this machine takes to it. */
async function untilTrapped(text: string): Promise<Ran> {
  for (let timeMs = 200; ; timeMs *= 3) {
    const ran = await bench.script(text, { timeMs });
    if (existsSync(join(bench.out, "trapped"))) return ran;
    expect(timeMs).toBeLessThan(100_000);
  }
}

let naps = 0;

/** How long to sleep, far longer than a test: a number that nobody else on this machine sleeps for. */
function nap(): string {
  return `600.${String(process.pid)}${String((naps += 1)).padStart(3, "0")}`;
}

/** Pids of processes that sleep for this long. */
function processesNamed(argument: string): readonly string[] {
  const named = (pid: string) => commandLine(pid).slice(1).includes(argument) && nameOf(pid) === "sleep\n";
  return processes().filter(named);
}

function commandLines(): readonly (readonly string[])[] {
  return processes().map(commandLine);
}

function processes(): readonly string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
}

function commandLine(pid: string): readonly string[] {
  return told(`/proc/${pid}/cmdline`).split("\0");
}

function nameOf(pid: string): string {
  return told(`/proc/${pid}/comm`);
}

function processesOfSandboxes(): readonly string[] {
  const children = told(`/proc/self/task/${String(process.pid)}/children`)
    .trim()
    .split(" ");
  return children.filter((pid) => /bwrap|strace/.test(nameOf(pid)));
}

/** Of a process that has ended, nothing. */
function told(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** Far longer than a busy machine takes: a wait that ends here has found something stuck. */
const PATIENCE_MS = 60_000;

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; !condition(); await sleep(10)) {
    if (performance.now() > deadline) throw new Error("waited in vain");
  }
}
