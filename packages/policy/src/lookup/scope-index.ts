import type { CompiledPolicy } from "../compile/compile-policy.ts";
import { ConditionIndex, type Entry } from "./condition-index.ts";
import { CONSTANT_FRAME, type Frame, nodeOf } from "../compile/frame.ts";
import { matchesScope, type ScopeTest } from "../compile/scope.ts";
import type { EntityValue } from "../values/value.ts";
import type { Verdict } from "./verdict.ts";

type Variable = "principal" | "resource" | "action";
type Step =
  | { readonly variable: Variable; readonly op: "==" | "in"; readonly table: EntityTable }
  | { readonly variable: Variable; readonly op: "is"; readonly table: Map<string, ConditionIndex> };
/** By type, then id. */
type EntityTable = Map<string, Map<string, ConditionIndex>>;

/**
 * Policies under one primary key each, the most selective their scope has. Those of one action only, if it is
 * given with its groups; then no action is tested any more.
 */
export class ScopeIndex {
  readonly #equal = tables<Map<string, ConditionIndex>>();
  readonly #within = tables<Map<string, ConditionIndex>>();
  readonly #typed = tables<ConditionIndex>();
  readonly #rest = new ConditionIndex();
  /** The tables that hold anything. */
  readonly #steps: readonly Step[];

  constructor(policies: readonly CompiledPolicy[], action: EntityValue | undefined) {
    for (const policy of policies) {
      if (action !== undefined && !coversAction(policy.action, action)) continue;
      for (const place of this.#placesOf(policy, action !== undefined)) place.leaf.add(place.entry);
    }
    for (const leaf of this.#leaves()) leaf.seal();
    this.#steps = (["resource", "principal", "action"] as const).flatMap((variable) => this.#stepsOf(variable));
  }

  visit(frame: Frame, verdict: Verdict): void {
    for (let index = 0; index < this.#steps.length; index++) visitStep(frame, verdict, this.#steps[index]!);
    this.#rest.visit(frame, verdict);
  }

  /** Conditions of the largest group that must all be evaluated one by one. */
  get unindexed(): number {
    return Math.max(...[...this.#leaves()].map((leaf) => leaf.unindexed));
  }

  /** Where a policy is entered; an action list under each of its actions, so a verdict may be given twice. */
  #placesOf(policy: CompiledPolicy, actionKnown: boolean): { leaf: ConditionIndex; entry: Entry }[] {
    const open: Variable[] = actionKnown ? ["resource", "principal"] : ["resource", "principal", "action"];
    const place = (leaf: ConditionIndex, tested: Variable | undefined) => ({
      leaf,
      entry: { policy, checks: open.flatMap((each) => checkOf(policy, each, each === tested)) },
    });
    for (const op of ["==", "in", "is"] as const) {
      for (const variable of open) {
        const leaf = this.#leafFor(policy[variable], op, variable);
        if (leaf.length > 0) return leaf.map((each) => place(each, variable));
      }
    }
    return [place(this.#rest, undefined)];
  }

  #stepsOf(variable: Variable): Step[] {
    const steps: readonly Step[] = [
      { variable, op: "==", table: this.#equal[variable] },
      { variable, op: "in", table: this.#within[variable] },
      { variable, op: "is", table: this.#typed[variable] },
    ];
    return steps.filter((step) => step.table.size > 0);
  }

  #leafFor(test: ScopeTest, op: "==" | "in" | "is", variable: Variable): ConditionIndex[] {
    if (op === "==" && test.op === "==") return [leafOf(this.#equal[variable], test.entity)];
    if (op === "in" && (test.op === "in" || test.op === "is in")) return [leafOf(this.#within[variable], test.entity)];
    if (op === "in" && test.op === "in any") {
      return test.entities.map((entity) => leafOf(this.#within[variable], entity));
    }
    if (op === "is" && test.op === "is") return [typedLeaf(this.#typed[variable], test.type)];
    return [];
  }

  *#leaves(): Generator<ConditionIndex> {
    yield this.#rest;
    for (const variable of ["resource", "principal", "action"] as const) {
      for (const table of [this.#equal[variable], this.#within[variable]]) {
        for (const ids of table.values()) yield* ids.values();
      }
      yield* this.#typed[variable].values();
    }
  }
}

function visitStep(frame: Frame, verdict: Verdict, step: Step): void {
  const entity =
    step.variable === "resource" ? frame.resource : step.variable === "principal" ? frame.principal : frame.action;
  if (step.op === "is") {
    step.table.get(entity.type)?.visit(frame, verdict);
    return;
  }
  step.table.get(entity.type)?.get(entity.id)?.visit(frame, verdict);
  if (step.op === "==") return;
  const node = nodeOf(frame, entity);
  if (node === null) return;
  for (const ancestor of node.ancestors) step.table.get(ancestor.type)?.get(ancestor.id)?.visit(frame, verdict);
}

/** The schema's groups are the whole truth about an action. */
function coversAction(test: ScopeTest, action: EntityValue): boolean {
  return matchesScope(CONSTANT_FRAME, test, action);
}

/** What the primary key leaves to be tested of one variable. */
function checkOf(policy: CompiledPolicy, variable: Variable, tested: boolean): ((frame: Frame) => boolean)[] {
  const test = policy[variable];
  if (test.op === "any") return [];
  if (!tested) return [(frame) => matchesScope(frame, test, frame[variable])];
  return test.op === "is in" ? [(frame) => frame[variable].type === test.type] : [];
}

function tables<T>(): Readonly<Record<Variable, Map<string, T>>> {
  return { principal: new Map(), resource: new Map(), action: new Map() };
}

function leafOf(table: EntityTable, entity: EntityValue): ConditionIndex {
  const ids = table.get(entity.type) ?? new Map<string, ConditionIndex>();
  table.set(entity.type, ids);
  return typedLeaf(ids, entity.id);
}

function typedLeaf(table: Map<string, ConditionIndex>, key: string): ConditionIndex {
  const leaf = table.get(key) ?? new ConditionIndex();
  table.set(key, leaf);
  return leaf;
}
