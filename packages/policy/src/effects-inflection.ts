/** The forms of one English verb, lower case. `base` and `third` may look like nouns; the others rarely do. */
export interface VerbForms {
  readonly base: string;
  readonly third: string;
  readonly past: readonly string[];
  readonly gerund: string;
}

/**
 * Forms of a verb written as `pay:paid`, `write:wrote:written` (irregular pasts), `ship+` (doubles its last letter),
 * or `delete` (regular).
 */
export function inflect(entry: string): VerbForms {
  const [head = "", ...irregular] = entry.split(":");
  const doubled = head.endsWith("+");
  const base = doubled ? head.slice(0, -1) : head;
  const stem = doubled ? base + base.slice(-1) : base;
  return {
    base,
    third: thirdPerson(base),
    past: irregular.length > 0 ? irregular : [regularPast(stem, doubled)],
    gerund: gerund(stem, doubled),
  };
}

/** All forms at once. */
export function allForms(entry: string): readonly string[] {
  const { base, third, past, gerund: ing } = inflect(entry);
  return [base, third, ...past, ing];
}

const SIBILANT = /(?:s|x|z|ch|sh)$/u;
const CONSONANT_Y = /[^aeiou]y$/u;
const DROPPED_E = /[^eoy]e$/u;

function thirdPerson(base: string): string {
  if (base.endsWith("z") && base.length < 4) return `${base}zes`;
  if (SIBILANT.test(base) || base.endsWith("o")) return `${base}es`;
  if (CONSONANT_Y.test(base)) return `${base.slice(0, -1)}ies`;
  return `${base}s`;
}

function regularPast(stem: string, doubled: boolean): string {
  if (doubled) return `${stem}ed`;
  if (stem.endsWith("e")) return `${stem}d`;
  if (CONSONANT_Y.test(stem)) return `${stem.slice(0, -1)}ied`;
  return `${stem}ed`;
}

function gerund(stem: string, doubled: boolean): string {
  if (!doubled && DROPPED_E.test(stem)) return `${stem.slice(0, -1)}ing`;
  return `${stem}ing`;
}
