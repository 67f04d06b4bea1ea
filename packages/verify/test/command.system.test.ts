import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { runVerify } from "../src/node.ts";
import { writeLogDatabase } from "./support/log-database.ts";
import { bundleLines, entryText, sealLines } from "./support/log-maker.ts";
import { log, noteOf, RUN, sampleEntries, TIME, witness } from "./support/sample.ts";
import { verifyCases } from "./support/verify-cases.ts";

let folder = "";
const { entries, openings } = sampleEntries(30);
const file = (name: string): string => join(folder, name);
const put = (name: string, content: string): string => {
  writeFileSync(file(name), content);
  return file(name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-verify-"));
  put("policy", `log ${log.vkey}\nwitness w1 ${witness.vkey}\nquorum w1\n`);
  put("keys", `# plain keys\n${log.vkey}\n`);
  const parts = {
    entries,
    note: noteOf(entries),
    origin: log.name,
    scope: { run: RUN },
    parts: [{ from: 2, to: 29 }],
    openings,
  };
  put("good.bundle", sealLines(bundleLines(parts)));
  writeLogDatabase(file("log.db"), {
    entries,
    log,
    checkpoints: [10, 30],
    witness: { signer: witness, time: TIME },
    openings,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    now: () => TIME * 1000,
  };
  const code = await runVerify(argv, io);
  return { code, out, err };
}

describe("the command", () => {
  test("refuses what has no end as keys, and what is no file as evidence, without waiting for it", async () => {
    const endless = await run(file("good.bundle"), "--policy", "/dev/zero", "--json");
    spawnSync("mkfifo", [file("pipe")]);
    const pipe = await run(file("pipe"), "--policy", file("policy"), "--json");
    for (const { code, out } of [endless, pipe]) {
      expect([code, JSON.parse(out)]).toMatchObject([2, { error: "FILE_UNREADABLE" }]);
    }
  });

  test("tells an error as JSON in the form that every error of Writ has", async () => {
    const { code, out } = await run(file("absent"), "--policy", file("policy"), "--json");
    const told = JSON.parse(out) as Record<string, unknown>;
    expect(code).toBe(2);
    expect(told).toMatchObject({ error: "FILE_UNREADABLE" });
    for (const part of ["message", "reason", "next"]) expect(typeof told[part], part).toBe("string");
  });

  test("passes a bundle and a log, under a policy and under plain keys", async () => {
    for (const name of ["good.bundle", "log.db"]) {
      for (const policy of ["policy", "keys"]) {
        const { code, out } = await run(file(name), "--policy", file(policy));
        expect(out).toContain("GOOD");
        expect(out).toContain("that what was recorded is true");
        expect(code).toBe(0);
      }
    }
    expect((await run(file("log.db"), "--policy", file("policy"), "--quick")).code).toBe(0);
  });

  test("remembers after a pass, and forgets nothing after a failure", async () => {
    const since = file("remembered");
    expect((await run(file("log.db"), "--policy", file("policy"), "--since", since)).code).toBe(0);
    const kept = readFileSync(since, "utf8");
    expect(kept).toBe(noteOf(entries));
    const shorter = file("short.db");
    writeLogDatabase(shorter, {
      entries: entries.slice(0, 10),
      log,
      checkpoints: [10],
      witness: { signer: witness, time: TIME },
    });
    const { code, out } = await run(shorter, "--policy", file("policy"), `--since=${since}`);
    expect(out).toContain("ROLLED_BACK");
    expect(code).toBe(4);
    expect(readFileSync(since, "utf8")).toBe(kept);
    const cut = put("cut.bundle", readFileSync(file("good.bundle"), "utf8").slice(0, 900));
    expect((await run(cut, "--policy", file("policy"), "--since", file("never"))).code).toBe(5);
    expect(existsSync(file("never"))).toBe(false);
  });

  test("audits a log and a bundle when asked, and changes no verdict by it", async () => {
    const bad = entryText({ n: 30, emitter: "agent-8", counter: 0, kind: "ticket.spent", data: { ticket_id: "t9" } });
    const unsound = [...entries, bad];
    writeLogDatabase(file("unsound.db"), {
      entries: unsound,
      log,
      checkpoints: [31],
      witness: { signer: witness, time: TIME },
      openings,
    });
    const range = { from: 0, to: 31 };
    const parts = {
      entries: unsound,
      note: noteOf(unsound),
      origin: log.name,
      scope: { range: [0, 31] },
      parts: [range],
    };
    put("unsound.bundle", sealLines(bundleLines({ ...parts, openings })));
    for (const name of ["unsound.db", "unsound.bundle"]) {
      const plain = await run(file(name), "--policy", file("policy"));
      expect(plain.code, plain.out).toBe(0);
      expect(plain.out).not.toContain("NO_TICKET");
      const audited = await run(file(name), "--policy", file("policy"), "--audit");
      expect(audited.code).toBe(0);
      expect(audited.out).toContain("NO_TICKET (meaning) at index 30");
      expect(audited.out).toContain("Audit: 1 findings of meaning");
    }
    expect((await run(file("log.db"), "--policy", file("policy"), "--audit")).out).toContain("the order rules hold");
  });

  test("answers the golden cases from the shell as it does from code", async () => {
    for (const one of verifyCases()) {
      const input = put("case", one.input);
      const policy = put("case.policy", one.policy);
      const since = one.since === undefined ? [] : ["--since", put("case.since", one.since)];
      const { code, out } = await run(input, "--policy", policy, "--json", ...since);
      // An empty proof file is told from a bundle by nothing; both are incomplete.
      expect(code, one.name).toBe(one.exit_code);
      expect(JSON.parse(out).exitCode, one.name).toBe(one.exit_code);
    }
  });

  test.each([
    ["no file", ["--policy", "p"]],
    ["no policy", ["x"]],
    ["an unknown option", ["x", "--polices", "p"]],
    ["an audit that reads nothing", ["x", "--policy", "p", "--quick", "--audit"]],
    ["both depths", ["x", "--policy", "p", "--full", "--quick"]],
    ["a value that is missing", ["x", "--policy"]],
    ["two files", ["x", "y", "--policy", "p"]],
    ["a file that is not there", ["/nowhere/x", "--policy", "/nowhere/p"]],
    ["a database address", ["postgres://x/y", "--policy", "p"]],
  ])("ends with 2 for %s, and says what to do", async (_name, argv) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain("next:");
  });

  test("ends with 2 for a policy that is none", async () => {
    const { code, err } = await run(file("good.bundle"), "--policy", put("bad.policy", "log what\n"));
    expect(err).toContain("KEY_SYNTAX");
    expect(code).toBe(2);
  });

  test("takes a database of something else for what it is", async () => {
    const path = file("other.db");
    writeFileSync(path, Buffer.concat([readFileSync(file("log.db")).fill(0, 68, 72)]));
    expect((await run(path, "--policy", file("policy"))).err).toContain("FILE_UNKNOWN");
  });

  test("tells how far it is when it takes longer than a second, and then wipes the line", async () => {
    let [clock, told] = [0, ""];
    const io = {
      out: () => {},
      err: () => {},
      now: () => (clock += 1500),
      progress: (text: string) => void (told += text),
    };
    expect(await runVerify([file("good.bundle"), "--policy", file("policy")], io)).toBe(0);
    expect(told).toBe("\r0 MiB read\r\u001b[K");
  });

  test("runs as a program, with help and exit codes", () => {
    const bin = join(import.meta.dirname, "../bin/writ-verify.cjs");
    const start = (...argv: string[]) =>
      spawnSync(process.execPath, [bin, ...argv], { encoding: "utf8", timeout: 60_000 });
    const help = start("--help");
    expect(help.status).toBe(0);
    expect(help.stdout).toContain("Examples:");
    const good = start(file("log.db"), "--policy", file("policy"));
    expect({ status: good.status, stderr: good.stderr }).toEqual({ status: 0, stderr: "" });
    expect(start(put("hello", "hello\n"), "--policy", file("policy")).status).toBe(4);
  });
});
