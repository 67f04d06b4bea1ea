import { optionGrammar, type OptionGrammar, type OptionRule } from "./option-grammar.ts";
import type { RiskClass } from "./report.ts";
import { computedWord, literalWord, mayBeOption, type ShellWord } from "./shell-word.ts";
import type { Tool, WordRole } from "./tool.ts";

export interface OptionValue {
  readonly option: string;
  readonly role: WordRole;
  readonly word: ShellWord;
}

/** A program's words after its grammar. */
export interface ParsedArguments {
  readonly options: readonly string[];
  readonly values: readonly OptionValue[];
  readonly operands: readonly ShellWord[];
  readonly effects: readonly RiskClass[];
  /** Options the grammar does not list. */
  readonly unknown: readonly ShellWord[];
  /** Computed words that the program could take for options. */
  readonly possible: readonly ShellWord[];
  /** Where in the words the first operand stands; their number when there is none. */
  readonly firstOperand: number;
}

interface Reading {
  readonly grammar: OptionGrammar;
  readonly options: string[];
  readonly values: OptionValue[];
  readonly operands: ShellWord[];
  readonly effects: RiskClass[];
  readonly unknown: ShellWord[];
  readonly possible: ShellWord[];
}

/** Sorts words into options, values and operands. `stopAtOperand`: the first operand begins something else's words. */
export function parseToolArguments(tool: Tool, words: readonly ShellWord[], stopAtOperand: boolean): ParsedArguments {
  const reading: Reading = {
    grammar: optionGrammar(tool),
    options: [],
    values: [],
    operands: [],
    effects: [],
    unknown: [],
    possible: [],
  };
  let firstOperand = words.length;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as ShellWord;
    if (word.text === "--") {
      firstOperand = Math.min(firstOperand, at + 1);
      reading.options.push("--");
      reading.operands.push(...words.slice(at + 1));
      break;
    }
    if (mayBeOption(word) && (word.text !== null || word.prefix.startsWith("-"))) {
      if (readOption(reading, word, words[at + 1])) at++;
      continue;
    }
    if (mayBeOption(word)) reading.possible.push(word);
    firstOperand = Math.min(firstOperand, at);
    if (stopAtOperand) {
      reading.operands.push(...words.slice(at));
      break;
    }
    reading.operands.push(word);
  }
  return { ...reading, firstOperand };
}

/** True when the option takes the next word as its value. */
function readOption(reading: Reading, word: ShellWord, next: ShellWord | undefined): boolean {
  const known = word.text ?? word.prefix;
  const equals = known.indexOf("=");
  const name = equals === -1 ? known : known.slice(0, equals);
  const rule = word.text !== null || equals !== -1 ? reading.grammar.rules.get(name) : undefined;
  if (rule !== undefined) {
    take(reading, name, rule);
    if (equals !== -1) {
      if (rule.value === "none") reading.unknown.push(word);
      else keep(reading, name, rule, rest(word, equals + 1));
      return false;
    }
    return rule.value === "needed" && keepNext(reading, name, rule, next, word);
  }
  if (/^-\d+$/.test(known) && word.text !== null && reading.grammar.rules.has("-#")) return false;
  if (known.startsWith("--")) {
    reading.unknown.push(word);
    return false;
  }
  return readBundle(reading, word, known, next);
}

/** `-xvfname`: letters until one takes the rest, or the next word, as its value. */
function readBundle(reading: Reading, word: ShellWord, known: string, next: ShellWord | undefined): boolean {
  for (let at = 1; at < known.length; at++) {
    const name = `-${known[at] ?? ""}`;
    const rule = reading.grammar.rules.get(name);
    if (rule === undefined) {
      reading.unknown.push(word);
      return false;
    }
    take(reading, name, rule);
    const ends = at + 1 === known.length && word.text !== null;
    if (rule.value !== "none" && !ends) {
      keep(reading, name, rule, rest(word, at + 1));
      return false;
    }
    if (rule.value === "needed") return keepNext(reading, name, rule, next, word);
  }
  // The letters that are computed could be any.
  if (word.text === null) reading.unknown.push(word);
  return false;
}

function take(reading: Reading, name: string, rule: OptionRule): void {
  reading.options.push(name);
  reading.effects.push(rule.effect);
}

function keep(reading: Reading, option: string, rule: OptionRule, word: ShellWord): void {
  reading.values.push({ option, role: rule.role, word });
}

function keepNext(
  reading: Reading,
  option: string,
  rule: OptionRule,
  next: ShellWord | undefined,
  word: ShellWord,
): boolean {
  if (next === undefined) {
    reading.unknown.push(word);
    return false;
  }
  // A word that may vanish or multiply shifts what the words after it are.
  if (next.several) reading.possible.push(next);
  keep(reading, option, rule, next);
  return true;
}

/** A word without its first letters. */
function rest(word: ShellWord, from: number): ShellWord {
  if (word.text !== null) return literalWord(word.text.slice(from), word.span);
  return computedWord(word.prefix.slice(from), word.span, {
    suffix: word.suffix,
    several: word.several,
    traced: word.traced,
    raw: word.raw,
  });
}
