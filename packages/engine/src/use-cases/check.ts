import type { Context } from "../context.ts";
import { decisionDraft } from "../decision-draft.ts";
import { decisionView } from "../decision-view.ts";
import type { DecisionView } from "../documents.ts";
import type { Caller } from "../port.ts";
import type { ActionRequest } from "../request.ts";
import { requireProposer } from "../rights.ts";
import { shapeRequest } from "../shape.ts";
import { decisionFacts } from "../views/fold-action.ts";

/** Decides and records the decision, but opens nothing (spec command.md §21.2). */
export async function check(context: Context, caller: Caller, request: ActionRequest): Promise<DecisionView> {
  requireProposer(caller);
  const { contract, digest, text, live, run } = shapeRequest(caller, request);
  await context.refresh();
  const { tenant, principal, credential, auth } = caller;
  const decided = context.decisions.decide({ tenant, principal, credential, contract, live });
  const id = context.journal.newId();
  const entry = { id, actionId: id, digest, contract, contractText: text, decided, auth, credential, live } as const;
  const draft = decisionDraft({ ...entry, purpose: "check" });
  const written = await context.journal.write({ tenant, caller, run: run ?? id }, [draft]);
  if (!written.ok) throw new Error("an entry without guards was refused by one");
  return decisionView(decisionFacts(written.entries[0]!), digest, context.rules.texts);
}
