import { canonicalize, isWritError, parseJson } from "@writ/canon";
import type { JsonValue } from "@writ/canon";
import { entityStore } from "@writ/policy";
import type { EntityJson, PolicyDecision, PolicyRequest, PolicySet } from "@writ/policy";

import { askPolicy } from "./ask-policy.ts";

/** What came of deciding a recorded decision again (ARCHITECTURE §1, step 9). */
export type Redecision = { readonly is: "same" } | { readonly is: "different"; readonly what: string };

type Members = { readonly [name: string]: JsonValue };

/**
 * Decides again what a `policy.decision` entry recorded, from the inputs in its private field `entities` and the set it
 * names, and holds the two against each other. Precondition: `set` has the digest that the entry names.
 */
export function redecideRecord(set: PolicySet, data: Members, inputs: Uint8Array): Redecision {
  const recorded = readInputs(inputs);
  if (recorded === undefined) return different("its inputs are not entities and a request");
  const { entities, request } = recorded;
  const decision = decideRecorded(set, request, entities);
  if (!hasOutcome(data, decision))
    return different(`it says \`${canonicalize(data["outcome"] ?? null)}\`, again it is \`${decision.outcome}\``);
  for (const [name, again] of Object.entries(reasonsOf(decision))) {
    if (canonicalize(data[name] ?? null) !== canonicalize(again))
      return different(`\`${name}\` is not what it was decided by`);
  }
  return sameRequest(data, request) ? { is: "same" } : different("it was decided from another request than it names");
}

function different(what: string): Redecision {
  return { is: "different", what };
}

interface Inputs {
  readonly entities: readonly EntityJson[];
  readonly request: PolicyRequest;
}

function readInputs(bytes: Uint8Array): Inputs | undefined {
  try {
    const value = parseJson(bytes);
    const { entities, request } = value as { readonly entities?: unknown; readonly request?: unknown };
    if (!Array.isArray(entities) || typeof request !== "object" || request === null) return undefined;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what does not fit the schema, policy refuses
    return value as unknown as Inputs;
  } catch (error) {
    if (isWritError(error)) return undefined;
    throw error;
  }
}

function decideRecorded(set: PolicySet, request: PolicyRequest, entities: readonly EntityJson[]): PolicyDecision {
  return askPolicy(set, request, () => entityStore(set, entities));
}

/**
 * What approvals released is recorded as `allow`. Policy holds such an action, and that they suffice is for audit to
 * judge; or it allows the action by now, where the rules were relaxed after they held it.
 */
function hasOutcome(data: Members, { outcome }: PolicyDecision): boolean {
  if (data["released"] !== true) return data["outcome"] === outcome;
  return data["outcome"] === "allow" && (outcome === "hold" || outcome === "allow");
}

function reasonsOf({ determining, erroring, holds, spoke, advice }: PolicyDecision): {
  readonly [name: string]: JsonValue;
} {
  return {
    determining: [...determining],
    erroring: [...erroring],
    holds: holds.map(({ policy, requirement, approvals }) => ({ policy, requirement, approvals })),
    spoke: [...spoke],
    advice: [...advice],
  };
}

/** The action and the governance that the entry shows are those that policy was asked about. */
function sameRequest(data: Members, { action, context }: PolicyRequest): boolean {
  const governance = data["governance"];
  if (typeof governance !== "object" || governance === null || Array.isArray(governance)) return false;
  const shown = governance as Members;
  const asked = context as Members;
  return data["action"] === action.id && ["mode", "posture", "role"].every((name) => shown[name] === asked[name]);
}
