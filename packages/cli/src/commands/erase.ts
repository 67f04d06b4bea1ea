import type { ErasurePlan, ErasureResult, RebuildView } from "@writ/engine";
import { withSession, type CommonOptions } from "../command.ts";
import { confirmOnTerminal, refuseInsideAgent } from "../terminal/ask.ts";
import { saying } from "../terminal/progress.ts";

/** `writ erase --subject <id>`: lists every private field about a subject, asks, erases them, and records it. */
export async function erase(
  options: CommonOptions & {
    readonly subject: string;
    readonly ground: string;
    readonly yes?: boolean;
    readonly dryRun?: boolean;
  },
): Promise<number> {
  if (process.env["WRIT_TOKEN"] === undefined) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const { subject, ground } = options;
    const plan = await client.post<ErasurePlan>("/api/erase", { subject, ground, dry_run: true });
    const lines = plan.fields.map(
      ({ index, field, bytes }) => `entry ${String(index)}  ${field}  ${String(bytes)} bytes`,
    );
    if (options.dryRun === true || plan.fields.length === 0) {
      output.result(plan, () => (lines.length === 0 ? [`nothing private is kept about ${subject}`] : lines));
      return 0;
    }
    if (options.yes !== true && !confirmOnTerminal(lines, `Erase these ${String(lines.length)} fields for good?`)) {
      output.result(plan, () => ["nothing was erased"]);
      return 1;
    }
    const done = await client.post<ErasureResult>("/api/erase", { subject, ground });
    output.result(done, () => [
      `erased ${String(done.fields.length)} fields; recorded as entry ${done.entry ?? "none"}`,
    ]);
    return 0;
  });
}

/** `writ views rebuild`: makes the views again from the log. */
export async function rebuildViews(options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const built = await saying("rebuilding the views", client.post<RebuildView>("/api/views/rebuild"));
    output.result(built, () => [`rebuilt ${String(built.actions)} actions from ${String(built.position)} entries`]);
    return 0;
  });
}
