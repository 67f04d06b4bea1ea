import { compareCodeUnits } from "@writ/canon";
import { hasSpace, stripSpace } from "../compat/python-text.ts";
import { authorityHost, directHost, urlHost } from "./hosts.ts";

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
    .replace(HEADER, "")
    .trim();
  if (text.startsWith("-")) {
    const value = /^-[^=]*=(.*)$/s.exec(text)?.[1] ?? /https?:\/\/.*$/is.exec(text)?.[0] ?? "";
    return value === "" || value.startsWith("-") ? [] : wordHosts(value);
  }
  if (/^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(text)) return [directHost(text).replace(WILDCARD, "")];
  if (text.includes("@")) return [];
  return [dottedName(text)];
}

/** A name with a dot alone, of letters, digits and hyphens: what the artifact library reads out of a word (spec kernel.md §10.2). */
export function plainHosts(word: string): readonly string[] {
  const text = stripSpace(stripSpace(word).replace(HEADER, ""));
  const host = (urlHost(text) || bareHost(text)).replace(WILDCARD, "");
  return host.includes(".") && /^[a-z0-9.-]+$/.test(host) ? [host] : [];
}

/** Quotes, brackets and the like around a bare name are not its own; beside an `@` and behind a dash there is none. */
function bareHost(text: string): string {
  if (text.includes("://")) return "";
  const name = withoutMarks(text);
  if (name.startsWith("-") || name.includes("@")) return "";
  const authority = /^[^/?#]*/.exec(name)?.[0] ?? "";
  if (/[[\]]/.test(authority)) return authorityHost(authority, false);
  const host = stripSpace(authority.split(":")[0] ?? "");
  return hasSpace(host.replaceAll(/[\t\r\n]/g, "")) ? "" : authorityHost(host, false);
}

const MARKS = "\"'`()[]{}<>,;";

function withoutMarks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && MARKS.includes(text.charAt(start))) start++;
  while (start < end && MARKS.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

const WILDCARD = /^\*\./;
const HEADER = /^(?:host|origin|referer|authority):/i;

function dottedName(text: string): string {
  const host = directHost(text.replace(WILDCARD, ""));
  return host.includes(".") && /^[a-z0-9.-]+$/.test(host) ? host : "";
}

export function sortedSet(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)].toSorted(compareCodeUnits);
}
