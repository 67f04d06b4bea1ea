import type { Value } from "./value.ts";

/** Up to this many names a scan is faster than a table. */
const SCAN_MAX = 8;

/** The attribute names of a record, shared by all records of one declared type. */
export class Shape {
  readonly names: readonly string[];
  #index: ReadonlyMap<string, number> | undefined;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  /** Place of a name, or -1. */
  indexOf(name: string): number {
    if (this.names.length <= SCAN_MAX) return this.names.indexOf(name);
    this.#index ??= new Map(this.names.map((each, index) => [each, index]));
    return this.#index.get(name) ?? -1;
  }
}

/** A Cedar record. A declared attribute that is absent is `undefined` in `values`. */
export class RecordValue {
  readonly kind = "record";
  readonly shape: Shape;
  readonly values: readonly (Value | undefined)[];

  constructor(shape: Shape, values: readonly (Value | undefined)[]) {
    this.shape = shape;
    this.values = values;
  }

  get(name: string): Value | undefined {
    const index = this.shape.indexOf(name);
    return index < 0 ? undefined : this.values[index];
  }

  /** Attributes that are present. */
  get size(): number {
    let count = 0;
    for (const value of this.values) if (value !== undefined) count++;
    return count;
  }

  *entries(): Generator<readonly [string, Value]> {
    for (const [index, name] of this.shape.names.entries()) {
      const value = this.values[index];
      if (value !== undefined) yield [name, value];
    }
  }
}

export const EMPTY_RECORD = new RecordValue(new Shape([]), []);
