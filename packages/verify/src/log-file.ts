import type { VerifyOptions } from "./bundle.ts";
import { VerifyError } from "./errors.ts";
import { BLOCK_ENTRIES } from "./log-block.ts";
import type { BlockTask } from "./log-block.ts";
import { checkBeside } from "./log-workers.ts";
import type { FoundBeside } from "./log-workers.ts";
import { checkWholeLog } from "./log-full.ts";
import { checkLogEdge } from "./log-quick.ts";
import { LogRows } from "./log-rows.ts";
import { Remembered } from "./remembered.ts";
import { Report } from "./verdict.ts";
import type { VerifyResult } from "./verdict.ts";

/** Below this size one core is done before another has started. */
const SHARED_ABOVE = 131_072;

export interface LogFileOptions extends VerifyOptions {
  /** `full` rehashes every entry; `quick` checks signatures, frontier, right edge and consistency. */
  readonly depth: "full" | "quick";
  /**
   * Private content may be sealed (spec ledger.md §9): AES-256-GCM with nonce and tag before and behind. What is 28 bytes
   * longer than was committed to counts as sealed; it is not opened, and the result says so. Default false.
   */
  readonly sealed?: boolean;
}

/**
 * Checks the SQLite file of a log, opened read-only (spec ledger.md §12). What is wrong with its content is in the result, a
 * damaged database too. Throws `FILE_UNREADABLE` or `FILE_UNKNOWN`, and for a `since` that is no checkpoint.
 */
export function verifyLogFile(path: string, options: LogFileOptions): VerifyResult {
  return verifyWith(path, options, { blocks: new Map() });
}

/** The same result, sooner where the log is big and there is more than one core. */
export async function verifyLogFileOnAllCores(path: string, options: LogFileOptions): Promise<VerifyResult> {
  const tasks = options.depth === "full" && options.audit !== true ? blocksOf(path, options) : [];
  return verifyWith(path, options, await checkBeside(path, tasks));
}

/** Full blocks of a log that is big enough to share out; none if it cannot be read, which the walk will say. */
function blocksOf(path: string, { since }: LogFileOptions): BlockTask[] {
  const there = since === undefined ? 0 : new Remembered(since, new Report("log")).head.size;
  const rows = new LogRows(path);
  try {
    const size = Math.min(rows.head()?.size ?? 0, rows.largestIndex() + 1);
    if (size <= SHARED_ABOVE) return [];
    return Array.from({ length: Math.floor(size / BLOCK_ENTRIES) }, (_, at) => {
      const [from, to] = [at * BLOCK_ENTRIES, (at + 1) * BLOCK_ENTRIES];
      const sizes = rows.checkpointSizes(from, to);
      if (there > from && there < to) sizes.push(there);
      return { from, sizes: [...new Set(sizes)].sort((one, other) => one - other) };
    });
  } catch {
    return [];
  } finally {
    rows.close();
  }
}

function verifyWith(path: string, options: LogFileOptions, beside: FoundBeside): VerifyResult {
  const report = new Report("log");
  const since = options.since === undefined ? undefined : new Remembered(options.since, report);
  const rows = new LogRows(path);
  try {
    if (options.depth === "full") {
      checkWholeLog(rows, options, report, since, beside.blocks);
      const { faults, repeatedId } = beside.tableFaults ?? rows.tableFaults();
      if (repeatedId) {
        report.add({ code: "ID_REPEATED", aspect: "integrity", where: {}, what: "two entries have one id" });
      }
      for (const fault of faults) damaged(report, fault);
    } else checkLogEdge(rows, options, report, since);
  } catch (error) {
    damaged(report, `the file cannot be read on: ${why(error)}`);
  } finally {
    rows.close();
  }
  return report.result();
}

function damaged(report: Report, what: string): void {
  report.add({ code: "DATABASE_DAMAGED", aspect: "integrity", where: {}, what });
}

/** Errors of the database itself say where the file is broken; anything else is a fault of ours and is not hidden. */
function why(error: unknown): string {
  if (error instanceof VerifyError) return `${error.message}: ${error.reason}`;
  if (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_")) return error.message;
  throw error;
}
