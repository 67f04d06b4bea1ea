import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { describe, expect, test } from "vitest";

import { exportBundle } from "../src/export-bundle.ts";
import { exportProof } from "../src/export-proof.ts";
import { openLedgerFile } from "../src/open-ledger-file.ts";
import { effort, EFFORT_TIMEOUT_MS } from "./effort.ts";
import type { FuzzResult, FuzzTask } from "./fuzz-worker.ts";
import { freshFolder, newEntry, ORIGIN, systemPorts } from "./ledger.ts";
import { memorySigner, policyText } from "./memory-signer.ts";

const INPUTS = effort(30_000, 10_000_000);
const SEED = Number(process.env["WRIT_SEED"] ?? Date.now() % 1_000_000);
/** Spec ledger.md §15; the engine itself and the code it has compiled are not counted in it. */
const MEMORY_MB_MAX = 64;

/** What a real log gives out, as good texts of each format. */
async function corpora(): Promise<{ readonly [format in FuzzTask["format"]]: readonly string[] }> {
  using folder = freshFolder();
  const signer = memorySigner(ORIGIN);
  const log = await openLedgerFile({ path: join(folder.path, "log.db"), signer, ...systemPorts(), origin: ORIGIN });
  try {
    const note = { content: Buffer.from("private words"), type: "text/plain" };
    for (let n = 0; n < 8; n++)
      await log.append([
        newEntry({ run: "r", data: { n, list: [n, "\u{e9}"] }, ...(n % 3 === 0 ? { private: { note } } : {}) }),
      ]);
    const lines: string[] = [];
    for await (const line of exportBundle(log, { range: [2, 9] }, { since: [1, 5] })) lines.push(line);
    const checkpoint = await log.checkpoint();
    const entries: string[] = [];
    for await (const { bytes } of log.read(0, 9)) entries.push(Buffer.from(bytes).toString("utf8"));
    const policy = policyText(ORIGIN);
    return {
      note: [checkpoint],
      checkpoint: [checkpoint.slice(0, checkpoint.indexOf("\n\n") + 1)],
      proof: [await exportProof(log, 4), await exportProof(log, 0)],
      policy: [
        policy,
        `${policy.replace("quorum none", "")}witness a ${/\S+\+\S+/.exec(policy)?.[0]}\ngroup g 1 a\nquorum g\n`,
      ],
      vkey: [/\S+\+\S+/.exec(policy)?.[0] ?? expect.unreachable()],
      "tile path": ["tile/3/x001/x234/067.p/89", "tile/0/000", "tile/entries/x001/000"],
      entry: entries,
      json: lines,
      bundle: [lines.join("")],
    };
  } finally {
    await log.close();
  }
}

/** Runs in a thread that ends with an error when it needs more memory than it may have. */
function fuzz(task: FuzzTask): Promise<FuzzResult> {
  return new Promise((resolve, reject) => {
    new Worker(join(import.meta.dirname, "fuzz-worker.ts"), {
      workerData: task,
      execArgv: ["--conditions=writ-source"],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
    })
      .once("message", resolve)
      .once("error", reject);
  });
}

describe(`any text near a good one (seed ${SEED})`, { timeout: EFFORT_TIMEOUT_MS }, () => {
  const formats = ["note", "checkpoint", "proof", "policy", "vkey", "tile path", "entry", "json", "bundle"] as const;

  test.each(formats)(
    "given as %s is read or refused by name, at once, by writer and verifier alike",
    async (format) => {
      const corpus = (await corpora())[format];
      // A bundle is hundreds of times longer than the others.
      const count = format === "bundle" ? Math.ceil(INPUTS / 10) : INPUTS;
      const result = await fuzz({ format, corpus, policy: policyText(ORIGIN), seed: SEED, count });
      console.info(`fuzz ${format}: ${count} inputs, ${result.read} read`);
      expect(result).toMatchObject({ crashed: [], slow: [], disputed: [] });
      expect(result.read).toBeGreaterThan(0);
    },
  );
});
