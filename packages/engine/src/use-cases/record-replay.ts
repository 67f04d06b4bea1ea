import type { ExactJson, JsonValue } from "@writ/canon";
import { evaluateReplay, parseReplayRecord, replayKeys, type ReplayDecision, type ReplayRecord } from "@writ/kernel";

import type { Context } from "../context.ts";
import type { Caller } from "../port.ts";
import { requireRunner } from "../rights.ts";
import { claimOnce } from "../once-only.ts";

/**
 * Whether a guarded bundle was seen before, by anybody who writes this log. INVARIANT: a sighting that is answered as
 * fresh is on record under its keys, so of any number of callers one is told so.
 */
export async function recordReplay(
  context: Context,
  caller: Caller,
  options: { readonly record: ExactJson; readonly requireFresh?: boolean },
): Promise<ReplayDecision> {
  requireRunner(caller, "record sightings of guarded bundles");
  const record = parseReplayRecord(options.record);
  const requireFresh = options.requireFresh ?? true;
  const claim = { kind: "x.replay.recorded", data: { replay: fieldsOf(record) } } as const;
  const claimed = await claimOnce(context, caller, { ...claim, once: replayKeys(record) });
  if (claimed.ok) return evaluateReplay(record, [], requireFresh);
  const decision = evaluateReplay(record, [parseReplayRecord(claimed.data["replay"] ?? null)], requireFresh);
  // A bundle that another tenant saw is a replay here too, and what that tenant recorded stays its own.
  return claimed.tenant === caller.tenant ? decision : { ...decision, first_seen: null };
}

/** What a prior is compared by; free-form metadata stays with its host. */
function fieldsOf(record: ReplayRecord): { readonly [key: string]: JsonValue } {
  const { metadata: _, ...fields } = record;
  return fields;
}
