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

interface Told {
  readonly asked: { readonly ready: boolean; readonly code?: string };
  readonly outcome: string;
  readonly refusals: readonly { readonly detail: string }[];
}

function runUnder(limit: number, handedOn: readonly number[] = []): Told {
  const node = [process.execPath, "--conditions=writ-source", "--input-type=module", "-e", PROGRAM];
  const stdio = Array.from({ length: Math.max(3, ...handedOn.map((fd) => fd + 1)) }, (_, fd) =>
    fd < 3 || handedOn.includes(fd) ? ("pipe" as const) : ("ignore" as const),
  );
  const { stdout, status } = spawnSync("prlimit", [`--nofile=${String(limit)}:${String(limit)}`, ...node], {
    encoding: "utf8",
    stdio,
    timeout: 30_000,
  });
  expect(status).toBe(0);
  return JSON.parse(stdout) as Told;
}

describeWithSandbox("a process that may open few files", () => {
  test.each([40, 48])("(%i) is refused before a ticket is spent, and ends at once", (limit) => {
    const { asked, outcome, refusals } = runUnder(limit);
    expect({ asked, outcome }).toMatchObject({
      asked: { ready: false, code: "RUNNER_DESCRIPTORS_SHORT" },
      outcome: "not_started",
    });
    expect(refusals[0]?.detail).toMatch(/^RUNNER_DESCRIPTORS_SHORT/);
  });

  // How many files Node itself holds, and which were handed on to it, differs from machine to machine.
  test.each([56, 60, 62, 64, 66, 72, 96])("(%i) is refused beforehand or runs; no ticket is spent in vain", (limit) => {
    const { asked, outcome } = runUnder(limit);
    expect([asked.ready, outcome]).toEqual(asked.ready ? [true, "succeeded"] : [false, "not_started"]);
  });

  test("is refused where a descriptor above the limit was handed on to it", () => {
    const { asked, refusals } = runUnder(128, [200]);
    expect(asked).toMatchObject({ ready: false, code: "RUNNER_DESCRIPTORS_SHORT" });
    expect(refusals[0]?.detail).toMatch(/descriptor \d+ was handed on to this process/);
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
