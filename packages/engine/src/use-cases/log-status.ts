import { toHex } from "@writ/canon";
import type { LedgerReport } from "@writ/ledger";

import type { Context } from "../context.ts";
import type { LogStatusView, SignedHeadView } from "../documents.ts";
import type { Caller } from "../port.ts";
import { requireReader } from "../rights.ts";

/** How the log stands, as read back from database and signer and not as configured. */
export async function logStatus(context: Context, caller: Caller): Promise<LogStatusView> {
  requireReader(caller, "see how the log stands");
  const { origin, head, readOnly, checkpoint, shown, signed, settings } = await context.ledger.inspect();
  const nowMs = context.clock.now();
  return {
    origin,
    size: head.size,
    root: toHex(head.root),
    read_only: readOnly ?? null,
    checkpoint: signedHead(checkpoint, nowMs),
    shown: signedHead(shown, nowMs),
    signer: { key: context.signer, signed: signed ?? null },
    settings,
  };
}

function signedHead(signed: LedgerReport["checkpoint"], nowMs: number): SignedHeadView | null {
  if (signed === undefined) return null;
  // Another node's clock may be ahead of ours.
  return { ...signed, age_ms: Math.max(0, nowMs - Date.parse(signed.at)) };
}
