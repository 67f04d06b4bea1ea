import type { JsonValue } from "@writ/canon";

import type { Context } from "../context.ts";
import type { SystemView } from "../documents.ts";
import { concurrentChange, invalidRequest } from "../errors.ts";
import { requireOneOf, requireWhole } from "../limits.ts";
import type { Caller } from "../port.ts";
import { checkCaller, checkPrincipalId } from "../principal.ts";
import type { SystemPatch } from "../request.ts";
import { requireOperator } from "../rights.ts";
import { settleAll } from "../settle-all.ts";

const CHANGE_TRIES_MAX = 8;

export async function systems(context: Context, caller: Caller): Promise<readonly SystemView[]> {
  checkCaller(caller);
  await context.refresh();
  return context.views.projection.systems(caller.tenant);
}

/** Agents a tenant's roster may name. */
const SYSTEMS_MAX = 1_000;

/** Changes one roster entry in the order of spec command.md §7.2, then decides again what may still happen. */
export async function setSystem(context: Context, caller: Caller, patch: SystemPatch): Promise<SystemView> {
  requireOperator(caller, "change the roster");
  checkPatch(patch);
  for (let tries = 0; tries < CHANGE_TRIES_MAX; tries++) {
    await context.refresh();
    const { projection } = context.views;
    const roster = projection.systems(caller.tenant);
    const before = projection.system(caller.tenant, patch.system_id);
    if (before === undefined && roster.length >= SYSTEMS_MAX)
      throw invalidRequest("system_id", `a roster has at most ${SYSTEMS_MAX}`);
    const after = patchedSystem(before ?? { system_id: patch.system_id, ...UNKNOWN }, patch);
    const changed = [after, ...demoted(roster, after)];
    const count = projection.rosterVersion(caller.tenant);
    const draft = {
      kind: "x.system.changed",
      data: { systems: changed as unknown as JsonValue, version: count + 1 },
    } as const;
    const written = await context.journal.write(
      { tenant: caller.tenant, caller },
      [draft],
      [`roster:${caller.tenant}:v${count + 1}`],
    );
    if (!written.ok) continue;
    await settleAll(context, caller.tenant);
    return after;
  }
  throw concurrentChange("the roster");
}

/** Spec command.md §7.1. */
const UNKNOWN = { active: false, role: "none", seq: null, muted: false } as const;

function checkPatch(patch: SystemPatch): void {
  if (typeof patch !== "object" || patch === null) throw invalidRequest("system", "it is an object");
  if (typeof patch.system_id !== "string") throw invalidRequest("system_id", "it is text");
  checkPrincipalId(patch.system_id);
  if (patch.role !== undefined) requireOneOf("role", patch.role, ["primary", "secondary", "observer", "none"]);
  if (patch.seq !== undefined && patch.seq !== null) requireWhole("seq", patch.seq, 0, 999);
  for (const field of ["active", "muted"] as const) {
    if (patch[field] !== undefined && typeof patch[field] !== "boolean")
      throw invalidRequest(field, "it is true or false");
  }
}

function patchedSystem(before: SystemView, patch: SystemPatch): SystemView {
  const active = patch.active ?? before.active;
  const muted = patch.muted ?? before.muted;
  if (!active) return { system_id: before.system_id, active, role: "none", seq: null, muted };
  const seq = patch.seq === undefined ? before.seq : patch.seq;
  return { system_id: before.system_id, active, role: patch.role ?? before.role, seq, muted };
}

/** A new primary makes every other one secondary; a request that ends inactive demotes nobody. */
function demoted(roster: readonly SystemView[], after: SystemView): readonly SystemView[] {
  if (after.role !== "primary") return [];
  return roster
    .filter(({ system_id, role }) => system_id !== after.system_id && role === "primary")
    .map((system) => ({ ...system, role: "secondary", seq: 2 }));
}
