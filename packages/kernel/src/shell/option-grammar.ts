import { worse, type RiskClass } from "./report.ts";
import type { Tool, WordRole } from "./tool.ts";

export interface OptionRule {
  readonly value: "none" | "needed" | "optional";
  readonly role: WordRole;
  readonly effect: RiskClass;
}

export interface OptionGrammar {
  readonly rules: ReadonlyMap<string, OptionRule>;
  /** The most serious thing any option can bring about: what a word may do that could be an option. */
  readonly worst: RiskClass;
}

const OPTION = /^(?<name>-(?:\[[^\]]+\]|-|[^\s:?!]+))(?:(?<kind>[:?])(?<role>[a-z]*))?(?:!(?<effect>[a-z_]+))?$/;

const grammars = new WeakMap<Tool, OptionGrammar>();

/** Reads a tool's table of options, once. */
export function optionGrammar(tool: Tool): OptionGrammar {
  const known = grammars.get(tool);
  if (known !== undefined) return known;
  const rules = new Map<string, OptionRule>();
  for (const item of tool.options.split(/\s+/).filter((text) => text !== "")) addRule(rules, item);
  let worst = tool.effect;
  for (const { role, effect } of rules.values()) worst = worse(worst, worse(effect, ROLE_EFFECT[role]));
  const grammar = { rules, worst };
  grammars.set(tool, grammar);
  return grammar;
}

/** What a word in this role may bring about when it is not known. */
const ROLE_EFFECT: Readonly<Record<WordRole, RiskClass>> = {
  plain: "read_only",
  read: "read_only",
  write: "writes",
  shell: "executes_code",
  code: "executes_code",
  script: "executes_code",
  environment: "executes_code",
  setting: "executes_code",
};

function addRule(rules: Map<string, OptionRule>, item: string): void {
  const { name = "", kind, role, effect = "read_only" } = OPTION.exec(item)?.groups ?? {};
  if (name === "") throw new TypeError(`no option: ${item}`);
  const rule: OptionRule = {
    value: kind === undefined ? "none" : kind === ":" ? "needed" : "optional",
    role: role === undefined || role === "" ? "plain" : (role as WordRole),
    effect: effect as RiskClass,
  };
  if (name.startsWith("-[")) for (const letter of name.slice(2, -1)) rules.set(`-${letter}`, rule);
  else rules.set(name, rule);
}
