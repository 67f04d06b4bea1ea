import type { JsonValue } from "@writ/canon";

import { ledgerError } from "./ledger-error.ts";
import type { NewEntry } from "./port.ts";

/** What a text that is kept in clear for ever looks like, and must not. */
export type ClearTextShape = "e-mail" | "phone" | "secret";

export interface ClearTextFinding {
  /** Id and kind of the entry. */
  readonly id: string;
  readonly kind: string;
  /** Where in it, for example `data.args[2]`; never the text itself. */
  readonly path: string;
  readonly shape: ClearTextShape;
}

/** The lint of spec ledger.md §9: it knows shapes, not people, so silence proves nothing. */
export interface ClearTextLint {
  /** `strict` refuses the append. */
  readonly mode: "strict" | "warn";
  /** Told each finding in either mode. */
  readonly found?: (finding: ClearTextFinding) => void;
  /** Keys and tokens of known forms; without it they are not looked for. */
  readonly isSecret?: (text: string) => boolean;
}

/** Names of members and usual values come again in every entry: those that were found clean are remembered. */
const CLEAN_MAX = 4_096;
const CLEAN_LENGTH_MAX = 64;
const cleanTexts = new WeakMap<ClearTextLint, Set<string>>();

/** Looks through everything of an entry that can never be erased. Throws `ENTRY_PERSONAL_DATA` in strict mode. */
export function lintClearText(entry: NewEntry, lint: ClearTextLint): void {
  const { mode, found, isSecret } = lint;
  const clean = cleanOf(lint);
  for (const { path, text } of clearTexts(entry)) {
    if (clean.has(text) || NAMES_NOTHING.test(text)) continue;
    const shape = shapeOf(text, isSecret);
    if (shape === undefined) {
      if (text.length <= CLEAN_LENGTH_MAX) remember(clean, text);
      continue;
    }
    found?.({ id: entry.id, kind: entry.kind, path, shape });
    if (mode === "strict") throw refused(path, shape);
  }
}

/** Ids, digests and instants, which fill most of an entry and are none of the shapes. */
const NAMES_NOTHING =
  /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:sha256:)?[0-9a-f]{64}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

function cleanOf(lint: ClearTextLint): Set<string> {
  const known = cleanTexts.get(lint) ?? new Set();
  cleanTexts.set(lint, known);
  return known;
}

function remember(clean: Set<string>, text: string): void {
  if (clean.size >= CLEAN_MAX) clean.clear();
  clean.add(text);
}

interface ClearText {
  readonly path: string;
  readonly text: string;
}

/** Ids and the texts of `data`, names of members too; an entry's own size bounds them. */
function* clearTexts({ run, who, src, refs = [], data }: NewEntry): Generator<ClearText> {
  if (run !== undefined) yield { path: "run", text: run };
  for (const [name, text] of Object.entries(who)) if (typeof text === "string") yield { path: `who.${name}`, text };
  if (src !== undefined) yield { path: "src.id", text: src.id };
  for (const [at, { id }] of refs.entries()) yield { path: `refs[${at}].id`, text: id };
  yield* textsIn("data", data);
}

function* textsIn(path: string, value: JsonValue): Generator<ClearText> {
  if (typeof value === "string") yield { path, text: value };
  else if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* textsIn(`${path}[${at}]`, item);
  else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      yield { path: `a name in ${path}`, text: name };
      yield* textsIn(`${path}.${name}`, item);
    }
  }
}

function shapeOf(text: string, isSecret: ClearTextLint["isSecret"]): ClearTextShape | undefined {
  // The shortest address has six characters (`a@b.cd`); this also passes over most labels at no cost.
  if (text.length < 6) return undefined;
  if (text.includes("@") && EMAIL.test(text)) return "e-mail";
  if (PHONE.test(text)) return "phone";
  return isSecret?.(text) === true ? "secret" : undefined;
}

/** RFC 5321's usual form: a local part, and a domain that ends in letters. `git@host` is a login, not a person's address. */
const EMAIL = /(?<![\w.+-])(?!git@)[\w.+-]{1,64}@(?:[\p{L}\d-]{1,63}\.){1,8}\p{L}{2,63}(?![\p{L}\d-])/u;
/** E.164 with its plus sign, written together or in groups: fewer signs are numbers of everything. */
const PHONE = /(?<![\w+])\+[1-9](?:[ .()/-]{0,2}\d){7,14}(?![\w])/;

function refused(path: string, shape: ClearTextShape): Error {
  return ledgerError({
    code: "ENTRY_PERSONAL_DATA",
    message: `\`${path.slice(0, 200)}\` looks like ${NAMES[shape]}`,
    reason: "what an entry holds in clear is kept for ever and cannot be erased",
    next: "put it into a private field, or an opaque id in its place",
    details: { path: path.slice(0, 200), shape },
  });
}

const NAMES: { readonly [shape in ClearTextShape]: string } = {
  "e-mail": "an e-mail address",
  phone: "a telephone number",
  secret: "a key or token",
};
