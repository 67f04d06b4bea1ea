import type { LogStatusView, SignedHeadView } from "@writ/engine";
import { classify } from "@writ/api/client";
import { withSession, type CommonOptions } from "../command.ts";

/** `writ ledger status`: how the log stands, as its owner reads it back. Ends like the reason why it takes no entries. */
export async function ledgerStatus(options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const now = await client.get<LogStatusView>("/api/log/status");
    output.result(now, () => [
      `log         ${now.origin}, ${String(now.size)} entries, root ${now.root.slice(0, 16)}…`,
      `appends     ${now.read_only === null ? "taken" : `REFUSED: ${now.read_only.message} [${now.read_only.code}]`}`,
      `checkpoint  ${signedText(now.checkpoint)}`,
      `shown       ${signedText(now.shown)}`,
      `signer      ${now.signer.key ?? "none"}, remembers ${sizeText(now.signer.signed)}`,
      "witnesses   none cosign this log",
      ...Object.entries(now.settings).map(
        ([name, value], at) => `${at === 0 ? "settings" : "        "}    ${name} = ${value}`,
      ),
      ...(now.shown === null
        ? ["note        no checkpoint ever left this machine: whoever holds the key could rewrite the whole log unseen"]
        : [
            "note        entries above the last checkpoint that others keep could be rewritten by whoever holds the key",
          ]),
    ]);
    return now.read_only === null ? 0 : classify(now.read_only.code).exit;
  });
}

function signedText(signed: SignedHeadView | null): string {
  if (signed === null) return "none";
  return `${sizeText(signed.size)}, ${signed.at}, ${String(Math.round(signed.age_ms / 1000))} s ago`;
}

function sizeText(size: number | null): string {
  return size === null ? "nothing" : `size ${String(size)}`;
}
