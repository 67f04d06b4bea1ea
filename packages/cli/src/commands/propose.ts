import type { WireAction } from "@writ/server";
import { withSession, type CommonOptions } from "../command.ts";
import { actionLines } from "../terminal/action-text.ts";
import { outcomeExit } from "../outcome-exit.ts";

export interface ProposeOptions extends CommonOptions {
  readonly id?: string;
  readonly tool?: string;
  readonly target?: string;
  readonly amount?: string;
  readonly position?: string;
  readonly rationale?: string;
  readonly evidence?: readonly string[];
  readonly effect?: readonly string[];
  readonly run?: string;
  readonly check?: boolean;
}

/** `writ propose "<what>"`: asks for leave to do something that Writ does not run itself. */
export async function propose(text: string, options: ProposeOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const { id, tool, target, amount, position, rationale, evidence, effect: effects, run } = options;
    const body = { action: text, tool, target, amount, position, rationale, evidence, effects, run };
    const path = options.check === true ? "/api/governance/check" : "/api/actions";
    const answer = await client.post<WireAction>(path, options.check === true ? body : { ...body, id });
    output.result(answer, () => (options.check === true ? decisionLines(answer) : actionLines(answer)));
    return outcomeExit(answer.decision);
  });
}

function decisionLines(answer: WireAction): string[] {
  return [
    `decision  ${answer.decision}: ${answer.reason}`,
    ...answer.rules.map((rule) => `  ${rule.vote.padEnd(5)} ${rule.id}  ${rule.text}`),
    ...answer.advisories.map((line) => `  advice ${line}`),
  ];
}
