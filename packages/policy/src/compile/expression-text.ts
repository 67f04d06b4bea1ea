import type { Expression } from "./expression.ts";

/** Deeper parts are shown as `…`. */
const DEPTH_MAX = 12;
const INFIX: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "in", "&&", "||"]);
const METHODS: ReadonlySet<string> = new Set(["contains", "containsAll", "containsAny", "hasTag", "getTag"]);
/** Extension functions that are not called on a value. */
const CONSTRUCTORS: ReadonlySet<string> = new Set(["decimal", "ip", "datetime", "duration"]);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Cedar text of an expression in the official JSON form, for explanations: readable, shortened where deep. */
export function expressionText(expression: unknown, depth = 0): string {
  if (depth > DEPTH_MAX || typeof expression !== "object" || expression === null) return "…";
  const [operator, body] = Object.entries(expression)[0] ?? ["", undefined];
  const show = (part: unknown): string => expressionText(part, depth + 1);
  if (operator === "Value") return literalText(body);
  if (operator === "Var") return String(body);
  if (Array.isArray(body)) return listText(operator, body, show);
  if (typeof body !== "object" || body === null) return "…";
  const parts = body as Expression;
  if (operator === "Record") {
    return `{${Object.entries(parts).map(([name, value]) => `${JSON.stringify(name)}: ${show(value)}`).join(", ")}}`; // prettier-ignore
  }
  if (INFIX.has(operator)) return `${grouped(parts["left"], show)} ${operator} ${grouped(parts["right"], show)}`;
  if (METHODS.has(operator)) return `${grouped(parts["left"], show)}.${operator}(${show(parts["right"])})`;
  return otherText(operator, parts, show);
}

function otherText(operator: string, parts: Expression, show: (part: unknown) => string): string {
  switch (operator) {
    case ".":
      return grouped(parts["left"], show) + accessText(String(parts["attr"]));
    case "has":
      return `${grouped(parts["left"], show)} has ${[parts["attr"]].flat().map(nameText).join(".")}`;
    case "!":
      return `!${grouped(parts["arg"], show)}`;
    case "neg":
      return `-${grouped(parts["arg"], show)}`;
    case "isEmpty":
      return `${grouped(parts["arg"], show)}.isEmpty()`;
    case "is": {
      const group = parts["in"] === undefined ? "" : ` in ${grouped(parts["in"], show)}`;
      return `${grouped(parts["left"], show)} is ${String(parts["entity_type"])}${group}`;
    }
    case "like":
      return `${grouped(parts["left"], show)} like ${patternText(parts["pattern"])}`;
    case "if-then-else":
      return `if ${show(parts["if"])} then ${show(parts["then"])} else ${show(parts["else"])}`;
    default:
      return "…";
  }
}

function listText(operator: string, items: readonly unknown[], show: (part: unknown) => string): string {
  if (operator === "Set") return `[${items.map(show).join(", ")}]`;
  if (CONSTRUCTORS.has(operator) || items.length === 0) return `${operator}(${items.map(show).join(", ")})`;
  return `${grouped(items[0], show)}.${operator}(${items.slice(1).map(show).join(", ")})`;
}

/** Operators as operands are put in brackets. */
function grouped(part: unknown, show: (part: unknown) => string): string {
  const operator = typeof part === "object" && part !== null ? (Object.keys(part)[0] ?? "") : "";
  const bare = !INFIX.has(operator) && !["has", "is", "like", "if-then-else", "!", "neg"].includes(operator);
  return bare ? show(part) : `(${show(part)})`;
}

function literalText(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(literalText).join(", ")}]`;
  const entity = (value as { readonly __entity?: { readonly type: string; readonly id: string } })["__entity"];
  return entity === undefined ? "{…}" : `${entity.type}::${JSON.stringify(entity.id)}`;
}

function accessText(name: string): string {
  return NAME.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function nameText(name: unknown): string {
  return NAME.test(String(name)) ? String(name) : JSON.stringify(name);
}

function patternText(pattern: unknown): string {
  if (!Array.isArray(pattern)) return "…";
  const parts = pattern.map((element: unknown) =>
    element === "Wildcard" ? "*" : String((element as { readonly Literal?: unknown }).Literal).replaceAll("*", "\\*"),
  );
  return `"${parts.join("")}"`;
}
