import { recordRefusal } from "../control/record-refusal.ts";

/** Longest text that is searched for hosts, in UTF-16 code units. */
export const HOST_TEXT_MAX = 65_536;

/** The host of a URL, or of a bare name with a dot in it; else empty (spec kernel.md §10.2). Lower case, without port and user. */
export function directHost(text: string): string {
  checkLength(text);
  const trimmed = text.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\/|^\/\//i.exec(trimmed);
  if (url !== null) return authorityHost(trimmed.slice(url[0].length));
  if (trimmed.includes("://") || !trimmed.includes(".") || /\s/.test(trimmed)) return "";
  return authorityHost(trimmed, false);
}

/** The lines a reader of standard input may see, whatever it takes for the end of one. */
export function inputLines(text: string): readonly string[] {
  return text.split(LINE_END);
}

/** Every host a free text speaks of, the direct one first, without repeats. */
export function extractHosts(text: string): readonly string[] {
  checkLength(text);
  const trimmed = text.trim();
  if (/^file:\/\//i.test(trimmed)) return [];
  const hosts = new Set([directHost(trimmed)]);
  for (const [url] of trimmed.matchAll(/https?:\/\/[^\s"'<>]+/gi)) hosts.add(directHost(url));
  const bare = !/[/\\]/.test(trimmed) || /host:/i.test(trimmed);
  if (bare) for (const host of bareDomains(trimmed)) hosts.add(host);
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

const HEADER = /^(?:-H\s*|--header[= ])?:?(?:host|origin|referer|authority|x-forwarded-host):\s*(\S+)/i;

// oxlint-disable-next-line no-control-regex -- the separators are control characters
const LINE_END = /\r\n|[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex -- readers drop them, each in its own way
const CONTROL = /[\u0000-\u001f\u007f]/;

function authorityHost(rest: string, url = true): string {
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? "";
  // Readers of URLs disagree where such an authority ends, so that it has no one host.
  if (CONTROL.test(authority) || (url && authority.includes("\\")) || hidesDelimiter(authority))
    throw recordRefusal("malformed_host", 14);
  const place = authority.slice(authority.lastIndexOf("@") + 1);
  if (!place.includes("[") && !place.includes("]")) return (place.split(":")[0] ?? "").toLowerCase();
  const address = /^\[([0-9a-f:.%]+)\](?::\d*)?$/i.exec(place)?.[1];
  if (address === undefined) throw recordRefusal("malformed_host", 14);
  return address.toLowerCase();
}

/** Characters that only compatibility normalisation turns into a delimiter. */
function hidesDelimiter(authority: string): boolean {
  const plain = authority.replaceAll(/[@:#?]/g, "");
  return /[/?#@:]/.test(plain.normalize("NFKC"));
}

function bareDomains(text: string): readonly string[] {
  return text
    .split(/[^a-z0-9.-]+/i)
    .map((word) => word.replace(/\.+$/, ""))
    .filter((word) => word.length <= 253 && /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(word))
    .map((word) => word.toLowerCase());
}

function checkLength(text: string): void {
  if (text.length > HOST_TEXT_MAX) throw recordRefusal("host_text_too_long", 14);
}
