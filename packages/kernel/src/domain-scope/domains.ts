import { compareCodeUnits } from "@writ/canon";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** Which hosts a programme's text puts in scope (spec kernel.md §10.1); every list is sorted and without repeats. */
export interface ScopeDomains {
  readonly exact: readonly string[];
  /** Each covers itself and everything below it. */
  readonly suffix: readonly string[];
  readonly exclude_exact: readonly string[];
  readonly exclude_suffix: readonly string[];
}

/** Longest text that is read for domains, in UTF-16 code units. */
export const SCOPE_TEXT_MAX = 1_048_576;

/** Reads the domains named in a scope text; everything after the first exclusion heading is excluded. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseScopeDomains(text: string): ScopeDomains {
  if (text.length > SCOPE_TEXT_MAX) throw recordRefusal("scope_text_too_long", 12);
  const cut = exclusionStart(text);
  const included = namedDomains(text.slice(0, cut));
  const excluded = namedDomains(text.slice(cut));
  return {
    exact: sorted(included.exact.difference(excluded.exact)),
    suffix: sorted(included.suffix.difference(excluded.suffix)),
    exclude_exact: sorted(excluded.exact),
    exclude_suffix: sorted(excluded.suffix),
  };
}

/** Exclusions win over inclusions; no host at all is out of scope. */
export function isHostInScope(host: string, domains: ScopeDomains): boolean {
  const name = stripSpace(host.toLowerCase());
  if (name === "") return false;
  const covered = (suffix: string): boolean => name === suffix || name.endsWith(`.${suffix}`);
  if (domains.exclude_exact.includes(name) || domains.exclude_suffix.some(covered)) return false;
  return domains.exact.includes(name) || domains.suffix.some(covered);
}

const EXCLUSION = /\n(?:out of scope|scope exclusions)[\n:]/i;
/** Labels are bounded, so that a long run of dots and letters is read once. */
const DOMAIN = /(?:\*\.)?(?:[a-z0-9-]{1,255}\.){1,127}[a-z]{2,255}/gi;

function exclusionStart(text: string): number {
  const found = text.search(EXCLUSION);
  return found === -1 ? text.length : found;
}

function namedDomains(text: string): { readonly exact: Set<string>; readonly suffix: Set<string> } {
  const found = { exact: new Set<string>(), suffix: new Set<string>() };
  // A word longer than any domain name cannot name one, and would make the search slow.
  for (const word of text.split(/[^a-z0-9.*-]+/i)) {
    if (word.length > 1_024) throw recordRefusal("scope_text_word_too_long", 12);
    for (const [match] of word.matchAll(DOMAIN)) {
      const name = match.toLowerCase();
      if (name.startsWith("*.")) found.suffix.add(name.slice(2));
      else found.exact.add(name);
    }
  }
  return found;
}

function sorted(names: Set<string>): readonly string[] {
  return [...names].toSorted(compareCodeUnits);
}
