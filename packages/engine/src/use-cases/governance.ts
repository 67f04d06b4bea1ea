import type { JsonValue } from "@writ/canon";

import type { Context } from "../context.ts";
import type { GovernanceView } from "../documents.ts";
import { concurrentChange, invalidRequest } from "../errors.ts";
import { patchGovernance } from "../governance-rules.ts";
import type { Caller } from "../port.ts";
import { checkCaller } from "../principal.ts";
import { settleAll } from "../settle-all.ts";
import type { GovernanceFields, GovernancePatch } from "../request.ts";
import { requireOperator } from "../rights.ts";

export async function governance(context: Context, caller: Caller): Promise<GovernanceView> {
  checkCaller(caller);
  await context.refresh();
  return context.views.projection.governance(caller.tenant);
}

/** Changes governance, then decides every action again that may still happen. */
export async function setGovernance(context: Context, caller: Caller, patch: GovernancePatch): Promise<GovernanceView> {
  requireOperator(caller, "change governance");
  if (typeof patch !== "object" || patch === null) throw invalidRequest("governance", "it is an object");
  for (let tries = 0; tries < CHANGE_TRIES_MAX; tries++) {
    await context.refresh();
    const before = context.views.projection.governance(caller.tenant);
    const after = patchGovernance(before, patch);
    const version = before.version + 1;
    const modeInput = typeof patch.mode === "string" ? patch.mode : before.mode_input;
    const draft = {
      kind: "x.governance.changed",
      data: { ...recorded(after), version },
      private: { mode_input: modeInput },
    } as const;
    const written = await context.journal.write(
      { tenant: caller.tenant, caller },
      [draft],
      [`governance:${caller.tenant}:v${version}`],
    );
    if (!written.ok) continue;
    await settleAll(context, caller.tenant);
    return context.views.projection.governance(caller.tenant);
  }
  throw concurrentChange("governance");
}

const CHANGE_TRIES_MAX = 8;

/** Entries hold no fractions: the one number is written as decimal text. */
function recorded(fields: GovernanceFields): { [name: string]: JsonValue } {
  return { ...fields, narrative_strength: String(fields.narrative_strength) };
}
