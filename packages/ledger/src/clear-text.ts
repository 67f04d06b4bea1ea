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

/** Looks through everything of an entry that can never be erased. Throws `ENTRY_PERSONAL_DATA` in strict mode. */
export function lintClearText(entry: NewEntry, { mode, found, isSecret }: ClearTextLint): void {
  for (const { path, text } of clearTexts(entry)) {
    const shape = shapeOf(text, isSecret);
    if (shape === undefined) continue;
    found?.({ id: entry.id, kind: entry.kind, path, shape });
    if (mode === "strict") throw refused(path, shape);
  }
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
