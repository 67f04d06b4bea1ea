import { classify } from "@writ/api/client";
import type { StatusView, UnfinishedView } from "@writ/engine";
import { withSession, type CommonOptions } from "../command.ts";
import { refuseInsideAgent } from "../terminal/ask.ts";

type Status = StatusView & { readonly version: string };

interface Unfinished {
  readonly unfinished: readonly UnfinishedView[];
}

/** `writ status`: what the log, the governance and the open work look like now. */
export async function status(options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output, homes }) => {
    const now = await client.get<Status>("/api/status");
    const { unfinished } = now.unfinished === 0 ? { unfinished: [] } : await client.get<Unfinished>("/api/unfinished");
    output.result({ ...now, unfinished_actions: unfinished, home: homes.data }, () => [
      `log         ${now.log.origin}, ${String(now.log.size)} entries${now.writable ? "" : ", NOT WRITABLE: nothing proceeds"}`,
      ...refusalLines(now.not_writable),
      `governance  ${now.governance.mode} · ${now.governance.posture} (version ${String(now.governance.version)})`,
      ...policyLines(now.policies),
      `inbox       ${String(now.holds)} held${now.holds > 0 ? ": writ inbox" : ""}`,
      `unfinished  ${String(now.unfinished)}${now.unfinished > 0 ? ": writ recover" : ""}`,
      ...unfinished.map(
        (one) => `  ${one.ticket_id}  ${one.summary}  since ${one.started_at}${one.overdue ? ", overdue" : ""}`,
      ),
      `signer      ${now.signer ?? "none"}; unless checkpoints leave this machine, its key holder could rewrite the log unseen`,
      ...(now.trial ? ["trial       ON: no token is asked on loopback"] : []),
    ]);
    return now.not_writable === null ? 0 : classify(now.not_writable.code).exit;
  });
}

function policyLines({
  policy_digest: digest,
  state,
  pending_digest: pending,
  pending_error: error,
}: Status["policies"]) {
  const line = `policies    ${digest.slice(0, 16)}… ${state === "active" ? "active" : "decides"}`;
  if (state === "active") return [line];
  return [
    pending === null
      ? `${line}; the folder cannot be read`
      : `${line}; ${pending.slice(0, 16)}… is pending: writ policy activate`,
    ...refusalLines(error),
  ];
}

function refusalLines(refused: Status["not_writable"]): readonly string[] {
  if (refused === null) return [];
  const { code, message, reason, next } = refused;
  return [`  [${code}] ${message}`, `  why:  ${reason}`, `  next: ${next}`];
}

/** `writ recover [ticket]`: settles intents whose run left no receipt. */
export async function recover(ticket: string | undefined, options: CommonOptions): Promise<number> {
  if (process.env["WRIT_TOKEN"] === undefined) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const { settled } = await client.post<{
      readonly settled: readonly { readonly id: string; readonly summary: string }[];
    }>("/api/recover", ticket === undefined ? {} : { ticket_id: ticket });
    const { unfinished } = await client.get<Unfinished>("/api/unfinished");
    output.result({ settled, unfinished }, () => [
      ...(settled.length === 0 && unfinished.length === 0 ? ["nothing to settle"] : []),
      ...settled.map((action) => `settled ${action.id} as unfinished: ${action.summary}`),
      ...unfinished.map(
        (one) => `left    ${one.summary}: may run until ${one.deadline}; if it is gone: writ recover ${one.ticket_id}`,
      ),
    ]);
    return 0;
  });
}
