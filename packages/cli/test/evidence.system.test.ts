import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInstallation, stopOwner, type Installation } from "./support/installation.ts";

/** Of the bundle, evenly spread; the verifier's own tests change each of them. */
const BYTES = process.env["WRIT_NIGHTLY"] === "1" ? 400 : 16;

let writ: Installation;
let elsewhere: string;
let lines: string[];

beforeAll(async () => {
  writ = createInstallation();
  elsewhere = mkdtempSync(join(tmpdir(), "writ-elsewhere-"));
  for (const part of ["bin", "src", "package.json"])
    cpSync(join(import.meta.dirname, "..", "..", "verify", part), join(elsewhere, "verify", part), { recursive: true });
  await writ.run(["posture", "DEFENSE"]);
  const held = JSON.parse((await writ.run(["run", "--no-wait", "--json", "--", "git", "push"])).stdout) as {
    action: { id: string };
  };
  await writ.run(["approve", held.action.id, "--yes"]);
  await writ.run(["run", "--action", held.action.id, "--", "git", "push"]);
  for (let more = 0; more < 3; more++) await writ.run(["run", "--", "true"]);
  const bundle = await writ.run(["log", "export", "--run", held.action.id]);
  expect(bundle.code).toBe(0);
  lines = bundle.stdout.split("\n").slice(0, -1);
  writeFileSync(join(elsewhere, "keys"), (await writ.run(["log", "key"])).stdout);
});

afterAll(async () => {
  await writ.dispose();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** Runs the stand-alone verifier in a folder that has nothing but the bundle and the public key. */
function verify(
  text: string,
  args: readonly string[] = [],
): { code: number | null; result: { findings: { code: string; where: object; what: string }[] } } {
  writeFileSync(join(elsewhere, "b.jsonl"), text);
  const done = spawnSync(
    process.execPath,
    [join(elsewhere, "verify", "bin", "writ-verify.cjs"), "b.jsonl", "--policy", "keys", "--json", ...args],
    {
      cwd: elsewhere,
      encoding: "utf8",
      env: {},
    },
  );
  return { code: done.status, result: JSON.parse(done.stdout) as never };
}

const joined = (given: readonly string[]): string => given.map((line) => `${line}\n`).join("");

describe("an exported run, in the hands of a stranger", () => {
  test("verifies with the public key alone", () => {
    expect(verify(joined(lines))).toMatchObject({ code: 0 });
  });

  test("with one byte changed anywhere ends 4 or 5 and says what and where", () => {
    const text = joined(lines);
    for (let round = 0; round < BYTES; round++) {
      const at = Math.floor((text.length * (round + 0.5)) / BYTES);
      const changed = text[at] === "a" ? "b" : "a";
      const { code, result } = verify(text.slice(0, at) + changed + text.slice(at + 1));
      expect([4, 5, 6], `byte ${String(at)}`).toContain(code);
      expect(result.findings[0]?.what).toMatch(/\w/);
      expect(Object.keys(result.findings[0]?.where ?? {})).not.toHaveLength(0);
    }
  });

  test("with any one line removed ends 4 or 5", () => {
    for (let index = 0; index < lines.length; index++) {
      const { code, result } = verify(joined(lines.toSpliced(index, 1)));
      expect([4, 5], `line ${String(index + 1)}`).toContain(code);
      expect(result.findings.length).toBeGreaterThan(0);
    }
  });

  test("with its tail cut ends 5: incomplete, not changed", () => {
    expect(verify(joined(lines.slice(0, -1)))).toMatchObject({ code: 5 });
    expect(verify(joined(lines.slice(0, -3)))).toMatchObject({ code: 5 });
    expect([4, 5]).toContain(verify(joined(lines).slice(0, -20)).code);
  });

  test("under another log's checkpoint ends 4 or 6", async () => {
    const other = createInstallation();
    try {
      await other.run(["run", "--", "true"]);
      const [head = ""] = (await other.run(["log", "export"])).stdout.split("\n");
      const swapped = {
        ...(JSON.parse(lines[0] ?? "") as object),
        checkpoint: (JSON.parse(head) as { checkpoint: string }).checkpoint,
      };
      const { code } = verify(joined([JSON.stringify(swapped), ...lines.slice(1)]));
      expect([4, 6]).toContain(code);
    } finally {
      await other.dispose();
    }
  });

  test("of a later run is tied to the checkpoint that the stranger remembers", async () => {
    expect(verify(joined(lines), ["--since", "seen"])).toMatchObject({ code: 0 });
    const seen = readFileSync(join(elsewhere, "seen"), "utf8");
    await writ.run(["run", "--", "true"]);
    const { action } = JSON.parse((await writ.run(["run", "--json", "--", "true"])).stdout) as {
      action: { id: string };
    };
    const later = ["log", "export", "--run", action.id];
    expect(verify((await writ.run(later)).stdout, ["--since", "seen"])).toMatchObject({
      code: 5,
      result: {
        findings: expect.arrayContaining([expect.objectContaining({ code: "CONSISTENCY_MISSING" })]) as unknown,
      },
    });
    const tied = await writ.run([...later, "--since", join(elsewhere, "seen")]);
    expect(tied).toMatchObject({ code: 0 });
    expect(verify(tied.stdout, ["--since", "seen"])).toMatchObject({ code: 0 });
    expect(readFileSync(join(elsewhere, "seen"), "utf8")).not.toBe(seen);
    const none = await writ.run([...later, "--since", join(elsewhere, "b.jsonl")]);
    expect(none).toMatchObject({ code: 2, stdout: "" });
  });

  test("a stand-alone proof of one entry verifies too", async () => {
    writeFileSync(join(elsewhere, "one.tlog-proof"), (await writ.run(["log", "proof", "3"])).stdout);
    const checked = await writ.run(["verify", join(elsewhere, "one.tlog-proof"), "--policy", join(elsewhere, "keys")]);
    // A proof speaks about one leaf; without the entry beside it the verifier says what it could not compare.
    expect([0, 5]).toContain(checked.code);
  });
});

describe("the installation's own log", () => {
  test("does not begin anew where it was emptied or removed", async () => {
    const own = createInstallation();
    try {
      await own.run(["posture", "DEFENSE"]);
      await stopOwner(own.environment);
      const data = join(own.folder, "data");
      for (const name of readdirSync(data).filter((one) => one.startsWith("log.db"))) rmSync(join(data, name));
      for (const args of [["status"], ["run", "--", "true"]]) {
        const refused = await own.run([...args.slice(0, 1), "--json", ...args.slice(1)]);
        expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([4, { error: "ROLLBACK_DETECTED" }]);
      }
    } finally {
      await own.dispose();
    }
  });

  test("is refused when an older copy is put back", async () => {
    const data = join(writ.folder, "data");
    const old = join(writ.folder, "old");
    mkdirSync(old);
    const stop = (): Promise<void> => stopOwner(writ.environment);
    await stop();
    for (const name of ["log.db"]) copyFileSync(join(data, name), join(old, name));
    await writ.run(["run", "--", "true"]);
    await stop();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(data, `log.db${suffix}`), { force: true });
    copyFileSync(join(old, "log.db"), join(data, "log.db"));
    const refused = await writ.run(["run", "--json", "--", "true"]);
    expect(refused.code).not.toBe(0);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: expect.stringMatching(/ROLLBACK_DETECTED|LEDGER_READ_ONLY/) as string,
    });
    expect(readFileSync(join(data, "log.db")).byteLength).toBeGreaterThan(0);
  });
});
