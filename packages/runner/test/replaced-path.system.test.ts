import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isWritError } from "@writ/canon";
import { pinMounts } from "../src/pinned-mounts.ts";
import { attempts, openBench, type Bench } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

describeWithSandbox("a path that is replaced after it was checked", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = openBench();
  });
  afterEach(() => bench.close());

  /** The value of a variable is read after the scope was checked and before anything is mounted. */
  const swapping = (swap: () => void): Readonly<Record<string, string>> => ({
    get SWAP() {
      swap();
      return "1";
    },
  });

  test("by a link does not widen the scope: nothing is started", async () => {
    const keys = join(bench.folder, "keys");
    mkdirSync(keys);
    const environment = swapping(() => {
      rmSync(bench.out, { recursive: true });
      symlinkSync(keys, bench.out);
    });
    const { receipt } = await bench.script("echo x > out/stolen", { environment: ["SWAP"] }, { environment });
    expect(receipt.outcome).toBe("not_started");
    expect(receipt.refusals[0]?.detail).toMatch(/^RUNNER_SCOPE_MISSING/);
    expect(existsSync(join(keys, "stolen"))).toBe(false);
  });

  test("while it runs is not what it writes, and what happened there is told as unmeasured", async () => {
    const running = bench.script("echo up > out/up; while [ ! -e go ]; do sleep 0.02; done; echo x > out/late");
    await expect.poll(() => existsSync(join(bench.out, "up")), { timeout: 20_000 }).toBe(true);
    renameSync(bench.out, join(bench.project, "moved"));
    mkdirSync(bench.out);
    writeFileSync(join(bench.project, "go"), "");
    const { receipt } = await running;
    expect(existsSync(join(bench.out, "late"))).toBe(false);
    expect(receipt.files.map(({ change, path }) => `${change} ${path}`)).toEqual([`changed ${bench.out}`]);
    const detail = expect.stringContaining("unmeasured") as string;
    expect(attempts(receipt)).toContainEqual({ kind: "sandbox", target: bench.out, detail });
  });
});

describe("mounts from open descriptors", () => {
  let root = "";
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "writ-pinned-")));
    mkdirSync(join(root, "real", "folder"), { recursive: true });
    symlinkSync("real", join(root, "link"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test.each(["link", "link/folder", "absent"])("refuse `%s`, which is not what it says", (name) => {
    const fine = { kind: "read", path: join(root, "real"), descriptor: 10 } as const;
    let caught: unknown;
    try {
      pinMounts([fine, { kind: "write", path: join(root, name), descriptor: 11 }]);
    } catch (error) {
      caught = error;
    }
    expect(isWritError(caught, "RUNNER_SCOPE_MISSING")).toBe(true);
  });
});
