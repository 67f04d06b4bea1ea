import type { Context } from "../context.ts";
import { isWritError } from "@writ/canon";

import { expiredPart, planExpiry } from "../expiry.ts";
import { transition } from "../transition.ts";

/** Actions ended in one sweep; the next one takes the rest. */
const SWEEP_MAX = 500;

/** Ends every action whose time is over. Each use checks it too; this is for those nobody uses any more. */
export async function sweep(context: Context): Promise<number> {
  await context.refresh();
  const expired = await context.views.expired(context.clock.now(), SWEEP_MAX);
  const ended = await Promise.all(expired.map((place) => endOne(context, place)));
  return ended.filter(Boolean).length;
}

async function endOne(context: Context, place: { readonly tenant: string; readonly id: string }): Promise<boolean> {
  try {
    await transition(context, place, ({ record }) => {
      const part = expiredPart(record, context.clock.now());
      return part === undefined ? undefined : planExpiry(record, part);
    });
    return false;
  } catch (error) {
    if (isWritError(error) && EXPIRED.has(error.code)) return true;
    throw error;
  }
}

/** What `planExpiry` tells its caller once the end is on record. */
const EXPIRED: ReadonlySet<string> = new Set(["HOLD_EXPIRED", "APPROVAL_EXPIRED", "TICKET_EXPIRED"]);
