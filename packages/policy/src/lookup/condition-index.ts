import { type CompiledPolicy, type Conjunct, evaluateConjuncts } from "../compile/compile-policy.ts";
import type { ConditionKey } from "./condition-key.ts";
import type { Frame } from "../compile/frame.ts";
import { EntityValue, FAULT, type Value } from "../values/value.ts";
import type { Verdict } from "./verdict.ts";

/** A policy with the part of its scope that is still to be tested. */
export interface Entry {
  readonly policy: CompiledPolicy;
  readonly checks: readonly ((frame: Frame) => boolean)[];
}

/** An entry under one value of its key: the conjunct with the key is known to hold. */
interface Hit extends Entry {
  readonly rest: readonly Conjunct[];
}

interface Group {
  readonly key: ConditionKey;
  /** Strings, Longs and booleans: distinct kinds never collide in a `Map`. */
  readonly primitives: Map<Value, Hit[]>;
  readonly entities: Map<string, Map<string, Hit[]>>;
  readonly all: Entry[];
}

/** Fewer policies with one path are not worth a table. */
const GROUP_MIN = 4;

/** Policies of one scope key, found by the literal that a path of their conditions must equal. */
export class ConditionIndex {
  readonly #loose: Entry[] = [];
  readonly #groups: Group[] = [];
  #pending: Entry[] = [];

  add(entry: Entry): void {
    this.#pending.push(entry);
  }

  /** Builds the tables; entries added later would not be found. */
  seal(): void {
    const byPath = new Map<string, { key: ConditionKey; entry: Entry }[]>();
    for (const entry of this.#pending) {
      const { key } = entry.policy;
      if (key === undefined) this.#loose.push(entry);
      else append(byPath, key.path, { key, entry });
    }
    this.#pending = [];
    for (const members of byPath.values()) {
      if (members.length < GROUP_MIN) this.#loose.push(...members.map((member) => member.entry));
      else this.#groups.push(groupOf(members));
    }
  }

  get unindexed(): number {
    return this.#loose.length;
  }

  visit(frame: Frame, verdict: Verdict): void {
    for (const entry of this.#loose) evaluateEntry(frame, entry, entry.policy.conjuncts, verdict);
    for (const group of this.#groups) visitGroup(frame, group, verdict);
  }
}

function groupOf(members: readonly { readonly key: ConditionKey; readonly entry: Entry }[]): Group {
  const group: Group = { key: members[0]!.key, primitives: new Map(), entities: new Map(), all: [] };
  for (const { key, entry } of members) {
    group.all.push(entry);
    const hit = { ...entry, rest: entry.policy.conjuncts.toSpliced(key.position, 1) };
    for (const value of key.values) enter(group, value, hit);
  }
  return group;
}

function enter(group: Group, value: Value, hit: Hit): void {
  if (!(value instanceof EntityValue)) {
    append(group.primitives, value, hit);
    return;
  }
  const ids = group.entities.get(value.type) ?? new Map<string, Hit[]>();
  group.entities.set(value.type, ids);
  append(ids, value.id, hit);
}

function append<K, V>(table: Map<K, V[]>, key: K, value: V): void {
  const list = table.get(key);
  if (list === undefined) table.set(key, [value]);
  else list.push(value);
}

/**
 * The path is evaluated once. A value finds the policies that name it; for all others the conjunct is false. An
 * error is each policy's own error unless something before it fails, so all are evaluated in full, except where
 * a guard (`context has tool`) before it is false exactly when the path errs.
 */
function visitGroup(frame: Frame, group: Group, verdict: Verdict): void {
  const value = group.key.read(frame);
  if (value === FAULT) {
    if (group.key.guarded) return;
    for (const entry of group.all) evaluateEntry(frame, entry, entry.policy.conjuncts, verdict);
    return;
  }
  const hits =
    value instanceof EntityValue ? group.entities.get(value.type)?.get(value.id) : group.primitives.get(value as Value);
  if (hits === undefined) return;
  for (const hit of hits) evaluateEntry(frame, hit, hit.rest, verdict);
}

function evaluateEntry(frame: Frame, entry: Entry, conjuncts: readonly Conjunct[], verdict: Verdict): void {
  for (const check of entry.checks) if (!check(frame)) return;
  verdict.add(entry.policy.rank, evaluateConjuncts(frame, conjuncts));
}
