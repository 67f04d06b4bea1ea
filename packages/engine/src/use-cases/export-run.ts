import { isUuidv7, type JsonValue } from "@writ/canon";
import { exportBundle } from "@writ/ledger";

import type { Context } from "../context.ts";
import { engineError } from "../errors.ts";
import { optionalText, requireWhole } from "../limits.ts";
import { entryPage } from "../page-sql.ts";
import type { Caller, ExportOptions } from "../port.ts";
import { requireReader } from "../rights.ts";
import type { ActionRecord } from "../views/action-record.ts";

/**
 * The lines of a bundle of one run or action, or of the caller's whole tenant. With a run come the policy sets that its
 * decisions name, so that whoever has the bundle can decide them again (ARCHITECTURE §1, step 9).
 */
export async function* exportRun(
  context: Context,
  caller: Caller,
  options: ExportOptions = {},
): AsyncGenerator<string, void, undefined> {
  requireReader(caller, "export the log");
  const run = optionalText("run", options.run, 128);
  const since = sizesOf(options.since);
  await context.refresh();
  const open = options.openPrivate ?? true;
  const action = run === undefined ? undefined : await memberOfRun(context, caller, run);
  if (action !== undefined) {
    const indexes = action.entries.map(({ index }) => index);
    const decided = action.entries.filter(({ kind }) => kind === "policy.decision").map(({ index }) => index);
    const policies = await policiesOf(context, caller, decided);
    yield* exportBundle(context.ledger, { entries: [...policies, ...indexes] }, { open, since });
    return;
  }
  if (run === undefined) {
    const indexes = indexesOf(context, caller, {});
    yield* exportBundle(context.ledger, { tenant: caller.tenant }, { open, since, indexes });
    return;
  }
  await requireEntries(context, caller, run);
  const policies = await policiesOf(context, caller, indexesOf(context, caller, { run, kind: "policy.decision" }));
  const indexes = indexesOf(context, caller, { run });
  yield* exportBundle(context.ledger, { run, policies }, { open, since, indexes });
}

function sizesOf(since: number | undefined): readonly number[] {
  return since === undefined ? [] : [requireWhole("since", since, 1, Number.MAX_SAFE_INTEGER)];
}

/** A bundle of nothing would pass for evidence that nothing happened. */
async function requireEntries(context: Context, caller: Caller, run: string): Promise<void> {
  const { sql, params } = entryPage({ tenant: caller.tenant, run, kind: undefined, after: -1, limit: 1 });
  if ((await context.views.database.read((tx) => tx.get(sql, params))) !== undefined) return;
  throw engineError({
    code: "ENTRY_NOT_FOUND",
    message: `no entry belongs to \`${run}\``,
    reason: "the caller's tenant has no run and no action of this name",
    next: "list the entries to find it",
    details: { run },
  });
}

/** The action of this id where it belongs to a run: its entries carry the run's name, not its id. */
async function memberOfRun(context: Context, caller: Caller, id: string): Promise<ActionRecord | undefined> {
  if (!isUuidv7(id)) return undefined;
  const record = (await context.views.action(caller.tenant, id))?.record;
  return record === undefined || record.run === null ? undefined : record;
}

/** The entries that first pinned the policy sets which these decisions name, rising. */
async function policiesOf(
  context: Context,
  caller: Caller,
  decisions: AsyncIterable<number> | Iterable<number>,
): Promise<readonly number[]> {
  const named = new Set<JsonValue>();
  for await (const index of decisions) {
    const digest = (await context.ledger.get(index))?.value.data["policy_digest"];
    if (digest !== undefined) named.add(digest);
  }
  const found: number[] = [];
  for await (const index of indexesOf(context, caller, { kind: "policy.changed" })) {
    if (named.size === 0) break;
    const digest = (await context.ledger.get(index))?.value.data["policy_digest"];
    if (digest !== undefined && named.delete(digest)) found.push(index);
  }
  return found;
}

const EXPORT_PAGE = 500;

async function* indexesOf(
  context: Context,
  caller: Caller,
  { run, kind }: { readonly run?: string; readonly kind?: string },
): AsyncGenerator<number> {
  let after = -1;
  for (;;) {
    const page = entryPage({ tenant: caller.tenant, run, kind, after, limit: EXPORT_PAGE });
    const rows = await context.views.database.read((tx) => tx.all(page.sql, page.params));
    for (const row of rows) {
      after = Number(row["idx"]);
      yield after;
    }
    if (rows.length < EXPORT_PAGE) return;
  }
}
