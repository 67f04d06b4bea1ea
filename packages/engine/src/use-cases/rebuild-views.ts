import type { Context } from "../context.ts";
import type { RebuildView } from "../documents.ts";
import type { Caller } from "../port.ts";
import { requireOperator } from "../rights.ts";
import { SQL } from "../views/schema.ts";

/** Makes the views anew from the log alone; reads and decisions wait meanwhile. */
export async function rebuildViews(
  context: Context,
  caller: Caller,
  onProgress?: (done: number, size: number) => void,
): Promise<RebuildView> {
  requireOperator(caller, "rebuild the views");
  await context.views.rebuild(onProgress);
  const row = await context.views.database.read((tx) => tx.get(SQL.actionCount));
  return { position: context.views.position, actions: Number(row?.["n"] ?? 0) };
}
