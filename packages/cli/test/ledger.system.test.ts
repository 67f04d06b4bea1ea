import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort } from "@writ/testkit";
import { createInstallation, stopOwner, type Installation } from "./support/installation.ts";
import { testWithSandbox } from "./support/sandbox.ts";

let writ: Installation;

beforeEach(() => {
  writ = createInstallation();
});
afterEach(() => writ.dispose());

interface Status {
  readonly origin: string;
  readonly size: number;
  readonly read_only: { readonly code: string } | null;
}

const data = (): string => join(writ.folder, "data");
const files = (): readonly string[] => readdirSync(data()).filter((name) => /^log\.db(?!-)/.test(name));

async function json(args: readonly string[]): Promise<{ readonly code: number | null; readonly value: unknown }> {
  const { code, stdout } = await writ.run([...args, "--json"]);
  return { code, value: JSON.parse(stdout) };
}

const status = async (): Promise<Status> => (await json(["ledger", "status"])).value as Status;

/** Lives a little, and puts the log back to where it was in between. */
async function rollBack(): Promise<void> {
  await writ.run(["run", "--", "true"]);
  await stopOwner(writ.environment);
  copyFileSync(join(data(), "log.db"), join(writ.folder, "old.db"));
  await writ.run(["run", "--", "true"]);
  await stopOwner(writ.environment);
  for (const suffix of ["-wal", "-shm"]) rmSync(join(data(), `log.db${suffix}`), { force: true });
  copyFileSync(join(writ.folder, "old.db"), join(data(), "log.db"));
}

const REASON = ["--reason", "restored from Monday"];

describe("writ ledger status", () => {
  test("says how the log stands, with what left the machine and the settings as read back", async () => {
    await writ.run(["run", "--", "true"]);
    const before = await json(["ledger", "status"]);
    const { size } = before.value as Status;
    expect(before).toMatchObject({
      code: 0,
      value: {
        read_only: null,
        checkpoint: { size: expect.any(Number) as number, age_ms: expect.any(Number) as number },
        signer: { key: expect.stringMatching(/^writ\.local\//) as string, signed: size },
        settings: { journal_mode: "wal", synchronous: "2", secure_delete: "1" },
      },
    });
    await writ.run(["log", "export"]);
    expect((await json(["ledger", "status"])).value).toMatchObject({ shown: { size } });
    const { stdout } = await writ.run(["ledger", "status"]);
    expect(stdout).toMatch(/^log {9}writ\.local\//);
    expect(stdout).toMatch(/^note .*could/m);
  });
});

describe("a log that was rolled back", () => {
  test("is shown and exported, and takes nothing", async () => {
    await rollBack();
    expect(await json(["ledger", "status"])).toMatchObject({
      code: 4,
      value: { read_only: { code: "ROLLBACK_DETECTED" } },
    });
    const bundle = await writ.run(["log", "export"]);
    expect(bundle.code).toBe(0);
    writeFileSync(join(writ.folder, "bundle.jsonl"), bundle.stdout);
    writeFileSync(join(writ.folder, "keys"), (await writ.run(["log", "key"])).stdout);
    const args = ["verify", join(writ.folder, "bundle.jsonl"), "--policy", join(writ.folder, "keys")];
    expect((await writ.run(args)).code).toBe(0);
    expect((await writ.run(["run", "--", "true"])).code).not.toBe(0);
  });

  testWithSandbox("is adopted: a new log goes on, says what was found, and the old file stays", async () => {
    await rollBack();
    const old = await status();
    const looked = await json(["ledger", "adopt", ...REASON, "--dry-run"]);
    expect(looked).toMatchObject({ code: 0, value: { adopted: null, found: { origin: old.origin, size: old.size } } });
    expect(files()).toEqual(["log.db"]);
    const done = await json(["ledger", "adopt", ...REASON, "--yes"]);
    expect(done.code).toBe(0);
    const { adopted } = done.value as { adopted: { origin: string; kept: string } };
    expect(files()).toHaveLength(2);
    expect(readFileSync(adopted.kept)).toEqual(readFileSync(join(writ.folder, "old.db")));
    const now = await status();
    expect(now).toMatchObject({ origin: adopted.origin, read_only: null });
    const first = (await json(["log", "show", "0"])).value;
    expect(first).toMatchObject({
      entry: { data: { origin: now.origin, adopted: { origin: old.origin, size: old.size } } },
      opened: { reason: { text: "restored from Monday" } },
    });
    expect((await writ.run(["run", "--", "true"])).code).toBe(0);
    expect((await json(["ledger", "adopt", ...REASON, "--yes"])).value).toMatchObject({ error: "ADOPT_REFUSED" });
  });

  test("or removed: the new log says that it is gone", async () => {
    await writ.run(["run", "--", "true"]);
    const { origin } = await status();
    await stopOwner(writ.environment);
    for (const name of readdirSync(data()).filter((one) => one.startsWith("log.db"))) rmSync(join(data(), name));
    expect((await json(["status"])).value).toMatchObject({ error: "ROLLBACK_DETECTED" });
    expect((await writ.run(["ledger", "adopt", ...REASON, "--yes"])).code).toBe(0);
    expect((await json(["log", "show", "0"])).value).toMatchObject({
      entry: { data: { adopted: { origin, signed: { size: expect.any(Number) as number } } } },
    });
  });
});

describe("writ ledger adopt is refused", () => {
  test.each([
    ["inside a coding agent", { CLAUDECODE: "1" }, "APPROVAL_BY_AGENT"],
    ["for a log in PostgreSQL", { WRIT_DATABASE: "postgres://x" }, "USAGE"],
    ["with the signer in another process", { WRIT_SIGNER: "/run/s" }, "USAGE"],
  ])("%s", async (_, environment, error) => {
    const { stdout } = await writ.run(["ledger", "adopt", ...REASON, "--yes", "--json"], { environment });
    expect(JSON.parse(stdout)).toMatchObject({ error });
  });

  test("where nothing is wrong, without a terminal to ask on, and while an owner stays", async () => {
    await writ.run(["run", "--", "true"]);
    expect((await json(["ledger", "adopt", ...REASON, "--yes"])).value).toMatchObject({ error: "ADOPT_REFUSED" });
    const up = writ.start(["up", "--port", String(await freePort())]);
    await up.seen(/http:\/\//);
    expect((await json(["ledger", "adopt", ...REASON, "--yes"])).value).toMatchObject({ error: "LEDGER_OWNED" });
    up.child.kill("SIGTERM");
    await up.finished;
    await rollBack();
    expect((await json(["ledger", "adopt", ...REASON])).value).toMatchObject({ error: "APPROVAL_NEEDS_TERMINAL" });
    expect(files()).toEqual(["log.db"]);
  });

  test("without a reason", async () => {
    const { code, stderr } = await writ.run(["ledger", "adopt", "--yes"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--reason")]);
  });
});

describe("personal data in what the log keeps for ever", () => {
  const about = ["run", "--run", "for-ada@example.org", "--json", "--", "true"];

  testWithSandbox("is warned of once, in the owner's log, without the text", async () => {
    for (let again = 0; again < 2; again++) expect((await writ.run(about)).code).toBe(0);
    const warnings = readFileSync(join(data(), "run", "owner.log"), "utf8").match(/^writ: `run` of the .*$/gm) ?? [];
    expect(warnings.length).toBeGreaterThan(0);
    expect(new Set(warnings.map((line) => line.split(" ")[5])).size).toBe(warnings.length);
    expect(warnings.join()).not.toContain("example.org");
  });

  test("is refused in strict mode", async () => {
    const { stdout } = await writ.run(about, { environment: { WRIT_CLEAR_TEXT: "strict" } });
    expect(JSON.parse(stdout)).toMatchObject({ error: "ENTRY_PERSONAL_DATA" });
  });
});

describe("writ retain", () => {
  const rule = ["retain", "--kind", "policy.decision", "--ground", "house rule 4"];

  test("shows and erases what is over, which in a young log is nothing", async () => {
    await writ.run(["run", "--", "true"]);
    const empty = { kind: "policy.decision", days: 30, fields: [], more: false };
    expect(await json([...rule, "--days", "30", "--hold-run", "case-7", "--dry-run"])).toEqual({
      code: 0,
      value: empty,
    });
    const { code, stdout } = await writ.run([...rule, "--days", "30", "--yes"]);
    expect([code, stdout]).toEqual([0, "nothing private of policy.decision is older than 30 days\n"]);
  });

  test("refuses what would take content that is still needed", async () => {
    for (const days of ["6", "x"]) expect((await json([...rule, "--days", days])).code).toBe(2);
    const policies = ["retain", "--kind", "policy.changed", "--ground", "x", "--days", "30"];
    expect((await json(policies)).value).toMatchObject({ error: "REQUEST_INVALID" });
  });
});
