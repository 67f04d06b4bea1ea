import { hasSpace, SPACES, stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** Longest text that is searched for hosts, in UTF-16 code units. */
export const HOST_TEXT_MAX = 65_536;

/** The host of a URL, or of a bare name with a dot in it; else empty (spec kernel.md §10.2). Lower case, without port and user. */
export function directHost(text: string): string {
  checkLength(text);
  const stripped = stripSpace(text);
  const host = urlHost(stripped);
  if (host !== "" || stripped.includes("://") || !stripped.includes(".") || hasSpace(stripped)) return host;
  return authorityHost(stripped, false);
}

/** The host of a text that begins as a URL does, with or without a scheme; else empty. Throws `GOVERNANCE_RECORD_INVALID`. */
export function urlHost(text: string): string {
  const start = URL_START.exec(text);
  if (start !== null) return authorityHost(text.slice(start[0].length));
  // Some readers drop line ends and tabs and see a URL then, others do not.
  if (URL_START.test(text.replaceAll(/[\t\r\n]/g, ""))) throw recordRefusal("malformed_host", 14);
  return "";
}

/** The lines a reader of standard input may see, whatever it takes for the end of one. */
export function inputLines(text: string): readonly string[] {
  return text.split(LINE_END);
}

/** Every host a free text speaks of in its order, the direct one first, without repeats. */
export function extractHosts(text: string): readonly string[] {
  checkLength(text);
  const stripped = stripSpace(text);
  if (/^file:\/\//i.test(stripped)) return [];
  const hosts = new Set([directHost(stripped)]);
  const bare = !/[/\\]/.test(stripped) || /host:/i.test(stripped);
  for (const { groups } of stripped.matchAll(HOST_WORD)) {
    const word = (groups?.["url"] ?? (bare ? groups?.["name"] : undefined) ?? "").toLowerCase();
    hosts.add(directHost(word) || word);
  }
  hosts.delete("");
  return [...hosts];
}

/** URLs inside another URL's text, which a reader of whole words does not see. */
export function nestedUrlHosts(text: string): readonly string[] {
  checkLength(text);
  const starts = [...text.matchAll(/https?:\/\//gi)].map(({ index }) => index);
  return starts.slice(1).map((start) => directHost(/^[^\s"'<>&]+/.exec(text.slice(start))?.[0] ?? ""));
}

/** The host a header names, be it an address or a single label, which a reader of domain names does not see. */
export function headerHosts(text: string): readonly string[] {
  checkLength(text);
  const value = HEADER.exec(text.trim())?.[1];
  if (value === undefined) return [];
  const host = directHost(value) || authorityHost(value, false);
  return host === "" ? [] : [host];
}

const URL_START = /^[a-z][a-z0-9+.-]*:\/\/|^\/\//i;

/** What belongs to a word for the reference: letters, numbers and `_`. */
const WORD = "[\\p{L}\\p{N}_]";
/** Letters of a name in any case; the last two are in the range `a-z` to a reader that folds them. */
const LETTERS = "a-z\\u0130\\u0131";
/** A URL, or a domain name between two ends of words. Labels are bounded, so that a long run of them is read in linear time. */
const HOST_WORD = new RegExp(
  `(?<url>https?://[^${SPACES}"'<>]+)|` +
    `(?:(?<!${WORD})(?!-)|(?<=${WORD})(?=-))(?<name>(?:[${LETTERS}0-9-]{1,255}\\.){1,127}[${LETTERS}]{2,255})(?!${WORD})`,
  "giu",
);

const HEADER = /^(?:-H\s*|--header[= ])?:?(?:host|origin|referer|authority|x-forwarded-host):\s*(\S+)/i;

// oxlint-disable-next-line no-control-regex -- the separators are control characters
const LINE_END = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex -- readers drop them, each in its own way
const CONTROL = /[\u0000-\u001f\u007f]/;

/** The host of what stands behind `//`, up to the path. Throws `GOVERNANCE_RECORD_INVALID` where readers of URLs disagree. */
export function authorityHost(rest: string, url = true): string {
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? "";
  // Readers of URLs disagree where such an authority ends, so that it has no one host.
  if (CONTROL.test(authority) || (url && authority.includes("\\")) || hidesDelimiter(authority))
    throw recordRefusal("malformed_host", 14);
  const place = authority.slice(authority.lastIndexOf("@") + 1);
  if (!place.includes("[") && !place.includes("]")) return stripSpace((place.split(":")[0] ?? "").toLowerCase());
  const address = /^\[([0-9a-f:.%]+)\](?::\d*)?$/i.exec(place)?.[1];
  if (address === undefined) throw recordRefusal("malformed_host", 14);
  return address.toLowerCase();
}

/** Characters that only compatibility normalisation turns into a delimiter. */
function hidesDelimiter(authority: string): boolean {
  const plain = authority.replaceAll(/[@:#?]/g, "");
  return /[/?#@:]/.test(plain.normalize("NFKC"));
}

function checkLength(text: string): void {
  if (text.length > HOST_TEXT_MAX) throw recordRefusal("host_text_too_long", 14);
}
