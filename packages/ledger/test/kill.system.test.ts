import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { parsePolicy } from "@writ/verify";
import { verifyLogFile } from "@writ/verify/node";
import { expect, test } from "vitest";

import { openLedgerFile } from "../src/open-ledger-file.ts";
import { openFileSigner } from "../src/signer-file.ts";
import { formatVkey } from "../src/vkey.ts";
import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import { freshFolder, ORIGIN, systemPorts } from "./ledger.ts";

const KILLS = effort(50, 5_000);
/** A start after a crash that takes so long hangs, however busy the machine is; its real length is measured by the bench. */
const START_MS_MAX = 30_000;

/** Runs a writer until it has been killed, and gives what it acknowledged before. */
async function runUntilKilled(folder: string, afterMs: number, since: "start" | "work"): Promise<Map<string, number>> {
  const script = join(import.meta.dirname, "writer-child.ts");
  const child = spawn(process.execPath, ["--conditions=writ-source", script, `--folder=${folder}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged = new Map<string, number>();
  const kill = () => setTimeout(() => child.kill("SIGKILL"), afterMs);
  let timer = since === "start" ? kill() : undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, id = "", index] = line.split(" ");
    if (word === "ack" && index !== undefined) {
      acknowledged.set(id, Number(index));
      timer ??= kill();
    } else if (word === "open") continue;
    else throw new Error(`the writer said \`${line}\``);
  }
  clearTimeout(timer);
  return acknowledged;
}

test(
  `${KILLS} kills under load lose no acknowledged entry, and every start is sound`,
  { timeout: EFFORT_TIMEOUT_MS },
  async () => {
    using folder = freshFolder();
    mkdirSync(join(folder.path, "data"));
    const path = join(folder.path, "data", "log.db");
    let slowest = 0;
    let acknowledgedInAll = 0;
    let policy = "";
    for (let kill = 0; kill < KILLS; kill++) {
      // One in five dies while it starts.
      const starting = kill % 5 === 4;
      const acknowledged = await runUntilKilled(
        folder.path,
        Math.random() * (starting ? 200 : 60),
        starting ? "start" : "work",
      );
      acknowledgedInAll += acknowledged.size;
      const signer = await openFileSigner({ keyHome: join(folder.path, "keys"), origin: ORIGIN });
      policy = `log ${formatVkey(signer.verifiers[0] ?? expect.unreachable())}\nquorum none\n`;
      const started = performance.now();
      const log = await openLedgerFile({ path, signer, ...systemPorts() });
      slowest = Math.max(slowest, performance.now() - started);
      expect((await log.status()).readOnly).toBeUndefined();
      for (const [id, index] of acknowledged) expect((await log.find(id))?.index).toBe(index);
      await log.close();
      await signer.close();
    }
    expect(acknowledgedInAll).toBeGreaterThanOrEqual(KILLS - Math.ceil(KILLS / 5));
    expect(slowest).toBeLessThan(START_MS_MAX);
    const result = verifyLogFile(path, { policy: parsePolicy(policy), depth: "full" });
    expect(result.findings).toEqual([]);
    expect(result.entries).toBeGreaterThan(acknowledgedInAll);
  },
);
