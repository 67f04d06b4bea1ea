import { sameValue } from "./equality.ts";
import { FAULT, type Fault, type Value } from "./value.ts";
import { valueKey } from "./value-key.ts";

/** Below this a scan is faster than building keys. */
const SCAN_MAX = 8;

/** A Cedar set. Items keep their order of writing and may repeat; no operation shows either. */
export class SetValue {
  readonly kind = "set";
  readonly items: readonly Value[];
  #keys: ReadonlySet<string> | undefined;
  #primitives: ReadonlySet<Value> | undefined;

  constructor(items: readonly Value[]) {
    this.items = items;
  }

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  contains(value: Value): boolean {
    if (typeof value !== "object") return this.#containsPrimitive(value);
    if (this.items.length > SCAN_MAX) return this.keys().has(valueKey(value));
    for (const item of this.items) if (sameValue(item, value)) return true;
    return false;
  }

  containsAll(other: SetValue): boolean {
    for (const item of other.items) if (!this.contains(item)) return false;
    return true;
  }

  containsAny(other: SetValue): boolean {
    for (const item of other.items) if (this.contains(item)) return true;
    return false;
  }

  /** One key per distinct item. */
  keys(): ReadonlySet<string> {
    this.#keys ??= new Set(this.items.map(valueKey));
    return this.#keys;
  }

  #containsPrimitive(value: Value): boolean {
    if (this.items.length <= SCAN_MAX) return this.items.includes(value);
    this.#primitives ??= new Set(this.items.filter((item) => typeof item !== "object"));
    return this.#primitives.has(value);
  }
}

/** A set of evaluated items, or the error if one of them is. */
export function setOf(items: readonly (Value | Fault)[]): SetValue | Fault {
  for (const item of items) if (item === FAULT) return FAULT;
  return new SetValue(items as readonly Value[]);
}
