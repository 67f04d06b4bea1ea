import { isDatabaseAddress, kindOfFile, parseArguments, runVerify } from "@writ/verify/node";
import { printable } from "../terminal/printable.ts";
import type { DecisionReport } from "./verify-decisions.ts";

/**
 * `writ verify …`: the stand-alone verifier, which depends on nothing of ours; and of a bundle the recorded decisions
 * decided again, for which the policies are needed. A decision that comes out different is exit 4.
 */
export async function verify(args: readonly string[]): Promise<number> {
  const printed: string[] = [];
  const err = (text: string): void => void process.stderr.write(text);
  const code = await runVerify(args, {
    out: (text) => void printed.push(text),
    err,
    now: Date.now,
    ...(process.stderr.isTTY && { progress: err }),
    copyLog: async (address, origin) => {
      const { copyLog } = await import("./verify-database.ts");
      return copyLog(address, origin, process.stderr.isTTY ? err : undefined);
    },
  });
  const report = await decisionsOf(args, code);
  if (report === undefined) {
    process.stdout.write(printed.join(""));
    return code;
  }
  if (args.includes("--json")) process.stdout.write(withReport(printed, report));
  else {
    process.stdout.write(printed.join(""));
    for (const line of reportLines(report)) process.stdout.write(`${printable(line)}\n`);
  }
  return report.different.length > 0 ? 4 : code;
}

/** Of a file that is no bundle, or not the one that was logged, no decision is worth deciding again. */
async function decisionsOf(args: readonly string[], code: number): Promise<DecisionReport | undefined> {
  if (code === 2 || code === 4) return undefined;
  const parsed = parseArguments(args);
  if (parsed === "help" || isDatabaseAddress(parsed.file) || kindOfFile(parsed.file) !== "bundle") return undefined;
  const { redecideBundle } = await import("./verify-decisions.ts");
  return redecideBundle(parsed.file);
}

function withReport(printed: readonly string[], decisions: DecisionReport): string {
  const result = JSON.parse(printed.join("")) as { readonly exitCode: number; readonly ok: boolean };
  const changed = decisions.different.length > 0 ? { ok: false, exitCode: 4 } : {};
  return `${JSON.stringify({ ...result, ...changed, decisions })}\n`;
}

function reportLines({ redecided, different, left }: DecisionReport): readonly string[] {
  const reasons = Object.entries(left).map(([why, count]) => `${String(count)} ${why}`);
  const count = Object.values(left).reduce((sum, one) => sum + one, 0);
  return [
    "",
    `decisions: ${String(redecided)} re-decided${count === 0 ? "" : `, ${String(count)} not re-decidable because: ${reasons.join("; ")}`}`,
    ...different.map(({ index, what }) => `  DECISION_DIFFERENT at index ${String(index)}: ${what}`),
  ];
}
