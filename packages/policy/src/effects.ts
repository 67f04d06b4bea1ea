import { WritError } from "@writ/canon";
import { effectIndex, type Phrase, type PhraseStep, type Sense } from "./effects-index.ts";
import { HARMLESS_BEFORE, HARMLESS_PAIRS } from "./effects-lexicon.ts";
import { isVerbHere } from "./effects-place.ts";
import { CLAUSE_END, wordsOf } from "./effects-words.ts";
import { EFFECTS, type Effect } from "./governance-vocabulary.ts";

/** `EFFECT_TEXT_TOO_LONG`: a text over the bound; nothing about it is known. */
export type EffectErrorCode = "EFFECT_TEXT_TOO_LONG";

/** UTF-16 code units; as much as an action's text may hold. */
export const EFFECT_TEXT_MAX = 65_536;

/**
 * The effects an English text speaks of, in the order of `EFFECTS` (spec command.md §21.1). An additional signal
 * beside declared and registered effects: it can only add. Whole words and their inflections, phrases of several
 * words; never parts of words. Case, accents and invisible characters do not matter. Time is linear in the text.
 * Throws `EFFECT_TEXT_TOO_LONG`.
 */
export function recogniseEffects(text: string): readonly Effect[] {
  if (text.length > EFFECT_TEXT_MAX) throw tooLong(text.length);
  const words = wordsOf(text);
  const { senses, phrases } = effectIndex();
  const found = new Set<Effect>();
  for (const [at, word] of words.entries()) {
    for (const phrase of phrases.get(word) ?? []) if (isPhraseAt(words, at, phrase)) add(found, phrase.effects);
    const meanings = senses.get(word);
    if (meanings === undefined || isHarmlessPair(words, at)) continue;
    for (const sense of meanings) if (counts(sense, words, at)) add(found, sense.effects);
  }
  return EFFECTS.filter((effect) => found.has(effect));
}

function isPhraseAt(words: readonly string[], at: number, phrase: Phrase): boolean {
  return followsFrom(words, at + 1, phrase.rest);
}

/** Whether the steps follow, each within its gap. Phrases have at most four steps, so the search is bounded. */
function followsFrom(words: readonly string[], from: number, steps: readonly PhraseStep[]): boolean {
  const [step, ...later] = steps;
  if (step === undefined) return true;
  for (let at = from; at <= from + step.gap; at += 1) {
    const word = words[at];
    if (word === undefined || word === CLAUSE_END) return false;
    if (step.words.has(word) && followsFrom(words, at + 1, later)) return true;
  }
  return false;
}

function counts(sense: Sense, words: readonly string[], at: number): boolean {
  return sense.strength === "word" || isVerbHere(sense, words, at);
}

let harmlessAfter: ReadonlyMap<string, ReadonlySet<string>> | undefined;
let harmlessBefore: ReadonlyMap<string, ReadonlySet<string>> | undefined;

function isHarmlessPair(words: readonly string[], at: number): boolean {
  harmlessAfter ??= neighbours(HARMLESS_PAIRS);
  harmlessBefore ??= neighbours(HARMLESS_BEFORE);
  const word = words[at] ?? "";
  return (
    harmlessAfter.get(word)?.has(words[at + 1] ?? "") === true ||
    harmlessBefore.get(word)?.has(words[at - 1] ?? "") === true
  );
}

function neighbours(rows: readonly (readonly [string, string])[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(rows.map(([word, others]) => [word, new Set(others.split("|"))]));
}

function add(found: Set<Effect>, effects: readonly Effect[]): void {
  for (const effect of effects) found.add(effect);
}

function tooLong(length: number): WritError<EffectErrorCode> {
  return new WritError({
    code: "EFFECT_TEXT_TOO_LONG",
    message: `a text of ${length} characters is too long to be judged`,
    reason: `effects are recognised in texts of at most ${EFFECT_TEXT_MAX} characters`,
    next: "describe the action shortly and attach the rest as evidence",
    details: { length, limit: EFFECT_TEXT_MAX },
  });
}
