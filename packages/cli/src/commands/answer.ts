import type { WireAction } from "@writ/server";
import { idPart } from "../route-part.ts";
import { withSession, type CommonOptions } from "../command.ts";
import { actionLines } from "../terminal/action-text.ts";
import { confirmOnTerminal, refuseInsideAgent } from "../terminal/ask.ts";

interface AnswerOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly note?: string;
}

/** `writ approve <id>`: shows exactly what would happen, asks on the terminal, and approves that very digest. */
export async function approve(id: string, options: AnswerOptions): Promise<number> {
  if (!hasToken()) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const path = `/api/actions/${idPart(id)}`;
    const action = await client.get<WireAction>(path);
    if (action.state === "held" && options.yes !== true && !hasToken()) {
      if (!confirmOnTerminal(actionLines(action), "Approve exactly this?")) {
        output.result(action, () => ["not approved; it still waits"]);
        return 1;
      }
    }
    const answered = await client.post<WireAction>(`${path}/confirm`, { digest: action.digest, note: options.note });
    output.result(answered, () => [summary(answered)]);
    return 0;
  });
}

/** `writ reject <id>`: ends a held action. */
export async function reject(id: string, options: AnswerOptions): Promise<number> {
  if (!hasToken()) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const answered = await client.post<WireAction>(`/api/actions/${idPart(id)}/reject`, {
      note: options.note,
    });
    output.result(answered, () => [`rejected ${answered.id}`]);
    return 0;
  });
}

/** A token names its operator by itself, so nobody needs to be asked who is there. */
function hasToken(): boolean {
  return process.env["WRIT_TOKEN"] !== undefined;
}

function summary(action: WireAction): string {
  if (action.state === "released") return `approved ${action.id}: released, it may run once`;
  if (action.state === "revoked") return `revoked ${action.id}: ${action.reason}`;
  const { approvals_given: given = [], approvals_required: required = 0 } = action.hold ?? {};
  return `approved ${action.id}: ${String(given.length)} of ${String(required)}; it waits for another operator`;
}
