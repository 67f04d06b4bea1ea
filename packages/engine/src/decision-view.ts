import type { DecisionView, RuleView } from "./documents.ts";
import type { RuleTexts } from "./rule-texts.ts";
import type { DecisionFacts } from "./views/action-record.ts";

/** The decision in the words of spec command.md §21.1. */
export function decisionView(facts: DecisionFacts, digest: string, texts: RuleTexts): DecisionView {
  const rules = facts.spoke.map((id) => ruleView(facts, id, texts));
  const against = rules.filter(({ vote }) => vote !== "allow");
  return {
    permitted: facts.outcome === "allow",
    reason: reasonFor(facts),
    triggered_rules: against.map(({ text }) => text),
    conditions: against.map(conditionFor),
    decision: facts.outcome,
    rules,
    advisories: facts.advice,
    effects: facts.effects,
    digest,
    governance: facts.governance,
    policy_digest: facts.policy_digest,
    determining: facts.determining,
    erroring: facts.erroring,
    audit_id: facts.entry,
    index: facts.index,
  };
}

function ruleView(facts: DecisionFacts, id: string, texts: RuleTexts): RuleView {
  const known = texts(facts.policy_digest, id);
  return { id, kind: known?.kind ?? "policy", vote: voteOf(facts, id, known?.effect), text: known?.text ?? id };
}

/** A policy of a set nobody has loaded votes as far as the record tells: what determined a deny is against. */
function voteOf(facts: DecisionFacts, id: string, effect: "permit" | "forbid" | undefined): RuleView["vote"] {
  if (facts.holds.some(({ policy }) => policy === id)) return "hold";
  if (effect !== undefined) return effect === "permit" ? "allow" : "deny";
  return facts.outcome === "deny" && facts.determining.includes(id) ? "deny" : "allow";
}

function conditionFor({ id, vote }: RuleView): string {
  return vote === "hold" ? `explicit operator confirmation (${id})` : `comply with ${id}`;
}

function reasonFor({ outcome, governance, determining, holds }: DecisionFacts): string {
  const { mode, posture } = governance;
  const by = determining.length === 0 ? "" : ` (${determining.join(", ")})`;
  switch (outcome) {
    case "allow":
      return `${holds.length === 0 ? "permitted" : "released by approval"} under ${mode} and ${posture}`;
    case "hold":
      return `waits for an operator under ${mode} and ${posture}${by}`;
    case "deny":
      return `denied under ${mode} and ${posture}${by}`;
    case "not_evaluated":
      return "not evaluated: no decision could be made, and that blocks";
  }
}
