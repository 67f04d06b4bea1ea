/** A mark that ends a clause; patterns do not reach across it. */
export const CLAUSE_END = ".";

/**
 * The words of a text, lower case, in order: letters and digits split at everything else and at camelCase, flags
 * (`-rf`, `--force`) whole, `CLAUSE_END` between clauses. Compatibility forms and accents are folded and invisible
 * characters dropped first, so that they hide no word. Linear in the text.
 */
export function wordsOf(text: string): readonly string[] {
  const visible = text.normalize("NFKD").replaceAll(INVISIBLE, "");
  const named = visible.replaceAll(NAME, (name) => name.toLowerCase());
  const split = named.replaceAll(CAMEL_CASE, "$1 $2").toLowerCase().replaceAll(E_MAIL, "email");
  return Array.from(split.matchAll(WORD), ([word]) => (isClauseMark(word) ? CLAUSE_END : plain(word)));
}

/** Marks that combine, and characters of the format class: zero-width ones, soft hyphens, direction marks. */
const INVISIBLE = /[\p{M}\p{Cf}]/gu;
/** Names written in camel case that are one word. */
const NAME =
  /GitHub|GitLab|YouTube|LinkedIn|PayPal|ChatGPT|OpenAPI|OpenAI|WhatsApp|PowerShell|JavaScript|TypeScript|PostScript/gu;
const CAMEL_CASE = /(\p{Ll})(\p{Lu})/gu;
const E_MAIL = /\be[-\u2010\u2011]mail/gu;
const POSSESSIVE = /'s$/u;
const APOSTROPHE = /\u2019/gu;
/** A flag is preceded by white space or nothing; a full stop ends a clause only before white space or the end. */
const WORD = /(?<![\p{L}\p{N}-])-{1,2}[a-z][a-z0-9-]*|[\p{L}\p{N}]+(?:['\u2019]\p{L}+)?|[!?;\n]|\.(?=\s|$)/gu;

/** A possessive is its noun: the customer's card, a client's data. */
function plain(word: string): string {
  return word.replaceAll(APOSTROPHE, "'").replace(POSSESSIVE, "");
}

function isClauseMark(word: string): boolean {
  return word === "." || word === "!" || word === "?" || word === ";" || word === "\n";
}
