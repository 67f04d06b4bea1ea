import { allForms, inflect } from "./effects-inflection.ts";
import { LEXICON, type LexiconRow } from "./effects-lexicon.ts";
import { PHRASE_CLASSES } from "./effects-classes.ts";
import { READING_PHRASES } from "./effects-phrases-reading.ts";
import { CHANGING_PHRASES, PHRASE_GAP, PHRASE_GAP_SHORT } from "./effects-phrases.ts";
import type { Effect } from "./governance-vocabulary.ts";

/** What one spelling may mean. `word` counts as it stands; the others are forms of a verb of that strength. */
export interface Sense {
  readonly effects: readonly Effect[];
  readonly strength: "word" | "verb" | "nounlike" | "weak";
  readonly form: "base" | "third" | "past" | "gerund";
}

/** A phrase after its first item: the words that may come next, and how many others may stand before them. */
export interface PhraseStep {
  readonly words: ReadonlySet<string>;
  readonly gap: number;
}

export interface Phrase {
  readonly effects: readonly Effect[];
  readonly rest: readonly PhraseStep[];
}

/** The lexicon by spelling. Built once, at the first text. */
export interface EffectIndex {
  readonly senses: ReadonlyMap<string, readonly Sense[]>;
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
}

let built: EffectIndex | undefined;

export function effectIndex(): EffectIndex {
  built ??= { senses: indexSenses(), phrases: indexPhrases() };
  return built;
}

function indexSenses(): ReadonlyMap<string, readonly Sense[]> {
  const senses = new Map<string, Sense[]>();
  const enter = (word: string, sense: Sense): void => {
    senses.set(word, [...(senses.get(word) ?? []), sense]);
  };
  for (const row of LEXICON) {
    for (const word of split(row.words)) enter(word, { effects: row.effects, strength: "word", form: "base" });
    enterVerbs(row, "verb", enter);
    enterVerbs(row, "nounlike", enter);
    enterVerbs(row, "weak", enter);
  }
  return senses;
}

function enterVerbs(
  row: LexiconRow,
  strength: "verb" | "nounlike" | "weak",
  enter: (word: string, sense: Sense) => void,
): void {
  const entries = split(strength === "verb" ? row.verbs : row[strength]);
  for (const entry of entries) {
    const forms = inflect(entry);
    // Doing it again is doing it: resend, redeploy, rewrite.
    for (const prefix of strength === "weak" ? [""] : ["", "re"]) {
      const sense = (form: Sense["form"]): Sense => ({ effects: row.effects, strength, form });
      enter(prefix + forms.base, sense("base"));
      enter(prefix + forms.third, sense("third"));
      for (const past of forms.past) enter(prefix + past, sense("past"));
      enter(prefix + forms.gerund, sense("gerund"));
    }
  }
}

function indexPhrases(): ReadonlyMap<string, readonly Phrase[]> {
  const phrases = new Map<string, Phrase[]>();
  for (const row of [...CHANGING_PHRASES, ...READING_PHRASES]) {
    for (const text of row.phrases) {
      const [first, ...rest] = compilePhrase(text);
      for (const word of first?.words ?? []) {
        phrases.set(word, [...(phrases.get(word) ?? []), { effects: row.effects, rest }]);
      }
    }
  }
  return phrases;
}

function compilePhrase(text: string): readonly PhraseStep[] {
  const steps: PhraseStep[] = [];
  let gap = 0;
  for (const item of text.split(" ")) {
    if (item === "…") gap = PHRASE_GAP;
    else if (item === "..") gap = PHRASE_GAP_SHORT;
    else {
      steps.push({ words: new Set(item.split("|").flatMap(spellings)), gap });
      gap = 0;
    }
  }
  return steps;
}

function spellings(item: string): readonly string[] {
  if (item.startsWith("~")) return allForms(item.slice(1));
  return PHRASE_CLASSES[item]?.split("|").flatMap(spellings) ?? [item];
}

function split(words: string | undefined): readonly string[] {
  return words === undefined ? [] : words.split(" ");
}
