import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";

let writ: Installation;
beforeAll(() => {
  writ = createInstallation();
});
afterAll(() => writ.dispose());

const bundle = join(import.meta.dirname, "..", "bundle", "writ.mjs");

/** The command in a shell line, as `$writ`. */
function inShell(line: string, environment: NodeJS.ProcessEnv = {}) {
  return spawnSync("bash", ["-c", `writ="${process.execPath} ${bundle}"; ${line}`], {
    env: { ...writ.environment, ...environment },
    cwd: writ.workspace,
    encoding: "utf8",
    timeout: 60_000,
  });
}

describe("a command line that says something else than was meant is refused", () => {
  test.each([
    [["show", ""], "USAGE"],
    [["approve", "..", "--yes"], "USAGE"],
    [["token", "revoke", ""], "USAGE"],
    [["log", "show", "status"], "USAGE"],
    [["log", "proof", "head"], "USAGE"],
    [["up", "--host", ""], "USAGE"],
    [["up", "--port", "8e3"], "USAGE"],
    [["up", "--port", " 9 "], "USAGE"],
    [["completion", "__proto__"], "USAGE"],
    [["completion", "constructor"], "USAGE"],
    [["help", "nonsense"], "USAGE"],
    [["log"], "USAGE"],
    [["status", "--home", "/a", "--home", "/b"], "USAGE"],
    [["log", "list", "--limit", "1", "--limit=2"], "USAGE"],
    [["up", "--in-process"], "USAGE"],
    [["doctor", "--in-process"], "USAGE"],
    [["signer", "--socket", "s", "--origin", "o", "--in-process"], "USAGE"],
    [["ledger", "adopt", "--reason", "r", "--in-process"], "USAGE"],
    [["log", "list", "--kind", "policy.decison"], "REQUEST_INVALID"],
  ])("writ %j", async (args, error) => {
    const done = await writ.run([...args, "--json"]);
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([2, { error }]);
  });

  test("an option in the place of another's value is none, and no folder of its name is made", async () => {
    const done = await writ.run(["status", "--home", "--json"]);
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([2, { error: "USAGE" }]);
    expect(readdirSync(writ.workspace)).not.toContain("--json");
    expect((await writ.run(["run", "--env", "--", "true"])).code).toBe(2);
  });

  test.each([["demo"], ["policy", "fmt", "x"], ["kernel", "surfaces"], ["completion", "bash"]])(
    "writ %s %s opens no installation, and takes no option that names one",
    async (...words) => {
      const done = await writ.run([...words.filter(Boolean), "--json", "--home", writ.folder]);
      expect([done.code, JSON.parse(done.stdout)]).toMatchObject([2, { error: "USAGE" }]);
    },
  );

  test("a person is told the code, the reason and the next step as well, with the word that was meant", async () => {
    const { code, stderr } = await writ.run(["statsu"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^writ: unknown command 'statsu' \[USAGE\]\n {2}why: .*\n {2}next: .*status/);
  });

  test("what is quoted of a very long argument is bounded", async () => {
    expect((await writ.run(["completion", "x".repeat(100_000)])).stderr.length).toBeLessThan(5_000);
  });
});

describe("surroundings that are not what they should be", () => {
  test.each(["", "relative"])("a HOME of %j puts no log into the working folder", async (HOME) => {
    const environment = { HOME, WRIT_HOME: undefined, WRIT_KEY_HOME: undefined };
    const done = await writ.run(["status", "--json"], { environment });
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([2, { error: "USAGE" }]);
    expect(readdirSync(writ.workspace)).toEqual(["out"]);
  });

  test.each([
    ["WRIT_TOKEN", "writ_operator_x\nanother line", "TOKEN_INVALID"],
    ["WRIT_LOG_LEVEL", "loud", "USAGE"],
    ["WRIT_DATABASE", "", "USAGE"],
    ["WRIT_DATABASE", "mysql://u:hunter2@127.0.0.1:1/x", "USAGE"],
    ["WRIT_DATABASE", "postgres://u:hunter2@127.0.0.1:99999/x", "USAGE"],
    ["WRIT_DATABASE", "postgres://u:hunter2@127.0.0.1:1/x", "STORE_LOST"],
  ])("%s=%j is told as what it is", async (name, value, error) => {
    const environment = { WRIT_HOME: join(writ.folder, `home-${name}`), [name]: value };
    const done = await writ.run(["status", "--json"], { environment });
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([expect.any(Number), { error }]);
    expect(done.code).not.toBe(0);
    expect(done.stdout + done.stderr).not.toContain("hunter2");
  });

  test("a server that is none of ours is told as such", async () => {
    const server = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const environment = { WRIT_URL: `http://127.0.0.1:${String(port)}` };
    const done = await writ.run(["status", "--json"], { environment });
    server.close();
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([1, { error: "ANSWER_INVALID" }]);
  });

  test("a working folder that was removed is told where a path is taken from it", () => {
    for (const words of ["status --json --home x", "policy activate x --dry-run --json", "run --json -- true"]) {
      const gone = join(writ.workspace, "gone");
      mkdirSync(gone);
      const { stdout } = inShell(`cd gone && rmdir ../gone && $writ ${words}`);
      expect(JSON.parse(stdout), words).toMatchObject({ error: "FILE_UNREADABLE" });
      expect(existsSync(gone)).toBe(false);
    }
  });
});

describe("output that nobody takes", () => {
  test("a follower ends when its reader has left", () => {
    const { stdout } = inShell(`
      exec 3>&1
      { $writ log follow --after -1; echo "ended with $?" >&3; } | { head -1; exec 0<&-; touch ../left; } &
      until [ -e ../left ]; do sleep 0.02; done
      $writ posture OFFENSE
      wait`);
    expect(stdout).toMatch(/ledger.opened(.|\n)*ended with 0/);
  });

  test("a batch whose reader has left ends quietly", () => {
    const one = { name: "n", policies: "permit(principal,action,resource);", entities: [], shouldValidate: false };
    const who = { type: "U", id: "a" };
    const request = { principal: who, action: { type: "Action", id: "a" }, resource: who, context: {} };
    const line = JSON.stringify({ ...one, requests: Array.from({ length: 2000 }, () => request) });
    writeFileSync(join(writ.folder, "many.jsonl"), `${line}\n`.repeat(4));
    const { stderr, status } = inShell(
      `set -o pipefail; $writ policy authorize --batch ${join(writ.folder, "many.jsonl")} | head -1`,
    );
    expect([status, stderr]).toEqual([0, ""]);
  });

  test("an export to a full disk says so once", () => {
    const { stderr, status } = inShell("$writ log export > /dev/full");
    expect([status, stderr.match(/OUTPUT_FAILED/g)]).toEqual([1, ["OUTPUT_FAILED"]]);
  });

  test("an export that cannot be written, or has nothing to write, leaves no file", async () => {
    const nowhere = await writ.run(["log", "export", "--output", join(writ.folder, "no", "file"), "--json"]);
    expect([nowhere.code, JSON.parse(nowhere.stdout)]).toMatchObject([1, { error: "OUTPUT_FAILED" }]);
    const file = join(writ.folder, "nothing.jsonl");
    const nothing = await writ.run(["log", "export", "--run", "nothing", "--output", file, "--json"]);
    expect(JSON.parse(nothing.stdout)).toMatchObject({ error: "ENTRY_NOT_FOUND" });
    expect(existsSync(file)).toBe(false);
  });
});

describe("signals", () => {
  test("Ctrl-C ends MCP on stdio though its input stays open", async () => {
    const mcp = spawn(process.execPath, [bundle, "mcp"], { env: writ.environment, stdio: ["pipe", "pipe", "ignore"] });
    const ended = once(mcp, "exit");
    // Answered at once, as a message that is none: from then on it listens.
    mcp.stdin.write("{}\nnot json\n");
    await once(mcp.stdout, "data");
    mcp.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
  });

  test("Ctrl-C while a ticket is being redeemed does not end the command, which owes a receipt then", async () => {
    const answers: Readonly<Record<string, object>> = {
      "/api/actions": { id: "a", state: "open", digest: "d", contract: null },
      "/api/actions/a/ticket": { ticket: { id: "t" } },
    };
    const server = createServer((request, response) => {
      if (request.url === "/api/tickets/t/redeem") running.child.kill("SIGINT");
      // What is refused now is refused by the server, and told.
      const refused = { error: "TICKET_INVALID", message: "spent", reason: "as asked", next: "nothing" };
      const found = answers[request.url ?? ""];
      response.statusCode = found === undefined ? 409 : 200;
      setTimeout(() => response.end(JSON.stringify(found ?? refused)), 100);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const environment = { WRIT_URL: `http://127.0.0.1:${String(port)}` };
    const running = writ.start(["run", "--json", "--", "true"], { environment });
    const done = await running.finished;
    server.close();
    expect(JSON.parse(done.stdout)).toMatchObject({ error: "TICKET_INVALID" });
  });

  test.each(["is hung up on", "gets no answer when Ctrl-C asks to end"])(
    "a redemption that %s is unknown, and not asked again",
    async (how) => {
      const asked: (string | undefined)[] = [];
      const server = createServer((request, response) => {
        asked.push(request.url);
        if (request.url === "/api/tickets/t/redeem") {
          if (how === "is hung up on") request.socket.destroy();
          else running.child.kill("SIGINT");
          return;
        }
        const isTicket = request.url === "/api/actions/a/ticket";
        const action = { id: "a", state: "open", digest: "d", contract: null };
        response.end(JSON.stringify(isTicket ? { ticket: { id: "t" } } : action));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const environment = { WRIT_URL: `http://127.0.0.1:${String(port)}` };
      const running = writ.start(["run", "--json", "--", "true"], { environment });
      const done = await running.finished;
      server.closeAllConnections();
      server.close();
      expect(JSON.parse(done.stdout)).toMatchObject({ error: "REDEMPTION_UNKNOWN" });
      expect(asked).toEqual(["/api/actions", "/api/actions/a/ticket", "/api/tickets/t/redeem"]);
    },
  );

  test("Ctrl-C in a demonstration leaves nothing of it", async () => {
    const temporary = join(writ.folder, "tmp");
    mkdirSync(temporary, { recursive: true });
    const demo = writ.start(["demo"], { environment: { TMPDIR: temporary } });
    await demo.seen(/governed/);
    demo.child.kill("SIGINT");
    expect((await demo.finished).code).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("policy files", () => {
  const open = "permit(principal,action,resource);\n";

  test("the formatter changes all of its files or none, and keeps mode and link", async () => {
    const folder = join(writ.folder, "formatted");
    mkdirSync(folder);
    writeFileSync(join(folder, "a.cedar"), open);
    writeFileSync(join(folder, "b.cedar"), "permit(\n");
    chmodSync(join(folder, "a.cedar"), 0o640);
    expect((await writ.run(["policy", "fmt", folder])).code).not.toBe(0);
    expect(readFileSync(join(folder, "a.cedar"), "utf8")).toBe(open);
    const link = join(writ.folder, "link.cedar");
    symlinkSync(join(folder, "a.cedar"), link);
    expect((await writ.run(["policy", "fmt", link])).code).toBe(0);
    expect(readFileSync(join(folder, "a.cedar"), "utf8")).not.toBe(open);
    expect([statSync(join(folder, "a.cedar")).mode & 0o777, lstatSync(link).isSymbolicLink()]).toEqual([0o640, true]);
    expect((await writ.run(["policy", "fmt", "--check", link])).code).toBe(0);
    expect(readdirSync(folder)).toEqual(["a.cedar", "b.cedar"]);
  });

  test("a folder without policies is nothing to format", async () => {
    const done = await writ.run(["policy", "fmt", writ.workspace, "--json"]);
    expect(JSON.parse(done.stdout)).toMatchObject({ error: "FILE_UNREADABLE" });
  });

  test("a file in the place of the folder is named as what it is", async () => {
    const file = join(writ.folder, "one.cedar");
    writeFileSync(file, open);
    const done = await writ.run(["policy", "check", file, "--json"]);
    expect(JSON.parse(done.stdout)).toMatchObject({
      error: "POLICY_UNREADABLE",
      message: expect.stringContaining("is a file"),
    });
  });

  test("a fault in one of several cases files names the file", async () => {
    const good = join(writ.folder, "good.yaml");
    const bad = join(writ.folder, "bad.yaml");
    writeFileSync(good, "cases:\n  - { name: a, text: hello, expect: { outcome: allow } }\n");
    writeFileSync(bad, "cases:\n  - { name: a, txt: hello, expect: { outcome: allow } }\n");
    const done = await writ.run(["policy", "test", good, bad, "--json"]);
    expect(JSON.parse(done.stdout)).toMatchObject({
      error: "POLICY_CASES",
      message: expect.stringContaining(bad),
    });
  });

  test("a batch is read strictly: bytes that are no UTF-8 are refused, numbers of 64 bits are exact, CR LF ends a line", async () => {
    const case64 = (value: string): string =>
      `{"name":"n","policies":"permit(principal,action,resource) when { context.n == ${value} };","entities":[],"shouldValidate":false,"requests":[{"principal":{"type":"U","id":"a"},"action":{"type":"Action","id":"a"},"resource":{"type":"U","id":"b"},"context":{"n":${value}}}]}`;
    const file = join(writ.folder, "batch.jsonl");
    const latin = Buffer.from(case64("1").replace('"name":"n"', '"name":"caf\u00e9"'), "latin1");
    const lines = [case64("9223372036854775807"), "\r\n", case64("-9223372036854775808"), "\n", latin, "\n\n"];
    writeFileSync(file, Buffer.concat(lines.map((part) => Buffer.from(part))));
    const done = await writ.run(["policy", "authorize", "--batch", file]);
    expect(done.code).toBe(1);
    expect(
      done.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([{ decision: "allow" }, { decision: "allow" }, { name: null, error: { code: "JSON_UTF8" } }]);
  });
});

describe("completion", () => {
  /** What bash offers for a command line that ends where the cursor is. */
  const offered = (line: string): string[] => {
    const words = line.split(" ");
    const script = `eval "$($writ completion bash)"; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${String(words.length - 1)}; _writ; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return inShell(script).stdout.split("\n").filter(Boolean);
  };

  test.each([
    ["writ st", ["status"]],
    ["writ log ex", ["export"]],
    ["writ log export --cl", ["--closed"]],
    ["writ kernel policy comp", ["compile"]],
    ["writ run --dry-run --wr", ["--write"]],
    ["writ run -- ls --wr", []],
    ["writ show ", []],
    ["writ own", []],
  ])("bash offers for `%s` %j", (line, words) => {
    expect(offered(line)).toEqual(words);
  });

  test("with --json the script is in one document", async () => {
    const done = await writ.run(["completion", "fish", "--json"]);
    expect(JSON.parse(done.stdout)).toMatchObject({
      shell: "fish",
      script: expect.stringContaining("complete -c writ"),
    });
  });
});
