import { checkStore } from "./authorize.ts";
import { decisionOf } from "./decide.ts";
import type { EntityStore } from "./entity-store.ts";
import { explainPolicy } from "./explain-policy.ts";
import type { PolicyInfo, PolicySet } from "./policy-set.ts";
import { requestFrame } from "./input/request-frame.ts";
import type { PolicyDecision, PolicyRequest } from "./types.ts";

/** What one policy said, and why, for people. */
export interface PolicyExplanation {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly effect: "permit" | "forbid";
  readonly text: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** `satisfied` and `erred` spoke; `near` has a matching scope and failed in one condition. */
  readonly verdict: "satisfied" | "erred" | "near";
  /** Sentences: which condition held, failed or erred, with the values it saw. */
  readonly why: readonly string[];
  /** The evaluation error, for `erred`. */
  readonly error: string | undefined;
}

export interface Explanation {
  readonly decision: PolicyDecision;
  /** One sentence: the outcome and what determined it. */
  readonly summary: string;
  /** All that spoke or erred, then near misses, at most 20 of them; each part in the order of ids. */
  readonly policies: readonly PolicyExplanation[];
}

/** Near misses that are shown. */
const NEAR_MAX = 20;

/**
 * The decision with each policy that spoke, erred or nearly matched, and why. Slower than `decide` by far:
 * every policy is evaluated, without the index. Throws as `decide` does.
 */
export function explain(set: PolicySet, request: PolicyRequest, entities: EntityStore): Explanation {
  checkStore(set, entities);
  const { schema, index, policies } = set.program;
  const frame = requestFrame(schema, request, entities, { validate: true, notes: null });
  const decision = decisionOf(set.program, index.evaluate(frame));
  const infos = new Map(set.policies.map((info) => [info.id, info]));
  const found = policies.flatMap((policy) => {
    const verdict = explainPolicy(frame, policy);
    return verdict === undefined
      ? []
      : [{ ...placeOf(policy.template ?? policy.id, infos), id: policy.id, ...verdict }];
  });
  const spoken = found.filter((each) => each.verdict !== "near");
  const near = found.filter((each) => each.verdict === "near").slice(0, NEAR_MAX);
  return { decision, summary: summaryOf(decision), policies: [...spoken, ...near] };
}

type Place = Pick<PolicyExplanation, "file" | "line" | "effect" | "text" | "annotations">;

/** INVARIANT: every compiled policy comes from one of the set's texts. */
function placeOf(id: string, infos: ReadonlyMap<string, PolicyInfo>): Place {
  const { file, line, effect, text, annotations } = infos.get(id)!;
  return { file, line, effect, text, annotations };
}

function summaryOf(decision: PolicyDecision): string {
  const by = decision.determining.map((id) => `\`${id}\``).join(", ");
  switch (decision.outcome) {
    case "allow":
      return `allowed by ${by}`;
    case "hold":
      return `held by ${by} until ${decision.holds.map((hold) => `${hold.approvals} × ${hold.requirement}`).join(", ")}`;
    case "deny":
      return by === "" ? "denied: no policy permits it" : `denied by ${by}`;
    case "not_evaluated":
      return `not evaluated, which blocks: ${by} failed to evaluate`;
  }
}
