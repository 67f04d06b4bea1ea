import { readFileSync, writeFileSync, chmodSync, cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { freePort, vectorsFolder } from "@writ/testkit";
import { createInstallation, stopOwner, type Installation } from "./support/installation.ts";
import { testWithSandbox } from "./support/sandbox.ts";

let writ: Installation;
beforeEach(() => {
  writ = createInstallation();
});
afterEach(() => writ.dispose());

const bundle = join(import.meta.dirname, "..", "bundle", "writ.mjs");
const shipped = join(import.meta.dirname, "..", "..", "policy", "policies");

describe("wrong use ends in a code, a reason and a next step", () => {
  let shared: Installation;
  beforeAll(() => {
    shared = createInstallation();
  });
  afterAll(() => shared.dispose());

  test.each([
    [["run"], 2, "USAGE"],
    [["nonsense"], 2, "USAGE"],
    [["posture", "YOLO"], 2, "GOVERNANCE_INVALID"],
    [["mode", "High Securty"], 2, "GOVERNANCE_INVALID"],
    [["show", "../../etc/passwd"], 2, "REQUEST_INVALID"],
    [["show", "01a1fdf9-4228-7313-aa08-77eaf079c5a6"], 1, "ACTION_NOT_FOUND"],
    [["log", "show", "999"], 1, "ENTRY_NOT_FOUND"],
    [["log", "show", "-1"], 2, undefined],
    [["log", "list", "--limit", "100000"], 2, "REQUEST_INVALID"],
    [["run", "--time", "soon", "--", "true"], 2, "USAGE"],
    [["up", "--port", "0"], 2, "USAGE"],
    [["up", "--trial", "--host", "0.0.0.0"], 2, "USAGE"],
    [["policy", "check", "/nowhere"], undefined, undefined],
    [["policy", "authorize", "--batch", "/nowhere"], undefined, "FILE_UNREADABLE"],
    [["completion", "tcsh"], 2, "USAGE"],
  ])("writ %s", async (args, code, error) => {
    const end = args.indexOf("--");
    const withJson = end === -1 ? [...args, "--json"] : [...args.slice(0, end), "--json", ...args.slice(end)];
    const done = await shared.run(withJson);
    expect(done.code).not.toBe(0);
    if (code !== undefined) expect(done.code).toBe(code);
    const told = JSON.parse(done.stdout) as Record<string, string>;
    if (error !== undefined) expect(told["error"]).toBe(error);
    expect(told["message"]).not.toBe("");
    expect(told["next"]).not.toBe("");
  });

  testWithSandbox("writ run --read of a folder that is not there", async () => {
    const done = await shared.run(["run", "--read", "nowhere/", "--json", "--", "true"]);
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([1, { error: "RUNNER_SCOPE_MISSING" }]);
  });
});

describe("broken surroundings end in a code, a reason and a next step", () => {
  testWithSandbox("a key that others can read stops the start, and changes nothing", async () => {
    await writ.run(["status"]);
    await stopOwner(writ.environment);
    const keys = join(writ.folder, "config", "keys");
    const [key = ""] = readdirSync(keys).filter((name) => name.endsWith(".key"));
    chmodSync(join(keys, key), 0o644);
    const refused = await writ.run(["run", "--json", "--", "true"]);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: "KEY_UNSAFE" });
    chmodSync(join(keys, key), 0o600);
    expect((await writ.run(["run", "--", "true"])).code).toBe(0);
  });

  test("a data home that others can write stops the start", async () => {
    await writ.run(["status"]);
    await stopOwner(writ.environment);
    chmodSync(join(writ.folder, "data"), 0o777);
    const refused = await writ.run(["status", "--json"]);
    expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([1, { error: "HOME_UNSAFE" }]);
    chmodSync(join(writ.folder, "data"), 0o700);
    expect((await writ.run(["status"])).code).toBe(0);
  });

  test("a pipe among the policies is refused rather than waited for, as is a folder for a file", async () => {
    const { spawnSync } = await import("node:child_process");
    spawnSync("mkfifo", [join(writ.workspace, "p.cedar")]);
    for (const [args, error] of [
      [["policy", "check", writ.workspace], "POLICY_UNREADABLE"],
      [["policy", "fmt", join(writ.workspace, "p.cedar")], "FILE_UNREADABLE"],
      [["policy", "authorize", "--batch", writ.workspace], "FILE_UNREADABLE"],
    ] as const) {
      const refused = await writ.run([...args, "--json"], { timeoutMs: 10_000 });
      expect(JSON.parse(refused.stdout), args.join(" ")).toMatchObject({ error });
    }
  });

  test("the formatter names the file it cannot read, and rewrites none that is not UTF-8", async () => {
    const bad = join(writ.workspace, "bad.cedar");
    writeFileSync(bad, "permit(\n");
    const refused = await writ.run(["policy", "fmt", bad, "--json"]);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: "POLICY_SYNTAX",
      message: expect.stringContaining(bad),
    });
    const latin = Buffer.from("// caf\u00e9\npermit(principal,action,resource);", "latin1");
    writeFileSync(bad, latin);
    const untouched = await writ.run(["policy", "fmt", bad, "--json"]);
    expect(JSON.parse(untouched.stdout)).toMatchObject({ error: "FILE_UNREADABLE", reason: "it is not UTF-8" });
    expect(readFileSync(bad)).toEqual(latin);
  });

  test("cases judge a command as `writ run` does, also where its shell text cannot be seen", async () => {
    const file = join(writ.workspace, "cases.yaml");
    const expected = "{ outcome: hold, policies: [DE-1, DE-2] }";
    const unseen = `{ name: unseen, command: [sh, -c, "eval $x"], expect: ${expected} }`;
    writeFileSync(file, `defaults: { given: { posture: DEFENSE } }\ncases: [${unseen}]\n`);
    expect(await writ.run(["policy", "test", file])).toMatchObject({ code: 0 });
    expect(await writ.run(["posture", "DEFENSE"])).toMatchObject({ code: 0 });
    expect(await writ.run(["run", "--no-wait", "--", "sh", "-c", "eval $x"])).toMatchObject({ code: 3 });
  });

  test("one bad line in one policy refuses the whole set and names file, line and remedy", async () => {
    const own = join(writ.folder, "config", "policies");
    mkdirSync(own, { recursive: true });
    cpSync(shipped, own, { recursive: true });
    writeFileSync(
      join(own, "zz.cedar"),
      '@id("MINE")\nforbid(principal, action, resource)\nwhen { context.postrue == "SCOUT" };\n',
    );
    const refused = await writ.run(["run", "--json", "--", "true"]);
    expect(refused.code).not.toBe(0);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: "POLICY_INVALID", details: { file: "zz.cedar" } });
    rmSync(join(own, "zz.cedar"));
  });

  testWithSandbox("policies of one's own decide when the operator activates them, and not before", async () => {
    expect((await writ.run(["run", "--", "true"])).code).toBe(0);
    await stopOwner(writ.environment);
    const own = join(writ.folder, "config", "policies");
    mkdirSync(own, { recursive: true });
    cpSync(shipped, own, { recursive: true });
    writeFileSync(join(own, "zz.cedar"), '@id("MINE")\n@text("Closed.")\nforbid(principal, action, resource);\n');
    expect((await writ.run(["run", "--", "true"])).code).toBe(0);
    expect((await writ.run(["status"])).stdout).toContain("pending");
    const preview = await writ.run(["policy", "activate", "--dry-run"]);
    expect(preview).toMatchObject({ code: 0, stdout: expect.stringContaining("+ MINE") });
    const inAgent = await writ.run(["policy", "activate", "--yes", "--json"], { environment: { CLAUDECODE: "1" } });
    expect([inAgent.code, JSON.parse(inAgent.stdout)]).toMatchObject([1, { error: "APPROVAL_BY_AGENT" }]);
    const unasked = await writ.run(["policy", "activate", "--json"]);
    expect(JSON.parse(unasked.stdout)).toMatchObject({ error: "APPROVAL_NEEDS_TERMINAL" });
    expect((await writ.run(["policy", "activate", "--yes"])).code).toBe(0);
    expect((await writ.run(["status"])).stdout).not.toContain("pending");
    const denied = await writ.run(["run", "--json", "--", "true"]);
    expect(denied).toMatchObject({ code: 3, stdout: expect.stringContaining("MINE") });
    // A folder elsewhere, named relative to where the operator stands.
    cpSync(shipped, join(writ.workspace, "mine"), { recursive: true });
    expect((await writ.run(["policy", "activate", "mine", "--yes"])).code).toBe(0);
    expect((await writ.run(["run", "--", "true"])).code).toBe(0);
  });

  test("`writ up` takes over from the owner that a command has just started in the background", async () => {
    for (let round = 0; round < 4; round++) {
      expect((await writ.run(["status"])).code).toBe(0);
      const up = writ.start(["up", "--port", String(await freePort())]);
      await up.seen(/http:\/\//);
      up.child.kill("SIGTERM");
      expect((await up.finished).code).toBe(0);
    }
  });

  test("a port that is taken, and a second owner, are told", async () => {
    const port = await freePort();
    const first = writ.start(["up", "--port", String(port)]);
    await first.seen(/Writ is up/);
    const second = await writ.run(["up", "--port", String(await freePort()), "--json"]);
    expect(second.code).toBe(1);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: "LEDGER_OWNED" });
    const other = createInstallation();
    const taken = await other.run(["up", "--port", String(port), "--json"]);
    await other.dispose();
    expect(taken.code).toBe(1);
    expect(JSON.parse(taken.stdout)).toMatchObject({ error: "PORT_TAKEN" });
    process.kill(first.child.pid ?? 0, "SIGINT");
    expect((await first.finished).code).toBe(130);
  });
});

describe("what a crash leaves", () => {
  testWithSandbox("a run that is killed is shown as unfinished and settled by recover", async () => {
    await writ.run(["posture", "OFFENSE"]);
    const running = writ.start(["run", "--", "sleep", "30"]);
    for (let attempt = 0; attempt < 100; attempt++) {
      if (
        (await writ.run(["log", "list", "--kind", "execution.intent", "--json"])).stdout.includes('"execution.intent"')
      )
        break;
    }
    running.child.kill("SIGKILL");
    await running.finished;
    const status = await writ.run(["status", "--json"]);
    const [unfinished] = (JSON.parse(status.stdout) as { unfinished_actions: { ticket_id: string }[] })
      .unfinished_actions;
    expect(unfinished).toBeDefined();
    const settled = await writ.run(["recover", unfinished?.ticket_id ?? ""]);
    expect(settled.stdout).toContain("settled");
    expect((await writ.run(["status"])).stdout).toMatch(/unfinished +0/);
  });
});

describe("what is derived", () => {
  test("views that cannot be read are made anew from the log", async () => {
    await writ.run(["posture", "DEFENSE"]);
    await stopOwner(writ.environment);
    const views = join(writ.folder, "data", "views.db");
    writeFileSync(views, Buffer.alloc(50_000, 7));
    const shown = await writ.run(["status"]);
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining("DEFENSE") });
  });

  testWithSandbox("a reader that leaves early is no fault, and the run behind it still gets its receipt", async () => {
    const { spawnSync } = await import("node:child_process");
    const pipe = (command: string): string =>
      spawnSync("sh", ["-c", `"${process.execPath}" "${bundle}" ${command} | head -c 1`], {
        env: writ.environment,
        cwd: writ.workspace,
        encoding: "utf8",
      }).stderr;
    expect(pipe("run -- seq 1 300000")).toContain("succeeded");
    expect(pipe("log list --json")).toBe("");
    expect(pipe("log export")).toBe("");
  });

  testWithSandbox(
    "a full disk behind stdout is said once, without a stack, and the run still gets its receipt",
    async () => {
      const { spawnSync } = await import("node:child_process");
      const full = spawnSync("sh", ["-c", `"${process.execPath}" "${bundle}" run -- echo hello > /dev/full`], {
        env: writ.environment,
        cwd: writ.workspace,
        encoding: "utf8",
      });
      expect(full.status).toBe(1);
      expect(full.stderr).toContain("succeeded");
      expect(full.stderr.match(/OUTPUT_FAILED/g)).toHaveLength(1);
      expect(full.stderr).not.toContain("    at ");
      const { unfinished } = JSON.parse((await writ.run(["status", "--json"])).stdout) as { unfinished: number };
      expect(unfinished).toBe(0);
    },
  );
});

describe("commands that agents and scripts use", () => {
  test("MCP on stdio proposes and reports through the owner", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const client = new Client({ name: "test", version: "1" });
    const environment = Object.fromEntries(
      Object.entries(writ.environment).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [bundle, "mcp"], env: environment }),
    );
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(["action_propose", "action_status"]);
    const proposed = await client.callTool({ name: "action_propose", arguments: { action: "upload the report" } });
    const { id, decision } = proposed.structuredContent as { id: string; decision: string };
    expect(decision).toBe("hold");
    expect((await writ.run(["approve", id, "--yes"])).code).toBe(0);
    const status = await client.callTool({ name: "action_status", arguments: { id } });
    expect(status.structuredContent).toMatchObject({ state: "released" });
    await client.close();
  });

  testWithSandbox(
    "views are rebuilt from the log, tokens are revoked, and completion names every command",
    async () => {
      const before = await writ.run(["run", "--json", "--", "true"]);
      const { action } = JSON.parse(before.stdout) as { action: { id: string } };
      expect((await writ.run(["views", "rebuild"])).stdout).toMatch(/rebuilt 1 actions/);
      expect((await writ.run(["show", action.id, "--json"])).stdout).toContain('"state": "executed"');
      const created = JSON.parse((await writ.run(["token", "create", "viewer", "--json"])).stdout) as {
        token: string;
        token_id: string;
      };
      const environment = { WRIT_TOKEN: created.token };
      expect((await writ.run(["log", "list"], { environment })).code).toBe(0);
      expect((await writ.run(["posture", "OFFENSE"], { environment })).code).toBe(1);
      await writ.run(["token", "revoke", created.token_id]);
      expect((await writ.run(["log", "list", "--json"], { environment })).stdout).toContain("TOKEN_INVALID");
      expect((await writ.run(["completion", "bash"])).stdout).toContain("approve");
    },
  );

  test("what an agent wrote cannot forge a line of the question, and everything that is bound is in it", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const command = ["sh", "-c", "rm x\ndecision  allow: harmless"];
    const held = await writ.run(["run", "--no-wait", "--json", "--read", "/usr/share/doc", "--", ...command]);
    const { action } = JSON.parse(held.stdout) as { action: { id: string } };
    const shown = await writ.run(["show", action.id]);
    expect(shown.stdout).toContain(String.raw`rm x\u000adecision  allow: harmless`);
    expect(shown.stdout).toContain("read /usr/share/doc");
    expect((await writ.run(["inbox"])).stdout.trimEnd().split("\n")).toHaveLength(1);
    const told = await writ.run(["propose", "--json", "delete it\nstate     executed", "--tool", "mail"]);
    const proposed = JSON.parse(told.stdout) as { id: string };
    const { stdout } = await writ.run(["show", proposed.id]);
    expect(stdout).toContain("| state     executed");
    expect(stdout).toMatch(/^tool      mail$/m);
  });

  test("an argument that is no UTF-8 is refused rather than replaced", async () => {
    const { spawnSync } = await import("node:child_process");
    const script = `exec "${process.execPath}" "${bundle}" run --json -- echo "$(printf '\\377')"`;
    const { stdout } = spawnSync("sh", ["-c", script], {
      env: writ.environment,
      cwd: writ.workspace,
      encoding: "utf8",
    });
    expect(JSON.parse(stdout)).toMatchObject({ error: "USAGE", message: expect.stringContaining("UTF-8") });
  });

  test("an export of nothing is refused, and one into a file tells so as a document", async () => {
    const nothing = await writ.run(["log", "export", "--run", "nothing", "--json"]);
    expect([nothing.code, JSON.parse(nothing.stdout)]).toMatchObject([1, { error: "ENTRY_NOT_FOUND" }]);
    const file = join(writ.folder, "all.jsonl");
    const all = await writ.run(["log", "export", "--output", file, "--json"]);
    expect(JSON.parse(all.stdout)).toMatchObject({ output: file });
    const run = await writ.run(["run", "--run", "morning", "--json", "--", "true"]);
    const { action } = JSON.parse(run.stdout) as { action: { id: string } };
    const one = join(writ.folder, "one.jsonl");
    expect((await writ.run(["log", "export", "--run", action.id, "--output", one])).code).toBe(0);
    writeFileSync(join(writ.folder, "keys"), (await writ.run(["log", "key"])).stdout);
    expect((await writ.run(["verify", one, "--policy", join(writ.folder, "keys")])).code).toBe(0);
  });

  test.each([["up"], ["up", "--trial"], ["recover"], ["token", "revoke", "x"]])(
    "writ %s %s is no act of a coding agent",
    async (...args) => {
      const refused = await writ.run([...args.filter(Boolean), "--json"], { environment: { CLAUDECODE: "1" } });
      expect(JSON.parse(refused.stdout)).toMatchObject({ error: "APPROVAL_BY_AGENT" });
    },
  );

  test("a token that is not one opens nothing with --in-process, where no door asks for it", async () => {
    await writ.run(["posture", "DEFENSE"]);
    const held = await writ.run(["propose", "--json", "--", "delete everything"]);
    const { id } = JSON.parse(held.stdout) as { id: string };
    await stopOwner(writ.environment);
    const environment = { CLAUDECODE: "1", WRIT_TOKEN: "nothing" };
    for (const args of [
      ["approve", id],
      ["posture", "OFFENSE"],
      ["token", "create", "operator"],
    ]) {
      const refused = await writ.run([...args, "--in-process", "--json"], { environment });
      expect(JSON.parse(refused.stdout), args.join(" ")).toMatchObject({ error: "TOKEN_INVALID" });
    }
  });

  test("the log opens in the command itself with --in-process", async () => {
    const done = await writ.run(["log", "list", "--in-process", "--json"]);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({ entries: [{ index: 0 }, { index: 1 }] });
  });
});

describe("policy authorize, over the outside vectors", () => {
  const folder = vectorsFolder();
  test.skipIf(folder === undefined)("answers every request of both sets as Cedar does", async () => {
    for (const name of ["handwritten.jsonl", "corpus-300.jsonl"]) {
      const file = join(folder ?? "", "cedar", name);
      const done = await writ.run(["policy", "authorize", "--batch", file]);
      expect(done.code).toBe(0);
      const answers = done.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const expected = readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .flatMap(
          (line) =>
            (JSON.parse(line) as { requests: { decision: string; reason: string[]; errors: string[] }[] }).requests,
        );
      console.info(`${name}: ${String(answers.length)} requests`);
      expect(answers.map(({ decision, reason, errors }) => ({ decision, reason, errors }))).toEqual(
        expected.map(({ decision, reason, errors }) => ({
          decision,
          reason: reason.toSorted(),
          errors: errors.toSorted(),
        })),
      );
    }
  });
});
