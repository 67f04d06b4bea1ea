import type { RetentionPlan, RetentionResult } from "@writ/engine";
import { withSession, type CommonOptions } from "../command.ts";
import { confirmOnTerminal, refuseInsideAgent } from "../terminal/ask.ts";

interface RetainOptions extends CommonOptions {
  readonly kind: string;
  readonly days: string;
  readonly ground: string;
  readonly holdRun?: readonly string[];
  readonly holdSubject?: readonly string[];
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** `writ retain`: erases what is private in entries of a kind and older than so many days, but for what is held. */
export async function retain(options: RetainOptions): Promise<number> {
  if (process.env["WRIT_TOKEN"] === undefined) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const { kind, days, ground, holdRun = [], holdSubject = [] } = options;
    const request = { kind, days: Number(days), ground, hold_runs: holdRun, hold_subjects: holdSubject };
    const plan = await client.post<RetentionPlan>("/api/retain", { ...request, dry_run: true });
    const lines = plan.fields.map(({ index, field }) => `entry ${String(index)}  ${field}`);
    if (plan.more) lines.push("and more");
    if (options.dryRun === true || plan.fields.length === 0) {
      output.result(plan, () =>
        lines.length === 0 ? [`nothing private of ${kind} is older than ${days} days`] : lines,
      );
      return 0;
    }
    if (options.yes !== true && !confirmOnTerminal(lines, "Erase these fields for good?")) {
      output.result(plan, () => ["nothing was erased"]);
      return 1;
    }
    const done = await client.post<RetentionResult>("/api/retain", request);
    output.result(done, () => [
      `erased ${String(done.erased)} fields; recorded in ${String(done.entries.length)} entries`,
    ]);
    return 0;
  });
}
