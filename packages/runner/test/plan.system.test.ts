import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isWritError } from "@writ/canon";
import { shapeStatement } from "@writ/kernel";
import { detectSandbox } from "@writ/runner";
import { executionFor, openBench, type Bench } from "./bench.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.close());

const statement = shapeStatement({
  tenant: "local",
  principal: { type: "agent", id: "agent-1" },
  onBehalfOf: [],
  effects: [],
  action: "act",
  text: "do it",
});

describe("a dry run", () => {
  test("starts nothing and says so in its receipt", async () => {
    const contract = bench.contractOf({ argv: ["/bin/sh", "-c", "echo x > out/file"], write: [bench.out] });
    const receipt = await bench.runner.run(executionFor(contract, "dry"));
    expect(receipt).toMatchObject({ mode: "dry", outcome: "dry_run", exit_code: null, sandbox: null, files: [] });
    expect(existsSync(join(bench.out, "file"))).toBe(false);
  });

  test("tells what would keep the live run from starting", async () => {
    const contract = bench.contractOf({ argv: ["writ-no-such-program"] });
    const receipt = await bench.runner.run(executionFor(contract, "dry"));
    expect(receipt.outcome).toBe("dry_run");
    expect(receipt.refusals[0]?.detail).toMatch(/^RUNNER_PROGRAM_MISSING/);
  });

  test("of a statement is answered, a live one is not started", async () => {
    expect((await bench.runner.run(executionFor(statement, "dry"))).outcome).toBe("dry_run");
    const live = await bench.runner.run(executionFor(statement, "live"));
    expect(live.outcome).toBe("not_started");
  });

  test("an execution without an intent is an error, for no receipt could name it", async () => {
    const contract = bench.contractOf({ argv: ["true"] });
    const failure = await bench.runner.run({ ...executionFor(contract), intent: "" }).catch((error: unknown) => error);
    expect(isWritError(failure, "RUNNER_EXECUTION_INVALID")).toBe(true);
  });
});

describeWithSandbox("a plan", () => {
  test("shows exactly what would be started, and no value of a variable", async () => {
    const asked = { argv: ["ls", "-l"], write: [bench.out], environment: ["TOKEN"] };
    const plan = await bench.plan(asked, { environment: { TOKEN: "hunter2" } });
    expect(plan).toMatchObject({ argv: ["ls", "-l"], cwd: bench.project, blocked: null, folders_to_make: [] });
    expect(plan.program).toMatch(/\/ls$/);
    expect(plan.environment).toContain("TOKEN");
    expect(plan.sandbox_argv.slice(-2)).toEqual([plan.program, "-l"]);
    expect(plan.sandbox_argv).toContain("--unshare-net");
    expect(JSON.stringify(plan)).not.toContain("hunter2");
  });

  test("tells what is in the way", async () => {
    expect((await bench.plan({ argv: ["true"], write: ["/"] })).blocked?.code).toBe("RUNNER_SCOPE_UNSAFE");
    const contract = bench.contractOf({ argv: ["true"], write: ["/"] });
    expect(await bench.runner.preflight({ contract })).toMatchObject({ ready: false, code: "RUNNER_SCOPE_UNSAFE" });
    expect(await bench.runner.preflight({ contract: bench.contractOf({ argv: ["true"] }) })).toEqual({ ready: true });
  });

  test("a missing folder of the scope is made, and that is an effect", async () => {
    const folder = join(bench.project, "made");
    const { receipt } = await bench.script("echo x > made/file", { write: [folder] });
    expect(receipt.files.map(({ change, path }) => `${change} ${path}`)).toEqual([
      `created ${folder}`,
      `created ${join(folder, "file")}`,
    ]);
  });

  test("the sandbox is tried once and remembered", async () => {
    expect(await detectSandbox()).toBe(await detectSandbox());
  });
});
