import type { RecordValue } from "./record-value.ts";
import { sameEntity, type Value } from "./value.ts";

/** Cedar's `==`: defined for every pair; values of different kinds are unequal. Normalised Longs make `===` right. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object") return false;
  switch (a.kind) {
    case "entity":
      return b.kind === "entity" && sameEntity(a, b);
    case "set":
      return b.kind === "set" && a.containsAll(b) && b.containsAll(a);
    case "record":
      return b.kind === "record" && sameRecord(a, b);
    case "decimal":
      return b.kind === "decimal" && a.units === b.units;
    case "datetime":
      return b.kind === "datetime" && a.ms === b.ms;
    case "duration":
      return b.kind === "duration" && a.ms === b.ms;
    case "ipaddr":
      return b.kind === "ipaddr" && a.equals(b);
  }
}

function sameRecord(a: RecordValue, b: RecordValue): boolean {
  if (a.size !== b.size) return false;
  for (const [name, value] of a.entries()) {
    const other = b.get(name);
    if (other === undefined || !sameValue(value, other)) return false;
  }
  return true;
}
