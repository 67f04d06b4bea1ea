import { formatInstant } from "@writ/canon";

import { actionView } from "../action-view.ts";
import type { Context } from "../context.ts";
import { decisionDraft, holdDraft } from "../decision-draft.ts";
import type { ActionView } from "../documents.ts";
import { digestMismatch, otherProposal } from "../errors.ts";
import type { Draft } from "../journal.ts";
import { requireUuid } from "../limits.ts";
import type { Caller } from "../port.ts";
import { planChange } from "../redecide.ts";
import type { ActionRequest } from "../request.ts";
import { requireProposer } from "../rights.ts";
import type { Shaped } from "../shape.ts";
import { shapeRequest } from "../shape.ts";
import { findAction, isProposer, transition } from "../transition.ts";
import { actionNotFound } from "../errors.ts";

/** Shapes, decides and records one action, all before anything happens (ARCHITECTURE §1, steps 2 to 4). */
export async function propose(context: Context, caller: Caller, request: ActionRequest): Promise<ActionView> {
  requireProposer(caller);
  const shaped = shapeRequest(caller, request);
  const id = request.id === undefined ? context.journal.newId() : requireUuid("id", request.id);
  await context.refresh();
  if (request.id !== undefined && (await context.views.action(caller.tenant, id)) !== undefined) {
    return repeated(context, caller, id, shaped);
  }
  const drafts = decisionDrafts(context, caller, id, shaped);
  const scope = { tenant: caller.tenant, caller, run: shaped.run ?? id };
  const written = await context.journal.write(scope, drafts, [`action:${caller.tenant}:${id}`]);
  if (!written.ok) return repeated(context, caller, id, shaped);
  return actionView(await settleStale(context, caller.tenant, id), context.rules.texts, shaped.contract);
}

function decisionDrafts(context: Context, caller: Caller, id: string, shaped: Shaped): readonly Draft[] {
  const { contract, digest, live } = shaped;
  const { tenant, principal, credential, auth } = caller;
  const decided = context.decisions.decide({ tenant, principal, credential, contract, live });
  const decisionId = context.journal.newId();
  const decision = decisionDraft({
    id: decisionId,
    actionId: id,
    digest,
    contract,
    contractText: shaped.text,
    decided,
    purpose: "propose",
    auth,
    credential,
    live,
  });
  if (decided.outcome !== "hold") return [decision];
  const expiresAt = formatInstant(context.clock.now() + context.lifetimes.hold);
  return [decision, holdDraft({ actionId: id, digest, decided, decisionId, generation: 1, expiresAt })];
}

/** Governance that changed between deciding and committing is applied before the answer. */
async function settleStale(context: Context, tenant: string, id: string) {
  const action = await findAction(context, tenant, id);
  if (!MAY_HAPPEN.has(action.record.state) || context.decisions.isCurrent(action.record)) return action;
  return transition(context, { tenant, id }, (now) =>
    MAY_HAPPEN.has(now.record.state) ? planChange(context, now, false) : undefined,
  );
}

const MAY_HAPPEN: ReadonlySet<string> = new Set(["open", "held", "released"]);

/** A retry of the same proposal is answered with it; another proposal under its id is refused; so is one that names another run. */
async function repeated(context: Context, caller: Caller, id: string, shaped: Shaped): Promise<ActionView> {
  const action = await findAction(context, caller.tenant, id);
  if (!isProposer(caller, action.record)) throw actionNotFound(id);
  const { digest, live, run } = action.record;
  if (digest !== shaped.digest) throw digestMismatch(id, digest, shaped.digest);
  if (live !== shaped.live) throw otherProposal(id, digest, "live");
  if (shaped.run !== undefined && shaped.run !== (run ?? id)) throw otherProposal(id, digest, "run");
  return actionView(action, context.rules.texts, shaped.contract);
}
