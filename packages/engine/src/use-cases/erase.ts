import type { ErasurePlan as LedgerPlan } from "@writ/ledger";

import type { Context } from "../context.ts";
import type { ErasurePlan, ErasureResult } from "../documents.ts";
import { concurrentChange } from "../errors.ts";
import { requireText } from "../limits.ts";
import type { Caller } from "../port.ts";
import { principalText } from "../principal.ts";
import { requireOperator } from "../rights.ts";

const SUBJECT_MAX = 256;
export const GROUND_MAX = 1_024;
/** Fields that one `erasure` entry names; a subject with more is erased in several. */
export const FIELDS_MAX = 400;

/** What erasing a person's content would remove, in the caller's tenant. */
export async function planErasure(
  context: Context,
  caller: Caller,
  options: { readonly subject: string },
): Promise<ErasurePlan> {
  const { subject, fields } = await findContent(context, caller, options.subject);
  return { subject, fields };
}

interface Content extends ErasurePlan {
  /** The subject has content in other tenants too, which is not this operator's to erase. */
  readonly elsewhere: boolean;
}

async function findContent(context: Context, caller: Caller, given: string): Promise<Content> {
  requireOperator(caller, "plan erasures");
  const subject = requireText("subject", given, SUBJECT_MAX);
  await context.refresh();
  const { fields } = await context.ledger.planErasure(subject);
  const own: { index: number; field: string; bytes: number }[] = [];
  for (const { index, field } of fields) {
    const stored = await context.ledger.get(index);
    if (stored?.value.who.tenant !== caller.tenant) continue;
    own.push({ index, field, bytes: stored.value.private?.[field]?.n ?? 0 });
  }
  return { subject, fields: own, elsewhere: own.length < fields.length };
}

/** Removes it for good, and records that; the views lose it in the same move of their position. */
export async function erase(
  context: Context,
  caller: Caller,
  options: { readonly subject: string; readonly ground: string },
): Promise<ErasureResult> {
  const ground = requireText("ground", options.ground, GROUND_MAX);
  const { subject, fields, elsewhere } = await findContent(context, caller, options.subject);
  let entry: string | null = null;
  for (let from = 0; from < fields.length; from += FIELDS_MAX) {
    const part = fields.slice(from, from + FIELDS_MAX).map(({ index, field }) => ({ index, field }));
    const isLast = from + FIELDS_MAX >= fields.length;
    // Naming the subject also destroys its key, where content is sealed: only with the last of what there is.
    const plan = isLast && !elsewhere ? { subject, fields: part } : { fields: part };
    entry = await erasePart(context, caller, plan, ground);
  }
  await context.refresh();
  if (entry !== null) await context.truncateViews();
  return { subject, fields, entry };
}

export async function erasePart(context: Context, caller: Caller, plan: LedgerPlan, ground: string): Promise<string> {
  const approver = principalText(caller.principal);
  const id = context.journal.newId();
  const result = await context.ledger.erase(plan, { id, who: { tenant: caller.tenant }, ground, approver });
  if (!result.ok) throw concurrentChange("what is to be erased");
  return id;
}
