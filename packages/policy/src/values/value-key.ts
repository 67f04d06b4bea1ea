import { compareCodeUnits } from "@writ/canon";

import type { Value } from "./value.ts";

/**
 * A text that two values share exactly when they are equal. Each part is tagged by kind and framed by its
 * length, so `1`, `"1"` and `true` stay apart and no content can imitate structure.
 */
export function valueKey(value: Value): string {
  if (typeof value === "string") return framed("s", value);
  if (typeof value === "boolean") return value ? "b1" : "b0";
  if (typeof value === "number" || typeof value === "bigint") return `i${value};`;
  switch (value.kind) {
    case "entity":
      return framed("e", value.type) + framed("", value.id);
    case "set":
      return framed("[", [...value.keys()].sort(compareCodeUnits).join(""));
    case "record":
      return framed("{", [...value.entries()].map(fieldKey).sort(compareCodeUnits).join(""));
    case "decimal":
      return `d${value.units};`;
    case "datetime":
      return `t${value.ms};`;
    case "duration":
      return `u${value.ms};`;
    case "ipaddr":
      return `p${value.canonical()};`;
  }
}

function fieldKey([name, value]: readonly [string, Value]): string {
  return framed("", name) + valueKey(value);
}

function framed(tag: string, text: string): string {
  return `${tag}${text.length}:${text}`;
}
