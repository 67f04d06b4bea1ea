import type { Value } from "./value.ts";

const ITEMS_MAX = 8;
const TEXT_MAX = 200;

/** A value for people: Cedar's own notation where it has one, shortened where long. */
export function valueText(value: Value, depth = 0): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value);
  if (typeof value !== "object") return String(value);
  if (depth > 2) return "…";
  switch (value.kind) {
    case "entity":
      return `${value.type}::${JSON.stringify(value.id)}`;
    case "set":
      return `[${shortened(value.items.map((item) => valueText(item, depth + 1)))}]`;
    case "record":
      return `{${shortened([...value.entries()].map(([name, field]) => `${name}: ${valueText(field, depth + 1)}`))}}`;
    case "decimal":
      return `decimal of ${value.units} ten-thousandths`;
    case "datetime":
      return `datetime ${value.ms} ms`;
    case "duration":
      return `duration ${value.ms} ms`;
    case "ipaddr":
      return `ip ${value.canonical()}`;
  }
}

function shortened(parts: readonly string[]): string {
  return parts.length > ITEMS_MAX ? `${parts.slice(0, ITEMS_MAX).join(", ")}, …` : parts.join(", ");
}
