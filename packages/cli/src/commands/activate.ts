import type { PoliciesView, PolicyChangeView } from "@writ/engine";
import { withSession, type CommonOptions } from "../command.ts";
import { confirmOnTerminal, refuseInsideAgent } from "../terminal/ask.ts";
import { absolutePath } from "../working-folder.ts";

interface ActivateOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const PATH = "/api/policies/activate";

/**
 * `writ policy activate [folder]`: shows what changes, asks on the terminal, and has that very set decide from now on.
 * A folder or log that changed between the question and the answer is refused.
 */
export async function activate(folder: string | undefined, options: ActivateOptions): Promise<number> {
  if (process.env["WRIT_TOKEN"] === undefined) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const where = folder === undefined ? {} : { folder: absolutePath(folder) };
    const change = await client.post<PolicyChangeView>(PATH, { ...where, dry_run: true });
    const { policy_digest: digest, replaces } = change;
    const lines = changeLines(change);
    if (options.dryRun === true || digest === replaces) {
      output.result(change, () => lines);
      return 0;
    }
    if (options.yes !== true && !confirmOnTerminal(lines, "Decide by this set from now on?")) {
      output.result(change, () => ["not activated; the set before decides"]);
      return 1;
    }
    const active = await client.post<PoliciesView>(PATH, { ...where, digest, replaces });
    output.result(active, () => [`active ${active.policy_digest}, ${String(active.policies.length)} policies`]);
    return 0;
  });
}

function changeLines(change: PolicyChangeView): string[] {
  const { policy_digest: digest, replaces, policies, changes, warnings } = change;
  if (digest === replaces) return [`this set decides already: ${digest}`];
  return [
    `${replaces.slice(0, 16)}… → ${digest.slice(0, 16)}…, ${String(policies)} policies`,
    ...(change.schema_changed ? ["~ the schema"] : []),
    ...changes.flatMap(({ id, before, after }) => [
      `${before === null ? "+" : after === null ? "-" : "~"} ${id}`,
      ...textLines("-", before),
      ...textLines("+", after),
    ]),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function textLines(sign: string, text: string | null): string[] {
  return text === null
    ? []
    : text
        .trim()
        .split("\n")
        .map((line) => `    ${sign} ${line}`);
}
