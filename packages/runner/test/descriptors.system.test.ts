import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isWritError } from "@writ/canon";
import { requireDescriptors } from "../src/descriptor-room.ts";
import { describeWithSandbox } from "./with-sandbox.ts";

/** Asks and runs in a process that may open so many files, and prints what it is told. It must end by itself. */
const PROGRAM = `
  import { openBench } from ${JSON.stringify(join(import.meta.dirname, "bench.ts"))};
  const bench = openBench();
  const contract = bench.contractOf({ argv: ["true"] });
  const asked = await bench.runner.preflight({ contract });
  const { receipt } = await bench.run({ argv: ["true"] });
  console.log(JSON.stringify({ asked, outcome: receipt.outcome, refusals: receipt.refusals }));
  bench.close();`;

describeWithSandbox("a process that may open few files", () => {
  test.each([40, 48, 64])("(%i) is refused before a ticket is spent, and ends at once", (limit) => {
    const node = [process.execPath, "--conditions=writ-source", "--input-type=module", "-e", PROGRAM];
    const { stdout, status } = spawnSync("prlimit", [`--nofile=${String(limit)}:${String(limit)}`, ...node], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect(status).toBe(0);
    const told = JSON.parse(stdout) as { asked: object; outcome: string; refusals: readonly { detail: string }[] };
    expect(told).toMatchObject({ asked: { ready: false, code: "RUNNER_DESCRIPTORS_SHORT" }, outcome: "not_started" });
    expect(told.refusals[0]?.detail).toMatch(/^RUNNER_DESCRIPTORS_SHORT/);
  });
});

describe("a start that the system refuses", () => {
  test.each([
    ["for its size", '["/bin/true", "x".repeat(200_000)]'],
    ["because the program is not there", '["/bin/writ-no-such-program"]'],
  ])("%s throws, and keeps nothing open that would hold the process", (_, argv) => {
    const program = `
      import { startConfined } from ${JSON.stringify(join(import.meta.dirname, "..", "src", "confined-process.ts"))};
      const command = { argv: ${argv}, contents: new Map(), stdin: null, traced: true };
      await startConfined(command).then(() => console.log("started"), () => console.log("refused"));`;
    const node = ["--conditions=writ-source", "--input-type=module", "-e", program];
    const { stdout, status } = spawnSync(process.execPath, node, { encoding: "utf8", timeout: 30_000 });
    expect({ stdout, status }).toEqual({ stdout: "refused\n", status: 0 });
  });
});

describe("room for a sandbox's descriptors", () => {
  test.each([0, 1, 47])("is missing where only %i files may be open", (limit) => {
    let caught: unknown;
    try {
      requireDescriptors(8, limit);
    } catch (error) {
      caught = error;
    }
    expect(isWritError(caught, "RUNNER_DESCRIPTORS_SHORT")).toBe(true);
  });

  test("is there under any usual limit", () => {
    expect(() => requireDescriptors(30, 4096)).not.toThrow();
    expect(() => requireDescriptors(30, null)).not.toThrow();
  });
});
