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
  return authorityHost(trimmed);
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

function authorityHost(rest: string): string {
  const authority = /^[^/?#\\]*/.exec(rest)?.[0] ?? "";
  const place = authority.slice(authority.lastIndexOf("@") + 1);
  if (!place.includes("[") && !place.includes("]")) return (place.split(":")[0] ?? "").toLowerCase();
  const address = /^\[([0-9a-f:.%]+)\](?::\d*)?$/i.exec(place)?.[1];
  if (address === undefined) throw recordRefusal("malformed_host", 14);
  return address.toLowerCase();
}

function bareDomains(text: string): readonly string[] {
  return text
    .split(/[^a-z0-9.-]+/i)
    .filter((word) => word.length <= 253 && /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i.test(word))
    .map((word) => word.toLowerCase());
}

function checkLength(text: string): void {
  if (text.length > HOST_TEXT_MAX) throw recordRefusal("host_text_too_long", 14);
}
