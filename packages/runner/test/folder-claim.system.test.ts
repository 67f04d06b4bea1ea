import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isWritError } from "@writ/canon";
import { listClaims, publishClaim } from "../src/claim-registry.ts";
import { awaitFolders, claimFolders, type Patience } from "../src/folder-claim.ts";
import { openBench, type Bench } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

const BUSY = "RUNNER_SCOPE_BUSY";

let root = "";
let told: string[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "writ-claims-")));
  told = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const patience = (waitMs: number): Patience => ({
  registry: join(root, "runs"),
  waitMs,
  onWait: (line) => told.push(line),
});
const claim = (folder: string, waitMs = 0) => claimFolders({ action: "a", folders: [folder] }, patience(waitMs));
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "granted",
    (error: unknown) => (isWritError(error) ? error.code : error),
  );

describe("a claim on folders", () => {
  test.each([
    ["the same", "/w/a", BUSY],
    ["one within it", "/w/a/b", BUSY],
    ["one around it", "/w", BUSY],
    ["one beside it", "/w/ab", "granted"],
  ])("keeps another run from %s until it ends", async (_, other, expected) => {
    const held = await claim("/w/a");
    expect(await codeOf(awaitFolders([other], patience(0)))).toBe(expected);
    expect(await codeOf(claim(other))).toBe(expected);
    held.release();
    expect(await codeOf(awaitFolders([other], patience(0)))).toBe(expected === "granted" ? BUSY : "granted");
  });

  test("is waited for, and the wait is told once", async () => {
    const held = await claim("/w/a");
    const second = claim("/w/a", 20_000);
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
    held.release();
    expect(await codeOf(second)).toBe("granted");
    expect(told).toEqual([expect.stringContaining("/w/a")]);
  });

  test("is never granted to two that ask at once", async () => {
    let inside = 0;
    let most = 0;
    const one = async (): Promise<void> => {
      const held = await claim("/w/a", 60_000);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      held.release();
    };
    await Promise.all(Array.from({ length: 8 }, one));
    expect(most).toBe(1);
    expect(listClaims(join(root, "runs"))).toEqual([]);
  });

  test("of a process that was killed counts for nothing, nor does garbage", async () => {
    const program = `
      import { publishClaim } from ${JSON.stringify(join(import.meta.dirname, "..", "src", "claim-registry.ts"))};
      publishClaim(${JSON.stringify(join(root, "runs"))}, { action: "b", folders: ["/w/a"] });
      console.log("claimed");
      setInterval(() => undefined, 1000);`;
    const node = ["--conditions=writ-source", "--input-type=module", "-e", program];
    const child = spawn(process.execPath, node, { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    expect(await codeOf(claim("/w/a"))).toBe(BUSY);
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await gone;
    writeFileSync(join(root, "runs", "1-x.claim"), "{");
    expect(await codeOf(claim("/w/a"))).toBe("granted");
  });

  test("in a folder that others may write is refused", async () => {
    mkdirSync(join(root, "runs"));
    chmodSync(join(root, "runs"), 0o777);
    expect(await codeOf(claim("/w/a"))).toBe("RUNNER_SETUP_FAILED");
    expect(() => publishClaim(join(root, "runs"), { action: "a", folders: [] })).toThrow();
  });
});

describeWithSandbox("two runs that write one folder", () => {
  let bench: Bench;
  afterEach(() => bench.close());

  test("run one after the other, and each receipt names its own files alone", async () => {
    bench = openBench({ waitMs: 60_000 });
    const first = bench.script("echo 1 > out/first; while [ ! -e go ]; do sleep 0.02; done");
    await expect.poll(() => existsSync(join(bench.out, "first")), { timeout: 20_000 }).toBe(true);
    const second = bench.script("echo 2 > out/second");
    writeFileSync(join(bench.project, "go"), "");
    const files = [await first, await second].map(({ receipt }) => receipt.files.map(({ path }) => path));
    expect(files).toEqual([[join(bench.out, "first")], [join(bench.out, "second")]]);
  });

  test("the second is refused when the first does not end in time, before its ticket is spent and after", async () => {
    bench = openBench({ waitMs: 50 });
    const first = bench.script("echo 1 > out/first; while [ ! -e go ]; do sleep 0.02; done");
    await expect.poll(() => existsSync(join(bench.out, "first")), { timeout: 20_000 }).toBe(true);
    const contract = bench.contractOf({ argv: ["true"], write: [bench.out] });
    expect(await bench.runner.preflight({ contract })).toMatchObject({ ready: false, code: BUSY });
    const { receipt } = await bench.script("echo 2 > out/second");
    expect(receipt.outcome).toBe("not_started");
    writeFileSync(join(bench.project, "go"), "");
    expect((await first).receipt.outcome).toBe("succeeded");
  });
});
