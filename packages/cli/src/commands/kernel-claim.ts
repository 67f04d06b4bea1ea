import type { ReplayDecision } from "@writ/kernel";
import type { TicketUseClaim } from "@writ/engine";
import { withSession, type CommonOptions } from "../command.ts";
import { readExact, readText } from "./kernel-files.ts";

/** `writ kernel ticket use <ticket> <contract> --runtime <name>`: 0 when a use is claimed, 3 when there is none. */
export function useTicket(
  ticketFile: string,
  contractFile: string,
  options: CommonOptions & { readonly runtime: string },
): Promise<number> {
  const body = { ticket: readText(ticketFile), contract: readText(contractFile), runtime: options.runtime };
  return withSession(options, async ({ client, output }) => {
    const claim = await client.post<TicketUseClaim>("/api/scoped-tickets/use", body);
    output.result(claim, () => [
      claim.status === "claimed"
        ? `claimed  use ${String(claim.use_count)} of ${String(claim.max_uses)}  ticket ${claim.ticket_id}`
        : `refused  ${claim.reason_code}`,
    ]);
    return claim.status === "claimed" ? 0 : 3;
  });
}

/** `writ kernel bundle seen <record>`: 0 when the guarded bundle is fresh, 3 when it was seen before. */
export function seeBundle(file: string, options: CommonOptions): Promise<number> {
  const record = readExact(file);
  return withSession(options, async ({ client, output }) => {
    const decision = await client.post<ReplayDecision>("/api/replays", record);
    output.result(decision, () => [
      decision.allowed ? decision.replay_status : `${decision.replay_status}  ${decision.blocker}`,
    ]);
    return decision.allowed ? 0 : 3;
  });
}
