import type { CompiledPolicy } from "../compile/compile-policy.ts";
import type { Frame } from "../compile/frame.ts";
import { ScopeIndex } from "./scope-index.ts";
import type { Schema } from "../schema/schema.ts";
import type { EntityValue } from "../values/value.ts";
import { Verdict } from "./verdict.ts";

/** Policies times actions up to which every action's index is built at load. */
const EAGER_ENTRIES_MAX = 100_000;

/**
 * Finds the policies that could speak. Exactness rule: a policy may be left out only if it is certain to be
 * neither satisfied nor erring. Scopes never err, so leaving out by scope is always exact. With a schema the
 * actions and their groups are fixed, and each action has an index of its own.
 */
export class PolicyIndex {
  readonly #all: ScopeIndex;
  readonly #policies: readonly CompiledPolicy[];
  readonly #actions: readonly EntityValue[];
  /** By the action's number. */
  readonly #byAction: (ScopeIndex | undefined)[];

  constructor(policies: readonly CompiledPolicy[], schema: Schema | undefined) {
    this.#policies = policies;
    this.#all = new ScopeIndex(policies, undefined);
    const actions = [...(schema?.actions.values() ?? [])].flatMap((ids) => [...ids.values()]);
    this.#actions = actions.toSorted((a, b) => a.number - b.number).map((action) => action.uid);
    this.#byAction = Array.from({ length: actions.length });
    if (actions.length * policies.length > EAGER_ENTRIES_MAX) return;
    for (let number = 0; number < actions.length; number++) this.#actionIndex(number);
  }

  evaluate(frame: Frame): Verdict {
    const verdict = new Verdict();
    const number = frame.actionNumber;
    const index = number < 0 ? this.#all : (this.#byAction[number] ?? this.#actionIndex(number));
    index.visit(frame, verdict);
    verdict.settle();
    return verdict;
  }

  /** The most conditions one request may have to evaluate because no index finds them. */
  get unindexedMax(): number {
    let most = this.#actions.length === 0 ? this.#all.unindexed : 0;
    for (const index of this.#byAction) most = Math.max(most, index?.unindexed ?? 0);
    return most;
  }

  #actionIndex(number: number): ScopeIndex {
    const index = new ScopeIndex(this.#policies, this.#actions[number]);
    this.#byAction[number] = index;
    return index;
  }
}
