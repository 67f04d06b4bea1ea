import { actionView } from "./action-view.ts";
import type { Context } from "./context.ts";
import type { EngineEvent } from "./event.ts";
import type { FoldedEvent } from "./views/fold.ts";

/** Turns folded entries into events; nothing is made while nobody listens. */
export function subscribeEvents(context: Context, listener: (event: EngineEvent) => void): () => void {
  return context.views.listen((folded) => {
    for (const event of eventsOf(context, folded)) listener(event);
  });
}

function* eventsOf(context: Context, { entry, action, event }: FoldedEvent): Generator<EngineEvent> {
  const { index, id, kind, run, at } = entry;
  const { tenant } = entry.who;
  yield { type: "entry", tenant, index, payload: { index, id, kind, run, at } };
  if (event !== null && action !== null) {
    yield { type: event, tenant, index, payload: actionView(action, context.rules.texts) };
  }
  if (kind === "x.governance.changed") {
    yield { type: "governance_updated", tenant, index, payload: context.views.projection.governance(tenant) };
  }
}
