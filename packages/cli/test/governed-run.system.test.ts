import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "@writ/testkit";
import { createInstallation, type Installation } from "./support/installation.ts";
import { describeWithSandbox } from "./support/sandbox.ts";

const bundle = join(import.meta.dirname, "..", "bundle", "writ.mjs");

let writ: Installation;
beforeEach(() => {
  writ = createInstallation();
});
afterEach(() => writ.dispose());

/** What a second run of one action prints. */
interface Again {
  readonly entries: readonly { readonly kind: string }[];
  readonly receipt: { readonly ended_at: string };
  readonly ran_before: string;
}

async function json(
  args: readonly string[],
  options: Parameters<Installation["run"]>[1] = {},
): Promise<Record<string, never>> {
  const { stdout } = await writ.run([...args, "--json"], options);
  return JSON.parse(stdout) as Record<string, never>;
}

describeWithSandbox("a governed run on the command line", () => {
  test("is held under DEFENSE, approved in a second terminal, run once, and the first prints the receipt", async () => {
    expect((await writ.run(["posture", "DEFENSE"])).code).toBe(0);
    const waiting = writ.start(["run", "--", "git", "push"]);
    const [, id = ""] = await waiting.seen(/held ([0-9a-f-]{36})/);
    const inbox = await writ.run(["inbox"]);
    expect(inbox.stdout).toContain(id);
    expect(inbox.stdout).toContain("git push");
    const approved = await writ.run(["approve", id, "--yes"]);
    expect(approved).toMatchObject({ code: 0 });
    const done = await waiting.finished;
    expect(done.stderr).toContain("receipt");
    expect(done.stderr).toContain("as decided");
    // `git push` fails outside a repository: the command's failure, truly reported.
    expect(done.code).toBe(1);

    const again = await writ.run(["approve", id, "--yes", "--json"]);
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({ error: "ACTION_ALREADY_ANSWERED" });
  });

  test("is denied under SCOUT with the policy's id and text", async () => {
    await writ.run(["posture", "SCOUT"]);
    const denied = await writ.run(["run", "--", "git", "push"]);
    expect(denied.code).toBe(3);
    expect(denied.stderr).toMatch(/deny +SC-1/);
    expect(denied.stderr).toMatch(/read-only|SCOUT/i);
  });

  test("needs no question for harmless commands under None and OFFENSE, and prints one document with --json", async () => {
    await writ.run(["mode", "none"]);
    await writ.run(["posture", "OFFENSE"]);
    writeFileSync(join(writ.workspace, "seen.txt"), "");
    const plain = await writ.run(["run", "--", "ls"]);
    expect(plain).toMatchObject({ code: 0, stdout: "out\nseen.txt\n" });
    const document = await json(["run"]);
    expect(document).toMatchObject({ error: "USAGE" });
    const { stdout } = await writ.run(["run", "--json", "--", "ls"]);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual([
      "action",
      "decision",
      "contract",
      "ticket",
      "receipt",
      "entries",
      "checkpoint",
    ]);
    expect(result).toMatchObject({ decision: "allow", receipt: { outcome: "succeeded", exit_code: 0 } });
  });

  test("cannot be changed under an approval that was given for something else", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const held = await writ.run(["run", "--no-wait", "--json", "--", "git", "push"]);
    expect(held.code).toBe(3);
    const { action } = JSON.parse(held.stdout) as { action: { id: string } };
    await writ.run(["approve", action.id, "--yes"]);
    const changed = await writ.run(["run", "--json", "--action", action.id, "--", "git", "push", "--force"]);
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.stdout)).toMatchObject({ error: "ACTION_DIGEST_MISMATCH" });
    const same = await writ.run(["run", "--json", "--action", action.id, "--", "git", "push"]);
    expect(JSON.parse(same.stdout)).toMatchObject({ receipt: { outcome: "failed" } });
    const twice = await writ.run(["run", "--json", "--action", action.id, "--", "git", "push"]);
    const { entries, receipt, ran_before } = JSON.parse(twice.stdout) as Again;
    expect(entries.filter(({ kind }) => kind === "execution.intent")).toHaveLength(1);
    expect(ran_before).toBe(receipt.ended_at);
    expect(twice.code).toBe(1);
    expect(JSON.parse(same.stdout)).not.toHaveProperty("ran_before");
    const told = await writ.run(["run", "--action", action.id, "--", "git", "push"]);
    expect(told.stderr).toContain(`this action ran already, until ${receipt.ended_at}`);
  });

  test("is left in the inbox by Ctrl-C, which ends the waiting with 130", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const waiting = writ.start(["run", "--", "git", "push"]);
    const [, id = ""] = await waiting.seen(/waiting for: writ approve ([0-9a-f-]{36})/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(-(waiting.child.pid ?? 0), "SIGINT");
    expect((await waiting.finished).code).toBe(130);
    expect((await writ.run(["inbox"])).stdout).toContain(id);
  });

  test("goes on waiting when the owner is killed, and runs after the yes", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const waiting = writ.start(["run", "--", "git", "push"]);
    const [, id = ""] = await waiting.seen(/held ([0-9a-f-]{36})/);
    const lock = JSON.parse(readFileSync(join(writ.folder, "data", "log.db-owner.json"), "utf8")) as { pid: number };
    process.kill(lock.pid, "SIGKILL");
    expect(await writ.run(["approve", id, "--yes"])).toMatchObject({ code: 0 });
    expect((await waiting.finished).stderr).toContain("as decided");
  });

  test("that Ctrl-C stops ends with 130 and a receipt", async () => {
    await writ.run(["posture", "OFFENSE"]);
    const running = writ.start(["run", "--", "sh", "-c", "echo begun; sleep 30"]);
    await running.seen(/begun/);
    running.child.kill("SIGINT");
    const done = await running.finished;
    expect(done).toMatchObject({ code: 130, stderr: expect.stringContaining("interrupted") });
    const [, id = ""] = /writ ([0-9a-f-]{36})/.exec(done.stderr) ?? [];
    const again = await writ.run(["run", "--action", id, "--", "sh", "-c", "echo begun; sleep 30"]);
    expect(again).toMatchObject({ code: 130, stdout: "", stderr: expect.stringContaining("ran already") });
  });

  test("an agent's token can propose and can never approve", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const { token } = (await json(["token", "create", "agent", "--principal", "claude"])) as unknown as {
      token: string;
    };
    const environment = { WRIT_TOKEN: token };
    const proposed = await writ.run(["propose", "upload the report", "--json"], { environment });
    expect(proposed.code).toBe(3);
    const { id } = JSON.parse(proposed.stdout) as { id: string };
    const refused = await writ.run(["approve", id, "--json"], { environment });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: "FORBIDDEN" });
    expect((await writ.run(["approve", id, "--yes"])).code).toBe(0);
  });

  test("no command inside a coding agent approves or governs", async () => {
    const environment = { CLAUDECODE: "1" };
    for (const args of [
      ["approve", "01a1fdf9-4228-7313-aa08-77eaf079c5a6", "--yes"],
      ["posture", "OFFENSE"],
      ["token", "create", "operator"],
    ]) {
      const refused = await writ.run([...args, "--json"], { environment });
      expect(refused.code, args.join(" ")).toBe(1);
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: "APPROVAL_BY_AGENT" });
    }
  });

  test.each([
    ["y", "approved", 0],
    ["n", "not approved", 1],
  ])("a person on the terminal answers %s, and the command ends", async (answer, told, code) => {
    await writ.run(["posture", "DEFENSE"]);
    const { id } = await json(["propose", "delete the archive"]);
    const approve = `"${process.execPath}" "${bundle}" approve ${String(id)}`;
    const terminal = spawn("script", ["-qec", approve, "/dev/null"], { env: writ.environment, cwd: writ.workspace });
    let shown = "";
    terminal.stdout.setEncoding("utf8").on("data", (part: string) => {
      const before = shown;
      shown += part;
      if (!before.includes("[y/N]") && shown.includes("[y/N]")) terminal.stdin.write(`${answer}\n`);
    });
    const ended = await new Promise((resolve) => terminal.once("close", resolve));
    expect(shown).toContain(told);
    expect(ended).toBe(code);
  });

  test("without a terminal an approval says what to do", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const { id } = JSON.parse((await writ.run(["propose", "upload the report", "--json"])).stdout) as { id: string };
    const refused = await writ.run(["approve", id, "--json"]);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: "APPROVAL_NEEDS_TERMINAL" });
  });

  test("may write out/ alone, and every attempt to reach further is in the receipt", async () => {
    await writ.run(["mode", "none"]);
    await writ.run(["posture", "OFFENSE"]);
    const port = await freePort();
    const server = createServer((_request, response) => response.end("reached"));
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const ssh = join(writ.home, ".ssh");
    mkdirSync(ssh, { mode: 0o700 });
    writeFileSync(join(ssh, "id_ed25519"), "PRIVATE KEY");
    const script = [
      "echo good > out/good.txt",
      "echo bad > elsewhere.txt",
      "echo bad > /etc/writ-was-here",
      `cat "${ssh}/id_ed25519"`,
      `bash -c 'echo > /dev/tcp/127.0.0.1/${String(port)}' && echo REACHED`,
      "echo secret=$WRIT_TEST_SECRET",
      `ls "${join(writ.folder, "data")}" "${join(writ.folder, "config")}"`,
      "true",
    ].join("\n");
    const { stdout, stderr, code } = await writ.run(["run", "--json", "--write", "out/", "--", "sh", "-c", script], {
      environment: { WRIT_TEST_SECRET: "hunter2" },
    });
    server.close();
    expect(stderr).not.toContain("REACHED");
    expect(stderr).not.toContain("hunter2");
    expect(stdout + stderr).not.toContain("PRIVATE KEY");
    expect(code).toBe(0);
    expect(readFileSync(join(writ.workspace, "out", "good.txt"), "utf8")).toBe("good\n");
    expect(existsSync(join(writ.workspace, "elsewhere.txt"))).toBe(false);
    expect(existsSync("/etc/writ-was-here")).toBe(false);
    const { receipt } = JSON.parse(stdout) as {
      receipt: { files: object[]; refusals: { kind: string; target: string }[] };
    };
    expect(receipt.files).toMatchObject([
      { path: join(writ.workspace, "out", "good.txt"), change: "created", bytes: 5 },
    ]);
    const refused = receipt.refusals.map(({ kind, target }) => `${kind} ${target}`);
    expect(refused).toContain(`write ${join(writ.workspace, "elsewhere.txt")}`);
    expect(refused).toContain("write /etc/writ-was-here");
    expect(refused).toContain(`read ${ssh}/id_ed25519`);
    expect(refused).toContain(`network 127.0.0.1:${String(port)}`);
    expect(refused).toContain("environment WRIT_TEST_SECRET");
  });

  test.each([
    ["no server", false],
    ["writ up beside it", true],
  ])(
    "twenty at once, twice, lose nothing: %s",
    async (_name, withServer) => {
      const server = withServer
        ? writ.start(["up", "--port", String(await freePort())], { timeoutMs: 120_000 })
        : undefined;
      await server?.seen(/Writ is up/);
      for (let round = 0; round < 2; round++) {
        const runs = await Promise.all(Array.from({ length: 20 }, () => writ.run(["run", "--json", "--", "true"])));
        expect(runs.filter(({ code }) => code !== 0)).toEqual([]);
      }
      const receipts = new Set<string>();
      let after = -1;
      for (;;) {
        const page = JSON.parse(
          (
            await writ.run([
              "log",
              "list",
              "--kind",
              "execution.receipt",
              "--limit",
              "30",
              "--after",
              String(after),
              "--json",
            ])
          ).stdout,
        ) as {
          entries: { index: number; entry: { data: { receipt: { ticket_id: string } } } }[];
          next: number | null;
        };
        for (const { entry, index } of page.entries) {
          receipts.add(entry.data.receipt.ticket_id);
          after = index;
        }
        if (page.next === null) break;
      }
      expect(receipts.size).toBe(40);
      const keys = join(writ.folder, "keys");
      writeFileSync(keys, (await writ.run(["log", "key"])).stdout);
      expect((await writ.run(["verify", join(writ.folder, "data", "log.db"), "--policy", keys])).code).toBe(0);
    },
    240_000,
  );
});
