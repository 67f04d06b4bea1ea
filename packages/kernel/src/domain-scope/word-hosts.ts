import { compareCodeUnits } from "@writ/canon";
import { directHost } from "./hosts.ts";

/** Which hosts one word names. */
export type HostReader = (word: string) => readonly string[];

/** The hosts that words name, sorted and without repeats. */
export function shapeHosts(words: readonly string[]): readonly string[] {
  return sortedSet(words.flatMap(wordHosts).filter((host) => host !== ""));
}

/** The host a word stands for; of a flag, what stands behind `=`, `-H` or at its URL (spec kernel.md §10.2, artifact library). */
export function wordHosts(word: string): readonly string[] {
  const text = word
    .trim()
    .replace(/^-H\s*/, "")
    .replace(HEADER, "");
  if (text.startsWith("-")) {
    const value = /^-[^=]*=(.*)$/s.exec(text)?.[1] ?? /https?:\/\/.*$/is.exec(text)?.[0] ?? "";
    return value === "" || value.startsWith("-") ? [] : wordHosts(value);
  }
  if (/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(text)) return [directHost(text)];
  if (text.includes("@")) return [];
  return [dottedName(text)];
}

/** A name with a dot alone, of letters, digits and hyphens, and never beside an `@`. */
export function plainHosts(word: string): readonly string[] {
  const text = word.trim().replace(HEADER, "");
  if (text.startsWith("-") || text.includes("@") || /^file:/i.test(text)) return [];
  return [dottedName(text)];
}

const HEADER = /^(?:host|origin|referer|authority):\s*/i;

function dottedName(text: string): string {
  const host = directHost(text.replace(/^\*\./, ""));
  return host.includes(".") && /^[a-z0-9.-]+$/.test(host) ? host : "";
}

export function sortedSet(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)].toSorted(compareCodeUnits);
}
