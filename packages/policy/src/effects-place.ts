import type { Sense } from "./effects-index.ts";
import { CLAUSE_END } from "./effects-words.ts";

/**
 * Whether the word at `at` is a verb where it stands, by its neighbours alone. Strict for everyday words, generous
 * for words that are verbs almost always. A participle after a determiner (`the deleted rows`) describes a
 * thing; it still counts where money or data would be lost by a mistake.
 */
export function isVerbHere(sense: Sense, words: readonly string[], at: number): boolean {
  const before = words[at - 1];
  const after = words[at + 1] ?? CLAUSE_END;
  if (sense.strength === "verb") return sense.form !== "past" || !isAttribute(sense, before);
  if (OBJECT_STARTS.has(after)) return true;
  if (before !== undefined && DETERMINERS.has(before)) return false;
  if (NOUN_TAILS.has(after)) return false;
  if (sense.form === "third") return isSubject(before) || (sense.strength === "nounlike" && isOrder(before, after));
  return sense.strength === "nounlike" || isWeakVerb(sense.form, before);
}

/** `runs script.sh` where a clause begins, and `runs` alone; no heading such as `updates from the team`. */
function isOrder(before: string | undefined, after: string): boolean {
  return (before === undefined || before === CLAUSE_END) && !HEADING_TAILS.has(after);
}

function isAttribute(sense: Sense, before: string | undefined): boolean {
  if (sense.effects.includes("transaction") || sense.effects.includes("destructive")) return false;
  return before !== undefined && DETERMINERS.has(before);
}

function isWeakVerb(form: "base" | "past" | "gerund", before: string | undefined): boolean {
  if (form === "base") return before === undefined || VERB_LEADS.has(before);
  if (form === "past") return isSubject(before) || PAST_LEADS.has(before ?? "");
  return before === undefined || GERUND_LEADS.has(before);
}

function isSubject(before: string | undefined): boolean {
  return before !== undefined && SUBJECTS.has(before);
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

/** What begins an object: `change the …`, `send it`. */
const OBJECT_STARTS = set(
  "the a an this these those my our your their his its it them him her us me all every each some any everything both another one two three",
);

/** After these comes a noun; so do the few adjectives that announcements come with. */
const DETERMINERS = set(
  "the a an this that these those my our your their his her its each every any no some another latest last recent recently previous next first final new current upcoming daily weekly monthly quarterly annual blog which what whose",
);

/** A bare verb stands after these, or at the beginning of a clause. */
const VERB_LEADS = set(
  `${CLAUSE_END} to and then please will must should shall can could would may might let lets let's us i we you they now also just not don't never or but help go kindly i'll we'll you'll do does did finally next first instead`,
);
const SUBJECTS = set("it he she that which who agent bot script job system service program tool");
const PAST_LEADS = set("i we you they have has had be been being get got already just");
const GERUND_LEADS = set(`${CLAUSE_END} by before after start begin keep am be been and then while i'm without when`);

/** What follows a plural that heads a title. */
const HEADING_TAILS = set("of by from for in on at about with without and or per since before after are were was is");

/** With these behind it a word is a title, not an order: `release notes`, `order history`. */
const NOUN_TAILS = set("history notes thread hours");
