import { isWritError } from "@writ/canon";

import type { Context } from "./context.ts";
import { planChange } from "./redecide.ts";
import { transition } from "./transition.ts";
import { actionPage } from "./page-sql.ts";
import { storedAction } from "./views/view-tables.ts";

const PAGE = 256;
/** The states of actions that may still happen; held and released come first, because people look at those. */
const UNSETTLED = ["held", "released", "open"] as const;
/** Allowed actions settled at once; older ones are decided again when they are used. */
const OPEN_MAX = 1_024;

/** Decides every action of a tenant again that may still happen (ARCHITECTURE §11, "Holds and change"). */
export async function settleAll(context: Context, tenant: string): Promise<void> {
  for (const state of UNSETTLED) {
    let before = Number.MAX_SAFE_INTEGER;
    const most = state === "open" ? OPEN_MAX : Number.POSITIVE_INFINITY;
    for (let seen = 0; seen < most; seen += PAGE) {
      const page = actionPage({ tenant, state, run: undefined, principal: undefined, before, limit: PAGE });
      const rows = await context.views.database.read((tx) => tx.all(page.sql, page.params));
      const records = rows.map((row) => storedAction(row).record);
      await Promise.all(records.map(({ id }) => settleOne(context, tenant, id)));
      if (records.length < PAGE) break;
      before = records.at(-1)?.index ?? 0;
    }
  }
}

/** An action whose contract was erased can no longer happen: using it says so, and it expires by itself. */
async function settleOne(context: Context, tenant: string, id: string): Promise<void> {
  try {
    await transition(context, { tenant, id }, (action) =>
      (UNSETTLED as readonly string[]).includes(action.record.state) ? planChange(context, action, false) : undefined,
    );
  } catch (error) {
    if (!isWritError(error, "ACTION_ERASED")) throw error;
  }
}
