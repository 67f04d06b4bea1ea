import type { EntryKind, RetentionOptions } from "@writ/ledger";
import { ENTRY_KINDS } from "@writ/ledger";

import type { Context } from "../context.ts";
import type { RetentionPlan, RetentionResult } from "../documents.ts";
import { requireKind } from "../entry-kind.ts";
import { requireText, requireWhole } from "../limits.ts";
import type { Caller, RetentionRequest } from "../port.ts";
import { requireOperator } from "../rights.ts";
import { erasePart, FIELDS_MAX, GROUND_MAX } from "./erase.ts";

const DAY_MS = 86_400_000;
/** What is younger may still be needed to answer a hold or to settle a run. */
const DAYS_MIN = 7;
const DAYS_MAX = 36_500;
const HOLDS_MAX = 256;
/** The texts of policies decide what comes next and explain what was decided, so no rule ends them. */
const KINDS = ENTRY_KINDS.filter((kind) => kind !== "policy.changed");

/** What is private in entries of a kind and older than so many days, and held by nobody: at most 400 fields, oldest first. */
export async function planRetention(
  context: Context,
  caller: Caller,
  request: RetentionRequest,
): Promise<RetentionPlan> {
  requireOperator(caller, "plan what is kept");
  const { kind, days } = checked(request);
  const fields = await context.ledger.planRetention(options(context, caller, request));
  return { kind, days, fields, more: fields.length === FIELDS_MAX };
}

/** Erases all of it, and records that, in as many entries as it takes. */
export async function retain(
  context: Context,
  caller: Caller,
  request: RetentionRequest & { readonly ground: string },
): Promise<RetentionResult> {
  requireOperator(caller, "erase what is over");
  const ground = requireText("ground", request.ground, GROUND_MAX);
  const { kind, days } = checked(request);
  const chosen = options(context, caller, request);
  const entries: string[] = [];
  let erased = 0;
  for (;;) {
    const fields = await context.ledger.planRetention(chosen);
    if (fields.length === 0) break;
    entries.push(await erasePart(context, caller, { fields }, ground));
    erased += fields.length;
  }
  await context.refresh();
  if (erased > 0) await context.truncateViews();
  return { kind, days, erased, entries };
}

function options(context: Context, caller: Caller, request: RetentionRequest): RetentionOptions {
  const { kind, days } = checked(request);
  return {
    rules: new Map([[kind, days * DAY_MS]]),
    nowMs: context.clock.now(),
    tenant: caller.tenant,
    holds: { runs: held("hold_runs", request.holdRuns), subjects: held("hold_subjects", request.holdSubjects) },
  };
}

function checked({ kind, days }: RetentionRequest): { readonly kind: EntryKind; readonly days: number } {
  return {
    kind: requireKind("kind", kind, KINDS),
    days: requireWhole("days", days, DAYS_MIN, DAYS_MAX),
  };
}

function held(field: string, names: readonly string[] = []): ReadonlySet<string> {
  requireWhole(`${field}.length`, names.length, 0, HOLDS_MAX);
  return new Set(names.map((name) => requireText(field, name, 256)));
}
