import type { Span } from "./span.ts";

/**
 * Runs of text that look random: secrets whose form nobody listed (spec kernel.md §27 no. 17). Words, paths, versions,
 * UUIDs, times and digests are not.
 */
export function randomSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const masked = text.replaceAll(PUBLIC, (found) => " ".repeat(found.length));
  for (const { 0: run, index } of masked.matchAll(/[A-Za-z0-9+/_~-]{16,}={0,2}/g)) {
    for (const part of partsOf(run)) {
      if (looksRandom(part.text)) spans.push({ start: index + part.start, end: index + part.start + part.text.length });
    }
  }
  return spans;
}

/** UUIDs, times, digests by their prefix or their length in hex, public keys of SSH. */
const PUBLIC =
  /(?<![A-Za-z0-9])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}|\d{4}-\d\d-\d\dT\d\d[:-]\d\d[:-]\d\d(?:\.\d{1,9})?Z?|(?:sha(?:1|256|384|512)|md5)[:-][A-Za-z0-9+/]{16,128}={0,2}|h1:[A-Za-z0-9+/]{43}=|ssh-[a-z0-9]{3,8} [A-Za-z0-9+/]{16,1024}={0,2})(?![A-Za-z0-9])/gi;

/** Whether one run of characters looks random. */
export function looksRandom(run: string): boolean {
  if (/^[0-9a-f]+$/i.test(run)) return isSecretHex(run);
  if (run.length < LENGTH_MIN) return false;
  const letters = run.match(/[A-Za-z]/g)?.length ?? 0;
  if (letters < LETTERS_MIN || entropy(run) < ENTROPY_MIN) return false;
  return isBroken(run);
}

/** Shorter runs carry too little: 16 random characters are told from a name by luck only. */
const LENGTH_MIN = 20;
/** Times and versions have fewer. */
const LETTERS_MIN = 5;
/** Bits a character; words repeat their letters, 20 random characters of base 32 have about 3.8. */
const ENTROPY_MIN = 3;

/** Bare hex of 32 digits or more is a key at many issuers; of 40, 64, 96 and 128 it is a commit or a digest. */
function isSecretHex(run: string): boolean {
  if (run.length < 32 || [40, 64, 96, 128].includes(run.length)) return false;
  return /\d/.test(run) && /[a-f]/i.test(run) && entropy(run) >= 2.5;
}

/** Shannon entropy in bits a character. */
function entropy(run: string): number {
  const counts = new Map<string, number>();
  for (const character of run) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / run.length) * Math.log2(count / run.length);
  return bits;
}

/** Names fall into words; random text changes between letters, cases and digits every other character. */
function isBroken(run: string): boolean {
  const pieces = run.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0) / Math.max(pieces.length, 1);
  const single = pieces.filter((piece) => /^[A-Za-z]$/.test(piece)).length;
  const digits = pieces.filter((piece) => /^\d/.test(piece)).length;
  const mixed = /[a-z]/.test(run) && /[A-Z]/.test(run);
  if (mixed && digits === 0) return length <= 2.4;
  if (mixed) return length <= 2.9 || (single >= 3 && run.length >= 32) || (digits > 1 && length <= 4 && isDense(run));
  // No word of one case is that long.
  if (run.length >= 32 && !/[_/-]/.test(run)) return true;
  return (digits > 0 && length <= 2.7) || (digits >= 3 && !/[_/-]/.test(run) && length <= 4.5);
}

/** Hardly a character twice: English repeats its own after a few. */
function isDense(run: string): boolean {
  return entropy(run) / Math.log2(run.length) >= 0.88;
}

interface Part {
  readonly text: string;
  readonly start: number;
}

/** The run, and the pieces between its separators: a name in front must not hide what follows. */
function partsOf(run: string): readonly Part[] {
  const parts: Part[] = [{ text: run, start: 0 }];
  for (const { 0: text, index } of run.matchAll(/[A-Za-z0-9+~]{16,}/g)) {
    if (text.length < run.length) parts.push({ text, start: index });
  }
  return parts;
}
