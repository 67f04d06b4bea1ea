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
const CLEAN_LENGTH_MAX = 256;
const cleanTexts = new WeakMap<ClearTextLint, Set<string>>();

/** Looks through everything of an entry that can never be erased. Throws `ENTRY_PERSONAL_DATA` in strict mode. */
export function lintClearText(entry: NewEntry, lint: ClearTextLint): void {
  const { mode, found, isSecret } = lint;
  const clean = cleanOf(lint);
  forEachText(entry, (text, trail) => {
    if (clean.has(text) || NAMES_NOTHING.test(text)) return;
    const shape = shapeOf(text, isSecret);
    if (shape === undefined) {
      if (text.length <= CLEAN_LENGTH_MAX) remember(clean, text);
      return;
    }
    const path = pathOf(trail);
    found?.({ id: entry.id, kind: entry.kind, path, shape });
    if (mode === "strict") throw refused(path, shape);
  });
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

/** Names and positions that lead to a text; `NAME` at its end stands for the name itself of the last member. */
type Trail = readonly (string | number | typeof NAME)[];
const NAME = Symbol("name");

type Visit = (text: string, trail: Trail) => void;

/**
 * Ids and the texts of `data`, names of members too; an entry's own size bounds them. The trail is one array that
 * changes from text to text: an entry has a hundred, and hardly any is found.
 */
function forEachText({ run, who, src, refs = [], data }: NewEntry, visit: Visit): void {
  if (run !== undefined) visit(run, ["run"]);
  for (const name of Object.keys(who) as (keyof typeof who)[]) {
    const text = who[name];
    if (typeof text === "string") visit(text, ["who", name]);
  }
  if (src !== undefined) visit(src.id, ["src", "id"]);
  for (const [at, { id }] of refs.entries()) visit(id, ["refs", at, "id"]);
  textsIn(data, ["data"], visit);
}

function textsIn(value: JsonValue, trail: (string | number | typeof NAME)[], visit: Visit): void {
  if (typeof value === "string") visit(value, trail);
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      trail.push(at);
      textsIn(item, trail, visit);
      trail.pop();
    }
  } else if (typeof value === "object" && value !== null) {
    for (const name of Object.keys(value)) {
      trail.push(name, NAME);
      visit(name, trail);
      trail.pop();
      textsIn((value as { readonly [name: string]: JsonValue })[name] ?? null, trail, visit);
      trail.pop();
    }
  }
}

/** As `data.args[2]`, or `a name in data.args` for the name of a member. */
function pathOf(trail: Trail): string {
  const isName = trail.at(-1) === NAME;
  const steps = isName ? trail.slice(0, -2) : trail;
  const path = steps.map((step, at) =>
    typeof step === "number" ? `[${step}]` : `${at === 0 ? "" : "."}${String(step)}`,
  );
  return `${isName ? "a name in " : ""}${path.join("")}`;
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
