import type { StatusView } from "@writ/engine";
import { withSession, type CommonOptions } from "../command.ts";

/** `writ log key`: the log's public key as a verifier's policy file holds it, one line. */
export async function key(options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const { signer, log } = await client.get<StatusView>("/api/status");
    output.result({ origin: log.origin, key: signer }, () => (signer === null ? [] : [signer]));
    return signer === null ? 1 : 0;
  });
}
