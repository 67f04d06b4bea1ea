import { spawn } from "node:child_process";

import { exportWhole } from "./bundle-fixture.ts";
import { BUNDLE } from "./installation.ts";
import { atMost, number } from "./report.ts";
import type { Context, Report } from "./report.ts";

/** A process of its own: what it took from start to end, and the most memory it ever had. */
interface Measured {
  readonly code: number;
  readonly seconds: number;
  readonly maxMiB: number;
}

/** Tells the largest resident set in KiB on descriptor 3, once: Linux's own, since `maxRSS` begins with what the parent had. */
const TELL_MEMORY =
  `data:text/javascript,import{readFileSync,writeSync}from"node:fs";import{isMainThread}from"node:worker_threads";if(isMainThread)process.on("exit",()=>{
let kib=process.resourceUsage().maxRSS;
try{kib=Number(readFileSync("/proc/self/status","utf8").match(/VmHWM:%5Cs*(%5Cd+)/)[1])}catch{}
writeSync(3,String(kib))})`.replaceAll("\n", "");

/** Verification of a million entries as a stranger would do it, in a process of its own (spec ledger.md §16). */
export async function millionBenchmark(context: Context): Promise<Report> {
  const entries = context.quick ? 20_000 : 1_000_000;
  context.say(`making a log of ${entries} entries`);
  const log = await context.log(entries);
  context.say(`appended at ${number(entries / log.appendSeconds)}/s; exporting`);
  const bundle = await exportWhole(log, context.folder());
  const kinds = { database: log.path, bundle };
  const results: (Measured & { readonly kind: string })[] = [];
  for (const [kind, file] of Object.entries(kinds)) {
    context.say(`verifying the ${kind}`);
    results.push({ kind, ...(await measured(BUNDLE, "verify", file, "--policy", log.policyFile)) });
  }
  const idle = await measured("-e", "0");
  const perByte = log.fileBytes / log.entryBytes;
  return {
    title: "A million entries",
    how: [
      `\`writ verify\` on ${entries.toLocaleString("en-US")} entries of ${Math.round(log.entryBytes / entries)} bytes, once, a whole process from start to end; memory is that process's largest resident set.`,
    ],
    figures: [
      { what: "appended in groups of 256", value: entries / log.appendSeconds, unit: "entries/s" },
      ...results.flatMap(({ kind, seconds, maxMiB }) => [
        { what: `${kind}: verified in`, value: seconds, unit: "s" },
        { what: `${kind}: rate`, value: entries / seconds, unit: "entries/s" },
        {
          what: `${kind}: memory`,
          value: maxMiB,
          unit: "MiB",
          ratio: { of: "node -e 0", value: maxMiB / idle.maxMiB },
        },
      ]),
      {
        what: "database file",
        value: log.fileBytes / 2 ** 20,
        unit: "MiB",
        ratio: { of: "entry bytes", value: perByte },
      },
    ],
    goals: [
      ...results.map(({ kind, maxMiB }) =>
        atMost(`memory of verify, ${kind}`, maxMiB, 150, { unit: " MiB", aim: 100 }),
      ),
      atMost("bytes on disk per byte of entry", perByte, 1.5, { aim: 1.35 }),
    ],
    wrong: results.filter(({ code }) => code !== 0).map(({ kind, code }) => `${kind}: the verifier ended with ${code}`),
  };
}

function measured(...args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", TELL_MEMORY, ...args], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  let text = "";
  child.stdio[3]?.on("data", (part: Buffer) => void (text += part.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ code: code ?? 1, seconds, maxMiB: Number(text) / 1024 });
    });
  });
}
