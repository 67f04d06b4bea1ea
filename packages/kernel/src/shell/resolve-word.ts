import type { Word, WordPart } from "unbash";
import { SHELL_BOUNDS } from "./bounds.ts";
import { braceAlternatives } from "./brace.ts";
import type { SourceSpan } from "./report.ts";
import { computedWord, literalWord, type ShellWord } from "./shell-word.ts";

/** What a variable is known to hold here; undefined for one that the line does not set. */
export type KnownVariable = (name: string) => KnownValue | undefined;

/** A variable with one literal value, or one that runs through words of the line. */
export type KnownValue =
  /** Set in the line, in a way that is not followed. */
  | { readonly kind: "changed" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "words"; readonly words: readonly ShellWord[] };

type Piece =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "computed"; readonly several: boolean; readonly traced: boolean }
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "loop"; readonly words: readonly ShellWord[] }
  | { readonly kind: "split"; readonly text: string };

/** The words that one written word stands for: one, or several after brace expansion. */
export function resolveWord(word: Word, span: SourceSpan, known: KnownVariable): readonly ShellWord[] {
  let rows: Piece[][] = [[]];
  if (word.parts === undefined) rows = [[{ kind: "literal", text: word.value }]];
  for (const part of word.parts ?? []) {
    const alternatives = part.type === "BraceExpansion" ? braceAlternatives(part.text) : undefined;
    const choices = alternatives?.map((text): Piece[] => [{ kind: "literal", text }]) ?? [piecesOf(part, known, false)];
    const [only] = choices;
    if (choices.length === 1 && only !== undefined) for (const row of rows) row.push(...only);
    else rows = rows.flatMap((row) => choices.map((choice) => [...row, ...choice]));
    if (rows.length > SHELL_BOUNDS.braceWordsMax) return [computedWord("", span, { several: true, raw: word.text })];
  }
  return rows.flatMap((row) => assemble(row, word.text, span));
}

function piecesOf(part: WordPart, known: KnownVariable, quoted: boolean): Piece[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ kind: "literal", text: part.value }];
    case "DoubleQuoted":
      return part.parts.flatMap((child) => piecesOf(child, known, true));
    case "Glob":
    case "ExtendedGlob":
      return [{ kind: "glob", text: part.text }];
    case "SimpleExpansion":
      return [variablePiece(part.text.slice(1), known, quoted)];
    case "ParameterExpansion": {
      const plain = part.prefix === undefined && part.index === undefined && part.operation === undefined;
      if (plain) return [variablePiece(part.parameter, known, quoted)];
      const one = part.prefix === "#" || (quoted && part.parameter !== "@" && part.index?.text !== "@");
      return [{ kind: "computed", several: !one, traced: part.prefix === "#" }];
    }
    case "ArithmeticExpansion":
      return [{ kind: "computed", several: false, traced: true }];
    case "ProcessSubstitution":
      return [
        { kind: "literal", text: "/dev/fd/" },
        { kind: "computed", several: false, traced: true },
      ];
    case "CommandExpansion":
      return [{ kind: "computed", several: !quoted, traced: false }];
    case "LocaleString":
      // A translation may put any text in its place.
      return [{ kind: "computed", several: false, traced: false }];
    case "BraceExpansion":
      return [{ kind: "computed", several: true, traced: false }];
  }
}

function variablePiece(name: string, known: KnownVariable, quoted: boolean): Piece {
  if (name === "?" || name === "#" || name === "$" || name === "!")
    return { kind: "computed", several: false, traced: true };
  const value = known(name);
  // The home and the current folder are written as a person would write them.
  if (value === undefined && name === "HOME") return { kind: "literal", text: "~" };
  if (value === undefined && name === "PWD") return { kind: "literal", text: "." };
  if (value === undefined || value.kind === "changed")
    return { kind: "computed", several: !quoted || name === "@", traced: value === undefined && isOwnName(name) };
  if (value.kind === "words") return { kind: "loop", words: value.words };
  return quoted ? { kind: "literal", text: value.text } : { kind: "split", text: value.text };
}

/** Short facts about who runs the shell. */
function isOwnName(name: string): boolean {
  return name === "USER" || name === "UID" || name === "RANDOM" || name === "SECONDS" || name === "LINENO";
}

function assemble(row: readonly Piece[], raw: string, span: SourceSpan): readonly ShellWord[] {
  const only = row.length === 1 ? row[0] : undefined;
  if (only?.kind === "split") return splitWords(only.text, span);
  if (only?.kind === "loop")
    return [
      computedWord(sharedPrefix(only.words), span, {
        raw,
        traced: only.words.every(({ text, glob, traced }) => text !== null || glob || traced),
        several: only.words.some(({ several, text }) => several && text === null),
      }),
    ];
  const splits = row.some(isSplitting);
  const known = row.map((piece) =>
    piece.kind === "literal" || (piece.kind === "split" && !isSplitting(piece)) ? piece.text : null,
  );
  if (!known.includes(null)) {
    const text = known.join("");
    // What expands to nothing without any quotes is no word.
    return text === "" && !/["']/.test(raw) ? [] : [{ ...literalWord(text, span), raw }];
  }
  const first = known.indexOf(null);
  const last = known.lastIndexOf(null);
  const computed = row.filter((piece) => piece.kind === "computed");
  return [
    {
      ...computedWord(known.slice(0, first).join(""), span),
      suffix: known.slice(last + 1).join(""),
      several: splits || computed.some(({ several }) => several),
      glob: row.some(({ kind }) => kind === "glob"),
      traced: computed.every(({ traced }) => traced),
      raw,
    },
  ];
}

function isSplitting(piece: Piece): boolean {
  return piece.kind === "split" && /[\s*?[]/.test(piece.text);
}

/** An unquoted variable of known value: the shell splits it at blanks and tries patterns. */
function splitWords(text: string, span: SourceSpan): readonly ShellWord[] {
  return text
    .split(/[ \t\n]+/)
    .filter((item) => item !== "")
    .map((item) =>
      /[*?[]/.test(item)
        ? computedWord(/^[^*?[]*/.exec(item)?.[0] ?? "", span, { glob: true, traced: true, raw: item })
        : literalWord(item, span),
    );
}

/** What all the words of a loop begin with; one that could be an option makes it empty. */
function sharedPrefix(words: readonly ShellWord[]): string {
  const prefixes = words.map(({ text, prefix }) => text ?? prefix);
  if (prefixes.length === 0 || prefixes.some((prefix) => prefix === "" || prefix.startsWith("-"))) return "";
  const [first = ""] = prefixes;
  let length = first.length;
  for (const prefix of prefixes) while (!prefix.startsWith(first.slice(0, length))) length--;
  // They differ from the first letter on, and none begins with a dash: say so by a letter that stands for them.
  return length > 0 ? first.slice(0, length) : "\u0001";
}
